import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';
import { sessionKey } from './session';

const tokensKey = ['tokens'] as const;

export function useTokens() {
  return useQuery({ queryKey: tokensKey, queryFn: ({ signal }) => answer(api.GET('/api/tokens', { signal })) });
}

/** Make a token: its answer is the only one that ever tells it. */
export function useMakeToken() {
  const client = useQueryClient();
  return useMutation({
    gcTime: 0, // the secret stays no longer than its screen
    mutationFn: (name: string) => answer(api.POST('/api/tokens', { body: { name } })),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensKey }),
  });
}

export function useWithdrawToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => answer(api.DELETE('/api/tokens/{name}', { params: { path: { name } } })),
    onSuccess: (left) => client.setQueryData(tokensKey, left),
  });
}

/** Change the password; every other browser is signed out, this one goes on with a new session. */
export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { current: string; new: string }) => answer(api.PUT('/api/session/password', { body })),
    onSuccess: (begun) => client.setQueryData(sessionKey, begun),
  });
}
