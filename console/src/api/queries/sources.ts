import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';
import type { Limits } from '../shapes';

const sourcesKey = ['sources'] as const;
const healthKey = ['sources', 'health'] as const;
const AGAIN_MS = 5_000;

export interface NewSource {
  name: string;
  environment: string;
  dialects: string[];
}

export function useSources() {
  return useQuery({ queryKey: sourcesKey, queryFn: ({ signal }) => answer(api.GET('/api/sources', { signal })) });
}

/** How all sources do; asked again while somebody looks. */
export function useHealth() {
  return useQuery({
    queryKey: healthKey,
    queryFn: ({ signal }) => answer(api.GET('/api/sources/health', { signal })),
    refetchInterval: AGAIN_MS,
  });
}

/** Make a source: its answer is the only one that ever tells its write key. */
export function useAddSource() {
  const client = useQueryClient();
  return useMutation({
    gcTime: 0, // the secret stays no longer than its screen
    mutationFn: (body: NewSource) => answer(api.POST('/api/sources', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: sourcesKey }),
  });
}

/** Give a source another write key, which is told here only. */
export function useRollKey() {
  const client = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: (name: string) => answer(api.POST('/api/sources/{name}/key', { params: { path: { name } }, body: { grace_hours: 168 } })),
    onSuccess: () => client.invalidateQueries({ queryKey: sourcesKey }),
  });
}

export function useDisableSource() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => answer(api.POST('/api/sources/{name}/disable', { params: { path: { name } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: sourcesKey }),
  });
}

/** What the events of a source stated of consent. */
export function useSourceConsent(name: string) {
  return useQuery({
    queryKey: [...sourcesKey, 'consent', name],
    queryFn: ({ signal }) => answer(api.GET('/api/sources/{name}/consent', { params: { path: { name } }, signal })),
  });
}

/** Say what becomes of personal data that nobody declared. */
export function useTreatPersonalData(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (policy: string) =>
      answer(api.PUT('/api/sources/{name}/personal-data', { params: { path: { name } }, body: { policy } })),
    onSuccess: () => client.invalidateQueries({ queryKey: sourcesKey }),
  });
}

export function useLimitSource(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Limits) => answer(api.PUT('/api/sources/{name}/limits', { params: { path: { name } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: sourcesKey }),
  });
}
