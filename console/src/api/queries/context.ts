import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { answer, api } from '../client';
import type { ContextKind } from '../shapes';

export function useFacts(text: string, kind: ContextKind | '') {
  return useInfiniteQuery({
    queryKey: ['context', text, kind],
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      answer(
        api.GET('/api/context', {
          params: { query: { limit: 50, ...(text && { text }), ...(kind && { kind }), ...(pageParam !== null && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next,
  });
}
