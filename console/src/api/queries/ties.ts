import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';

/** The people to whom somebody is tied, by one kind or any, the strongest first, page after page. */
export function useTies(person: string, kind: string, { enabled = true }: { enabled?: boolean } = {}) {
  return useInfiniteQuery({
    queryKey: ['ties', person, kind],
    enabled,
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) => {
      const query = { kind: kind || undefined, cursor: pageParam };
      return answer(api.GET('/api/people/{person}/ties', { params: { path: { person }, query }, signal }));
    },
    getNextPageParam: (page) => page.next,
  });
}

/** The first and the last event behind each tie of two people. */
export function useTieEvidence(person: string, other: string) {
  return useQuery({
    queryKey: ['ties', person, 'with', other],
    enabled: other !== '',
    queryFn: ({ signal }) => answer(api.GET('/api/people/{person}/ties/{other}', { params: { path: { person, other } }, signal })),
  });
}

/** Which events tie people. */
export function useTieKinds() {
  return useQuery({ queryKey: ['ties', 'kinds'], queryFn: ({ signal }) => answer(api.GET('/api/ties/kinds', { signal })) });
}

/** What the last build found of each kind of tie. */
export function useTieSummary() {
  return useQuery({ queryKey: ['ties', 'summary'], queryFn: ({ signal }) => answer(api.GET('/api/ties/summary', { signal })) });
}

export const checkTieKinds = (text: string, signal: AbortSignal) =>
  answer(api.POST('/api/ties/kinds/check', { body: { text }, signal }));

export function useApplyTieKinds() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (text: string) => answer(api.PUT('/api/ties/kinds', { body: { text } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['ties', 'kinds'] }),
  });
}
