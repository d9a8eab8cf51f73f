import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api, ApiError } from '../client';

export const sessionKey = ['session'] as const;

/** Who is signed in, and where; null = nobody. */
export const session = queryOptions({
  queryKey: sessionKey,
  staleTime: 60_000,
  queryFn: ({ signal }) =>
    answer(api.GET('/api/session', { signal })).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }),
});

export function useSession() {
  return useQuery(session);
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { user: string; password: string }) => answer(api.POST('/api/session', { body })),
    onSuccess: (begun) => client.setQueryData(sessionKey, begun),
  });
}

/** End this session, or all sessions of the account. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ everywhere }: { everywhere: boolean }) =>
      everywhere ? answer(api.DELETE('/api/sessions')) : answer(api.DELETE('/api/session')),
    onSuccess: () => {
      client.setQueryData(sessionKey, null);
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
    },
  });
}
