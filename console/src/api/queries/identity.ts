import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';
import type { components } from '../schema';

type Schemas = components['schemas'];
export type Wish = Partial<Schemas['WishAsked']> & Pick<Schemas['WishAsked'], 'kind'>;
export type Verdict = Schemas['VerdictAsked']['verdict'];
export type ReviewState = Schemas['ReviewState'];

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
      return { ...checked, found: await answer(api.POST('/api/identity/simulate', { body: { text, people: [] } })) };
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

/** What was decided by hand about who is who, the newest first. */
export function useDecisions({ enabled = true }: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: ['decisions'],
    enabled,
    queryFn: ({ signal }) => answer(api.GET('/api/identity/decisions', { signal })),
  });
}

/** What a decision would change; nothing is written. */
export function usePreviewDecision() {
  return useMutation({ mutationFn: (wish: Wish) => answer(api.POST('/api/identity/decisions/preview', { body: wish as Schemas['WishAsked'] })) });
}

// What is decided changes the log, and a pair of the queue with it; people change with the next build only.
function useDecided<Asked, Told>(decide: (asked: Asked) => Promise<Told>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: decide,
    onSuccess: () => Promise.all([['decisions'], ['review']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

export function useDecide() {
  return useDecided((asked: Wish & { reason: string }) =>
    answer(api.POST('/api/identity/decisions', { body: asked as Schemas['DecisionAsked'] })),
  );
}

/** Pairs that may be one person's. */
export function useReview(state: ReviewState) {
  return useQuery({
    queryKey: ['review', state],
    queryFn: ({ signal }) => answer(api.GET('/api/identity/review', { params: { query: { state } }, signal })),
  });
}

export function useFindPairs() {
  return useDecided(() => answer(api.POST('/api/identity/review/find')));
}

interface PairAsked {
  number: number;
  verdict: Verdict;
  accounts_too: boolean;
}

/** What accepting or refusing a pair would change. */
export function usePreviewPair() {
  return useMutation({
    mutationFn: ({ number, ...body }: PairAsked) =>
      answer(api.POST('/api/identity/review/{number}/preview', { params: { path: { number } }, body })),
  });
}

export function useDecidePair() {
  return useDecided(({ number, ...body }: PairAsked & { reason: string }) =>
    answer(api.POST('/api/identity/review/{number}', { params: { path: { number } }, body })),
  );
}
