import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';
import type { TagEntry } from '../shapes';

/** Every tag that is declared, the built-in ones too, and whether it is told of people. */
export function useDefinitions() {
  return useQuery({
    queryKey: ['tag-definitions'],
    queryFn: ({ signal }) => answer(api.GET('/api/tag-definitions', { signal })),
  });
}

/** One tag as it is declared, and what rests on it. */
export function useDefinition(name: string, { enabled = true }: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: ['tag-definitions', name],
    enabled,
    queryFn: ({ signal }) => answer(api.GET('/api/tag-definitions/{name}', { params: { path: { name } }, signal })),
  });
}

/** What a tag that is being written would say of some people. */
export function useTrial(name: string, entry: TagEntry, { enabled }: { enabled: boolean }) {
  return useQuery({
    queryKey: ['tag-trial', name, entry],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      answer(api.POST('/api/tag-definitions/{name}/try', { params: { path: { name } }, body: { entry }, signal })),
  });
}

/** A tag as text. */
export function useTagText(name: string, entry: TagEntry) {
  return useQuery({
    queryKey: ['tag-text', name, entry],
    staleTime: Infinity,
    queryFn: ({ signal }) => answer(api.POST('/api/tag-definitions/text/write', { body: { entries: { [name]: entry } }, signal })),
  });
}

/** What a text says of tags, as plain values. */
export function useTagEntries(text: string, { enabled }: { enabled: boolean }) {
  return useQuery({
    queryKey: ['tag-entries', text],
    enabled,
    staleTime: Infinity,
    queryFn: ({ signal }) => answer(api.POST('/api/tag-definitions/text/read', { body: { text }, signal })),
  });
}

export function useSaveTag() {
  return useChange(({ name, entry }: { name: string; entry: TagEntry }) =>
    answer(api.PUT('/api/tag-definitions/{name}', { params: { path: { name } }, body: { entry } })),
  );
}

export function useRemoveTag() {
  return useChange((name: string) => answer(api.DELETE('/api/tag-definitions/{name}', { params: { path: { name } } })));
}

// What a tag says may be told anywhere.
function useChange<Asked, Told>(change: (asked: Asked) => Promise<Told>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ refetchType: 'none' }) });
}
