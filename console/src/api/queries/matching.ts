import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';

/** How records without a shared identifier are compared, if at all, and what the last run found. */
export function useMatching() {
  return useQuery({ queryKey: ['matching'], queryFn: ({ signal }) => answer(api.GET('/api/identity/matching', { signal })) });
}

export const checkMatching = (text: string, signal: AbortSignal) =>
  answer(api.POST('/api/identity/matching/check', { body: { text }, signal }));

/** Let a declaration hold; with an empty text nothing is compared any more. */
export function useApplyMatching() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (text: string) => answer(api.PUT('/api/identity/matching', { body: { text } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['matching'] }),
  });
}

/** What a version of the declaration would compare; nobody is compared. */
export function useMatchPlan(version: number) {
  return useQuery({
    queryKey: ['matching', 'plan', version],
    queryFn: ({ signal }) => answer(api.POST('/api/identity/matching/plan', { signal })),
  });
}

/** Compare, as a job; what it proposes waits for review. */
export function useRunMatching() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.POST('/api/identity/matching/run')),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  });
}
