import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answer, api } from '../client';

/** How a tag lay over all people at each build. */
export function useTagHistory(name: string) {
  return useQuery({
    queryKey: ['tag-history', name],
    queryFn: ({ signal }) => answer(api.GET('/api/tag-history/{name}', { params: { path: { name } }, signal })),
  });
}

/** What a tag said of a person. */
export function usePersonTag(name: string, person: string) {
  return useQuery({
    queryKey: ['tag-history', name, 'person', person],
    queryFn: ({ signal }) => answer(api.GET('/api/tag-history/{name}/person', { params: { path: { name }, query: { person } }, signal })),
  });
}

/** Who went from which value to which, between two dates. */
export function useTagFlow(name: string, dates: { since?: string; until?: string }) {
  return useQuery({
    queryKey: ['tag-history', name, 'flow', dates],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => answer(api.GET('/api/tag-history/{name}/flow', { params: { path: { name }, query: dates }, signal })),
  });
}

/** Those who went from a value to another; a value left out is none. */
export function useMovedPeople(name: string, asked: { since: string; until: string; before?: string; after?: string }, { enabled }: { enabled: boolean }) {
  return useQuery({
    queryKey: ['tag-history', name, 'moved', asked],
    enabled,
    queryFn: ({ signal }) => answer(api.GET('/api/tag-history/{name}/flow/people', { params: { path: { name }, query: asked }, signal })),
  });
}

/** All tags with nine marks each; told in the language of the page. */
export function useCheckups(language: string) {
  return useQuery({
    queryKey: ['tag-checkups', language],
    queryFn: ({ signal }) => answer(api.GET('/api/tag-checkups', { signal })),
  });
}

/** One tag with its marks. */
export function useCheckup(name: string, language: string) {
  return useQuery({
    queryKey: ['tag-checkups', language, name],
    queryFn: ({ signal }) => answer(api.GET('/api/tag-checkups/{name}', { params: { path: { name } }, signal })),
  });
}
