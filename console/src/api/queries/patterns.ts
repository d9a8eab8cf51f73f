import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';
import type { Mining } from '../shapes';

/** All patterns: the kept ones, those of the last run of mining, the ready ones. */
export function usePatterns() {
  return useQuery({ queryKey: ['patterns'], queryFn: ({ signal }) => answer(api.GET('/api/patterns', { signal })) });
}

/** One pattern, and how many people came to each of its steps. */
export function usePattern(pattern: string) {
  return useQuery({
    queryKey: ['patterns', pattern],
    queryFn: ({ signal }) => answer(api.GET('/api/patterns/{pattern}', { params: { path: { pattern } }, signal })),
  });
}

/** Mines history, as a job. */
export function useMine() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Mining) => answer(api.POST('/api/patterns', { body })),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  });
}

/** Keeps a pattern, or a condition, under a name. */
export function useKeepPattern() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { pattern: string; name: string }) => answer(api.POST('/api/patterns/keep', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['patterns'] }),
  });
}

/** Takes a kept pattern out of the library. */
export function useForgetPattern() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (pattern: string) => answer(api.DELETE('/api/patterns/{pattern}', { params: { path: { pattern } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['patterns'], exact: true }),
  });
}

/** Declares a tag that says who meets a pattern; the next build tells it. */
export function useTagPattern() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (pattern: string) =>
      answer(api.POST('/api/patterns/{pattern}/tag', { params: { path: { pattern } }, body: { name: '' } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tags'] }),
  });
}
