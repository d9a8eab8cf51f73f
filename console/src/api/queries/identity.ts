import { useQuery } from '@tanstack/react-query';
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
