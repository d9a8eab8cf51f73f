import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import { answer, api } from '../client';
import type { ConditionTree } from '../shapes';

/** How many people meet a condition; an older question is given up as soon as a newer one is asked. */
export function useSize(condition: string, { enabled = true }: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: ['size', condition],
    enabled: enabled && condition.trim() !== '',
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => answer(api.POST('/api/audiences/size', { body: { condition }, signal })),
  });
}

/** How many people meet each clause of a condition by itself. */
export function useClauses(condition: string, { enabled }: { enabled: boolean }) {
  return useQuery({
    queryKey: ['clauses', condition],
    enabled: enabled && condition.trim() !== '',
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => answer(api.POST('/api/audiences/clauses', { body: { condition }, signal })),
  });
}

/** What is wrong with a condition, and where. */
export function useCheck(condition: string) {
  return useQuery({
    queryKey: ['check', condition],
    enabled: condition.trim() !== '',
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => answer(api.POST('/api/audiences/check', { body: { condition }, signal })),
  });
}

/** The text of a condition in parts, and what is wrong with it: what a check of that text would tell. */
export function useWritten(tree: ConditionTree | null, { enabled = true }: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: ['written', tree],
    enabled,
    queryFn:
      tree === null
        ? skipToken
        : async ({ signal, client }) => {
            const told = await answer(api.POST('/api/audiences/write', { body: { tree }, signal }));
            client.setQueryData(['check', told.text], told);
            return told;
          },
  });
}

/** Ready audiences, with how many people each holds now. */
export function useTemplates() {
  return useQuery({
    queryKey: ['templates'],
    queryFn: ({ signal }) => answer(api.GET('/api/audience-templates', { signal })),
  });
}

/** The names that a condition may use. */
export function useVocabulary() {
  return useQuery({
    queryKey: ['vocabulary'],
    staleTime: 300_000,
    queryFn: ({ signal }) => answer(api.GET('/api/vocabulary', { signal })),
  });
}

/** What the people of an audience have more often than everybody. */
export function useInsight(condition: string, { enabled = true }: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: ['insight', condition],
    enabled: enabled && condition.trim() !== '',
    queryFn: ({ signal }) => answer(api.POST('/api/audiences/insight', { body: { condition, limit: 5 }, signal })),
  });
}

/** How tags lie over two audiences; an empty condition means everybody. */
export function useComparison(first: string, second: string, tags: readonly string[]) {
  return useQuery({
    queryKey: ['comparison', first, second, tags],
    enabled: first.trim() !== '',
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      answer(api.POST('/api/audiences/compare', { body: { first, second, tags: [...tags] }, signal })),
  });
}
