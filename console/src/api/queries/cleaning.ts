import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';

/** The rules by which data are judged. */
export function useCleaningRules() {
  return useQuery({ queryKey: ['cleaning-rules'], queryFn: ({ signal }) => answer(api.GET('/api/clean/rules', { signal })) });
}

export const checkCleaningRules = (text: string, signal: AbortSignal) =>
  answer(api.POST('/api/clean/rules/check', { body: { text }, signal }));

/** Alerts are judged by the rules at once, flags by the next check. */
export function useApplyCleaningRules() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (text: string) => answer(api.PUT('/api/clean/rules', { body: { text } })),
    onSuccess: () => Promise.all([['cleaning-rules'], ['quality']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
