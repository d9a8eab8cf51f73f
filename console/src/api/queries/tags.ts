import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../client';

export function useTags() {
  return useQuery({
    queryKey: ['tags'],
    staleTime: 300_000,
    queryFn: ({ signal }) => answer(api.GET('/api/tags', { signal })),
  });
}

export function useCoverage() {
  return useQuery({ queryKey: ['coverage'], queryFn: ({ signal }) => answer(api.GET('/api/coverage', { signal })) });
}

export function useTag(name: string, { enabled = true }: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: ['tag', name],
    enabled,
    queryFn: ({ signal }) => answer(api.GET('/api/tags/{name}', { params: { path: { name } }, signal })),
  });
}

/** Every value of an enumerated tag with how many people have it. */
export function useTagValues(name: string) {
  return useQuery({
    queryKey: ['tag-values', name],
    enabled: name !== '',
    queryFn: ({ signal }) => answer(api.GET('/api/tags/{name}/values', { params: { path: { name } }, signal })),
  });
}
