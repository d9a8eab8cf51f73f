import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answer, api } from '../client';

export function useOverview(range: { from?: string; to?: string }) {
  return useQuery({
    queryKey: ['overview', range],
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
    queryFn: ({ signal }) => answer(api.GET('/api/overview', { params: { query: range }, signal })),
  });
}
