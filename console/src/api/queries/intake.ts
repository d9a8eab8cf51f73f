import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';
import type { NewFolder, NewPull } from '../shapes';

/** What comes in by itself is looked at while somebody looks at it. */
const LOOK_EVERY_MS = 5_000;

export type Kind = 'pulls' | 'folders';

export function usePulls() {
  return useQuery({
    queryKey: ['intake', 'pulls'],
    queryFn: ({ signal }) => answer(api.GET('/api/pulls', { signal })),
    refetchInterval: LOOK_EVERY_MS,
  });
}

export function useFolders() {
  return useQuery({
    queryKey: ['intake', 'folders'],
    queryFn: ({ signal }) => answer(api.GET('/api/folders', { signal })),
    refetchInterval: LOOK_EVERY_MS,
  });
}

/** The runs of a pull that found something new or failed, newest first. */
export function usePullRuns(name: string) {
  return useQuery({
    queryKey: ['intake', 'pulls', name],
    queryFn: ({ signal }) => answer(api.GET('/api/pulls/{name}/runs', { params: { path: { name } }, signal })),
    refetchInterval: LOOK_EVERY_MS,
  });
}

/** The files of a watched folder, the last seen first. */
export function useWatchedFiles(name: string) {
  return useQuery({
    queryKey: ['intake', 'folders', name],
    queryFn: ({ signal }) => answer(api.GET('/api/folders/{name}/files', { params: { path: { name } }, signal })),
    refetchInterval: LOOK_EVERY_MS,
  });
}

export function useTemplates(enabled: boolean) {
  return useQuery({
    queryKey: ['templates'],
    queryFn: ({ signal }) => answer(api.GET('/api/imports/templates', { signal })),
    enabled,
    staleTime: Infinity,
  });
}

export function useAddPull() {
  return useChanging((body: NewPull) => answer(api.POST('/api/pulls', { body })));
}

export function useAddFolder() {
  return useChanging((body: NewFolder) => answer(api.POST('/api/folders', { body })));
}

/** Run a pull, or look at a folder, at once. */
export function useRunNow(kind: Kind, name: string) {
  const params = { params: { path: { name } } };
  return useChanging(() =>
    answer(kind === 'pulls' ? api.POST('/api/pulls/{name}/run', params) : api.POST('/api/folders/{name}/run', params)),
  );
}

export function usePause(kind: Kind, name: string) {
  const path = { path: { name } };
  return useChanging<boolean, unknown>((is_paused) =>
    kind === 'pulls'
      ? answer(api.PATCH('/api/pulls/{name}', { params: path, body: { is_paused } }))
      : answer(api.PATCH('/api/folders/{name}', { params: path, body: { is_paused } })),
  );
}

/** Forget a pull or a folder; what it brought in stays. Told once it is gone, to leave a page that has lost its object. */
export function useForget(kind: Kind, name: string, onGone: () => void) {
  const client = useQueryClient();
  const params = { params: { path: { name } } };
  return useMutation({
    mutationFn: async () => {
      if (kind === 'pulls') await answer(api.DELETE('/api/pulls/{name}', params));
      else await answer(api.DELETE('/api/folders/{name}', params));
    },
    onSuccess: () => {
      onGone();
      return client.invalidateQueries({ queryKey: ['intake'], refetchType: 'none' }); // the page still stands, and would ask
    },
  });
}

function useChanging<Asked, Told>(ask: (asked: Asked) => Promise<Told>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: ask, onSuccess: () => client.invalidateQueries({ queryKey: ['intake'] }) });
}
