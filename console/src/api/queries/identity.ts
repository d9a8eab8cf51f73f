import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';

/** Why two identifiers are one person, or are not; of one name, what holds its person together. */
export function useExplained(a: string, b?: string, { enabled = true }: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: ['identity', a, b],
    enabled,
    queryFn: ({ signal }) => answer(api.GET('/api/identity/explain', { params: { query: b ? { a, b } : { a } }, signal })),
  });
}

/** People with more identifiers than the workspace's limit. */
export function useLargePeople() {
  return useQuery({
    queryKey: ['large'],
    queryFn: ({ signal }) => answer(api.GET('/api/identity/large', { signal })),
  });
}

/** The rules by which traces become people. */
export function useIdentityRules() {
  return useQuery({ queryKey: ['identity-rules'], queryFn: ({ signal }) => answer(api.GET('/api/identity/rules', { signal })) });
}

/** In what rules differ from those that hold, and what they would make of the past; nothing is written. */
export function useSimulateRules() {
  return useMutation({
    mutationFn: async (text: string) => {
      const checked = await answer(api.POST('/api/identity/rules/check', { body: { text } }));
      return { ...checked, found: await answer(api.POST('/api/identity/simulate', { body: { text } })) };
    },
  });
}

export function useApplyRules() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (text: string) => answer(api.PUT('/api/identity/rules', { body: { text } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['identity-rules'] }),
  });
}
