import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';
import type { SavedAudience } from '../shapes';

/** Who came and went in a saved audience, by build and cause. */
export function useChanges({ audience, changed_at }: SavedAudience) {
  return useQuery({
    queryKey: ['changes', audience, changed_at],
    queryFn: ({ signal }) => answer(api.GET('/api/audiences/{audience}/changes', { params: { path: { audience } }, signal })),
  });
}

/** Makes a dynamic audience a fixed one. */
export function useFreeze() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (audience: number) =>
      answer(api.POST('/api/audiences/{audience}/freeze', { params: { path: { audience } } })),
    onSuccess: (saved) => {
      client.setQueryData(['audience', saved.audience], saved);
      return client.invalidateQueries();
    },
  });
}

/** How two to six saved audiences overlap. */
export function useOverlap(audience: number[]) {
  return useQuery({
    queryKey: ['overlap', audience],
    enabled: audience.length >= 2,
    queryFn: ({ signal }) => answer(api.GET('/api/audiences/overlap', { params: { query: { audience } }, signal })),
  });
}
