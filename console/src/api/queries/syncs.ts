import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';
import type { NewSync } from '../shapes';

/** The syncs, the newest first. */
export function useSyncs() {
  return useQuery({ queryKey: ['syncs'], queryFn: ({ signal }) => answer(api.GET('/api/syncs', { signal })) });
}

/** One sync, what its receiver was told, and when identifiers left. */
export function useSync(sync: number) {
  return useQuery({
    queryKey: ['syncs', sync],
    queryFn: ({ signal }) => answer(api.GET('/api/syncs/{sync}', { params: { path: { sync } }, signal })),
  });
}

/** Receivers, databases, purposes and kinds of identifiers that there are here. */
export function useSyncChoices({ enabled }: { enabled: boolean }) {
  return useQuery({
    queryKey: ['sync-choices'],
    enabled,
    queryFn: ({ signal }) => answer(api.GET('/api/syncs/choices', { signal })),
  });
}

/** What uses an audience. */
export function useAudienceUses(audience: number) {
  return useQuery({
    queryKey: ['uses', { audience }],
    queryFn: ({ signal }) => answer(api.GET('/api/syncs/uses', { params: { query: { audience } }, signal })),
  });
}

/** What uses a tag. */
export function useTagUses(tag: string) {
  return useQuery({
    queryKey: ['uses', { tag }],
    queryFn: ({ signal }) => answer(api.GET('/api/syncs/uses', { params: { query: { tag } }, signal })),
  });
}

export function useAddSync() {
  const kept = useKept();
  return useMutation({ mutationFn: (body: NewSync) => answer(api.POST('/api/syncs', { body })), onSuccess: kept });
}

/** Pause a sync, or let it go on. */
export function usePauseSync(sync: number) {
  const kept = useKept();
  return useMutation({
    mutationFn: (is_paused: boolean) => answer(api.PATCH('/api/syncs/{sync}', { params: { path: { sync } }, body: { is_paused } })),
    onSuccess: kept,
  });
}

/** Approve a sync, or refuse it. */
export function useDecideSync(sync: number) {
  const kept = useKept();
  return useMutation({
    mutationFn: (is_approved: boolean) =>
      answer(api.POST('/api/syncs/{sync}/decision', { params: { path: { sync } }, body: { is_approved } })),
    onSuccess: kept,
  });
}

/** Begin to tell the receiver; answers the job. */
export function useRunSync(sync: number) {
  const kept = useKept();
  return useMutation({
    mutationFn: () => answer(api.POST('/api/syncs/{sync}/run', { params: { path: { sync } } })),
    onSettled: kept,
  });
}

export function useDeleteSync() {
  const kept = useKept();
  return useMutation({
    mutationFn: (sync: number) => answer(api.DELETE('/api/syncs/{sync}', { params: { path: { sync } } })),
    onSuccess: kept,
  });
}

function useKept() {
  const client = useQueryClient();
  return () =>
    Promise.all(['syncs', 'uses', 'jobs'].map((key) => client.invalidateQueries({ queryKey: [key] })));
}
