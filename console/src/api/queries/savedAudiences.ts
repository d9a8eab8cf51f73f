import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';
import type { AudienceKind, SavedAudience } from '../shapes';

/** The saved audiences with their last counts, or the deleted ones. */
export function useAudiences({ deleted = false, enabled = true }: { deleted?: boolean; enabled?: boolean } = {}) {
  return useQuery({
    queryKey: ['audiences', { deleted }],
    enabled,
    queryFn: ({ signal }) => answer(api.GET('/api/audiences', { params: { query: { deleted } }, signal })),
  });
}

export function useAudience(audience: number, { enabled = true }: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: ['audience', audience],
    enabled,
    queryFn: ({ signal }) => answer(api.GET('/api/audiences/{audience}', { params: { path: { audience } }, signal })),
  });
}

/** A saved audience counted now; the number is kept with it. */
export function useRecount(audience: number, condition: string | undefined) {
  const client = useQueryClient();
  return useQuery({
    queryKey: ['recount', audience, condition],
    enabled: condition !== undefined,
    queryFn: async ({ signal }) => {
      const counted = await answer(api.POST('/api/audiences/{audience}/size', { params: { path: { audience } }, signal }));
      void client.invalidateQueries({ queryKey: ['audiences'] });
      return counted;
    },
  });
}

/** Save under a name, or change what is saved: a number says which. */
export function useSave() {
  const kept = useKept();
  return useMutation({
    mutationFn: ({ audience, kind, ...body }: { audience: number; name: string; note: string; condition: string; kind: AudienceKind }) =>
      audience
        ? answer(api.PATCH('/api/audiences/{audience}', { params: { path: { audience } }, body }))
        : answer(api.POST('/api/audiences', { body: { ...body, kind } })),
    onSuccess: kept,
  });
}

export function useDelete() {
  const kept = useKept();
  return useMutation({
    mutationFn: (audience: number) => answer(api.DELETE('/api/audiences/{audience}', { params: { path: { audience } } })),
    onSuccess: kept,
  });
}

export function useRestore() {
  const kept = useKept();
  return useMutation({
    mutationFn: (audience: number) =>
      answer(api.POST('/api/audiences/{audience}/restore', { params: { path: { audience } } })),
    onSuccess: kept,
  });
}

function useKept() {
  const client = useQueryClient();
  return (saved: SavedAudience) => {
    client.setQueryData(['audience', saved.audience], saved);
    return client.invalidateQueries({ queryKey: ['audiences'] });
  };
}
