import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './client';
import { sessionKey } from './queries/session';

/** Answers are good for half a minute; a session that ended anywhere ends on the whole page. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError(error, query) {
      const ended = error instanceof ApiError && error.code === 'sign_in';
      if (ended && query.queryKey[0] !== sessionKey[0]) queryClient.setQueryData(sessionKey, null);
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      // A question that met its session being renewed, by a new password here or in another tab, is asked again.
      retry: (failures, error) =>
        failures < 1 && error instanceof ApiError && (error.status === 0 || error.status >= 502 || error.code === 'sign_in'),
    },
  },
});
