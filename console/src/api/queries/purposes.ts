import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../client';

/** What data may be used for here, each with its legal basis. */
export function usePurposes() {
  return useQuery({
    queryKey: ['purposes'],
    staleTime: 300_000,
    queryFn: ({ signal }) => answer(api.GET('/api/purposes', { signal })),
  });
}
