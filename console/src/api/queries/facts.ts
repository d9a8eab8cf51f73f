import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';

/** The traits of somebody, each with all that was said of it. */
export function useTraits(person: string) {
  return useQuery({
    queryKey: ['traits', person],
    queryFn: ({ signal }) => answer(api.GET('/api/people/{person}/traits', { params: { path: { person } }, signal })),
  });
}

/** How far traits are known, and how well sources agree on them. */
export function useFactReport() {
  return useQuery({ queryKey: ['facts'], queryFn: ({ signal }) => answer(api.GET('/api/facts/report', { signal })) });
}

/** The people whose trait is disputed, the least certain first, page after page. */
export function useDisputed(trait: string) {
  return useInfiniteQuery({
    queryKey: ['facts', 'disputed', trait],
    enabled: trait !== '',
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      answer(api.GET('/api/facts/disputed/{trait}', { params: { path: { trait }, query: { cursor: pageParam } }, signal })),
    getNextPageParam: (page) => page.next,
  });
}

/** The rules by which facts are checked. */
export function useFactRules() {
  return useQuery({ queryKey: ['fact-rules'], queryFn: ({ signal }) => answer(api.GET('/api/facts/rules', { signal })) });
}

/** In what rules differ from those that hold; nothing is written. */
export const checkFactRules = (text: string, signal: AbortSignal) =>
  answer(api.POST('/api/facts/rules/check', { body: { text }, signal }));

export function useApplyFactRules() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (text: string) => answer(api.PUT('/api/facts/rules', { body: { text } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['fact-rules'] }),
  });
}
