import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api, OWN_PAGE, spoken, toldError } from '../client';
import type { components } from '../schema';

export type Told = components['schemas'];

export interface Upload {
  file: File;
  mapping: string;
}

export function useImports() {
  return useQuery({ queryKey: ['imports'], queryFn: ({ signal }) => answer(api.GET('/api/imports', { signal })) });
}

export function useRefused(batch: number) {
  return useQuery({
    queryKey: ['refused', batch],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/imports/{batch}/refused', { params: { path: { batch }, query: { limit: 200 } }, signal })),
  });
}

export function usePreview() {
  return useMutation({ mutationFn: (upload: Upload) => send<Told['PreviewTold'][]>('/api/imports/preview?rows=20', upload) });
}

/** Import a file; as a dry run it only tells what would happen. */
export function useImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ dryRun, backfill, ...upload }: Upload & { dryRun: boolean; backfill: boolean }) =>
      send<Told['ImportTold']>(`/api/imports?dry_run=${dryRun}&backfill=${backfill}`, upload),
    onSuccess: (_, { dryRun }) => {
      if (!dryRun) void client.invalidateQueries();
    },
  });
}

export function useUndo() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (batch: number) => answer(api.POST('/api/imports/{batch}/undo', { params: { path: { batch } } })),
    onSuccess: () => client.invalidateQueries(),
  });
}

/** Try the refused rows of an import again. */
export function useReplay() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (batch: number) => answer(api.POST('/api/imports/{batch}/replay', { params: { path: { batch } } })),
    onSuccess: () => client.invalidateQueries(),
  });
}

async function send<T>(path: string, { file, mapping }: Upload): Promise<T> {
  const body = new FormData();
  body.append('file', file);
  body.append('mapping', new Blob([mapping], { type: 'application/yaml' }), 'mapping.yaml');
  const response = await fetch(path, { method: 'POST', headers: { ...OWN_PAGE, ...spoken() }, body });
  const told: unknown = await response.json().catch(() => null);
  if (!response.ok) throw toldError(response, told);
  return told as T;
}
