import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';
import type { components } from '../schema';

type Schemas = components['schemas'];

/** How good the data of all sources are, as the last check measured them. */
export function useQuality() {
  return useQuery({ queryKey: ['quality'], queryFn: ({ signal }) => answer(api.GET('/api/quality', { signal })) });
}

export function useQualityField(source: string, field: string) {
  return useQuery({
    queryKey: ['quality', 'field', source, field],
    queryFn: ({ signal }) => answer(api.GET('/api/quality/field', { params: { query: { source, field } }, signal })),
  });
}

/** The events behind a number; asked for while somebody looks. */
export function useQualityExamples(asked: { source: string; field: string; kind: string } | null) {
  return useQuery({
    queryKey: ['quality', 'examples', asked],
    enabled: asked !== null,
    queryFn: ({ signal }) => answer(api.GET('/api/quality/examples', { params: { query: asked ?? { source: '', field: '', kind: '' } }, signal })),
  });
}

/** What the cleaning rules flagged at the last check. */
export function useCleaningReport() {
  return useQuery({ queryKey: ['quality', 'report'], queryFn: ({ signal }) => answer(api.GET('/api/clean/report', { signal })) });
}

/** The newest events that a rule flagged. */
export function useFlagged(asked: { rule: string; source: string; field: string }) {
  return useQuery({
    queryKey: ['quality', 'flagged', asked],
    enabled: asked.rule !== '',
    queryFn: ({ signal }) => answer(api.GET('/api/clean/flags', { params: { query: asked }, signal })),
  });
}

/** What was filled of missing values at the last check, and how well. */
export function useFills() {
  return useQuery({ queryKey: ['quality', 'fills'], queryFn: ({ signal }) => answer(api.GET('/api/clean/fills', { signal })) });
}

/** The newest events whose gap in a field was filled. */
export function useFilled(field: string) {
  return useQuery({
    queryKey: ['quality', 'filled', field],
    enabled: field !== '',
    queryFn: ({ signal }) => answer(api.GET('/api/clean/filled', { params: { query: { field } }, signal })),
  });
}

/** Measure everything, as a job. */
export function useCheck() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.POST('/api/quality/check')),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  });
}

/** Somebody looks after an alert. */
export function useAcknowledge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: Schemas['AcknowledgedAsked']) => answer(api.PUT('/api/quality/acknowledged', { body: asked })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['quality'] }),
  });
}
