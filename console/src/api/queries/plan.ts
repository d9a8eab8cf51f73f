import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';
import type { components } from '../schema';

type Schemas = components['schemas'];

export function usePlan() {
  return useQuery({ queryKey: ['plan'], queryFn: ({ signal }) => answer(api.GET('/api/plan', { signal })) });
}

export function usePlanEvent(event: string) {
  return useQuery({
    queryKey: ['plan', 'event', event],
    queryFn: ({ signal }) => answer(api.GET('/api/plan/event', { params: { query: { event } }, signal })),
  });
}

export function useViolations() {
  return useQuery({ queryKey: ['plan', 'violations'], queryFn: ({ signal }) => answer(api.GET('/api/plan/violations', { signal })) });
}

export function useStarters() {
  return useQuery({
    queryKey: ['plan-starters'],
    queryFn: ({ signal }) => answer(api.GET('/api/plan/starters', { signal })),
    staleTime: Infinity,
  });
}

// Whatever changes the plan changes all that is told of it.
function useChange<Asked, Told>(change: (asked: Asked) => Promise<Told>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: ['plan'] }) });
}

export function useAddStarters() {
  return useChange((names: string[]) => answer(api.POST('/api/plan/starters', { body: { names } })));
}

/** What a plan would change; nothing is changed. */
export function useCheckPlan() {
  return useMutation({ mutationFn: (text: string) => answer(api.POST('/api/plan/check', { body: { text } })) });
}

export function useApplyPlan() {
  return useChange((text: string) => answer(api.PUT('/api/plan', { body: { text } })));
}

/** Plan what was seen. */
export function usePromote() {
  return useChange((asked: Pick<Schemas['PromoteAsked'], 'event' | 'property'>) => answer(api.POST('/api/plan/promote', { body: asked })));
}

/** Choose the mode of a source, or of all without one of their own. */
export function useChooseMode() {
  return useChange((asked: Schemas['ModeAsked']) => answer(api.PUT('/api/plan/mode', { body: asked })));
}

/** Judge what was kept apart by today's plan: some events by their ids, or all. */
export function useReplayPlan() {
  return useChange((only: string[]) => answer(api.POST('/api/plan/replay', { body: { only } })));
}

/** Events that are kept apart, the newest first. */
export function useKeptApart(asked: { source: string; reason: string; limit: number }) {
  return useQuery({
    queryKey: ['plan', 'apart', asked],
    queryFn: ({ signal }) => answer(api.GET('/api/plan/quarantine', { params: { query: asked }, signal })),
  });
}

/** One of them, with what it holds. */
export function useKeptApartEvent(id: string) {
  return useQuery({
    queryKey: ['plan', 'apart', 'event', id],
    enabled: id !== '',
    queryFn: ({ signal }) => answer(api.GET('/api/plan/quarantine/event', { params: { query: { id } }, signal })),
  });
}
