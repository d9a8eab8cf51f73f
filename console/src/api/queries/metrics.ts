import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useLanguage } from '@/i18n/place';
import { answer, api } from '../client';
import type { MetricsAsked } from '../shapes';

/** The dictionary of metrics, in the language of the page. */
export function useMetrics() {
  const language = useLanguage();
  return useQuery({
    queryKey: ['metrics', language],
    queryFn: ({ signal }) => answer(api.GET('/api/metrics', { signal })),
  });
}

export function useMetric(name: string) {
  const language = useLanguage();
  return useQuery({
    queryKey: ['metric', name, language],
    queryFn: ({ signal }) => answer(api.GET('/api/metrics/{name}', { params: { path: { name } }, signal })),
  });
}

/** What metrics say of a range. */
export function useMetricValues(asked: Partial<MetricsAsked> & Pick<MetricsAsked, 'names'>, { enabled = true }: { enabled?: boolean } = {}) {
  const language = useLanguage();
  return useQuery({
    queryKey: ['metricValues', asked, language],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => answer(api.POST('/api/metrics/values', { body: { grain: 'day', ...asked }, signal })),
  });
}
