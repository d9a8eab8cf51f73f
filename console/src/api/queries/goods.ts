import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { answer, api } from '../client';
import type { StockState } from '../shapes';

export function useGoods(text: string, state: StockState | '') {
  return useInfiniteQuery({
    queryKey: ['goods', text, state],
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      answer(
        api.GET('/api/goods', {
          params: { query: { limit: 50, ...(text && { text }), ...(state && { state }), ...(pageParam !== null && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next,
  });
}

export function useItem(source: string, item: string, { enabled = true }: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: ['item', source, item],
    enabled,
    queryFn: ({ signal }) => answer(api.GET('/api/goods/{source}/{item}', { params: { path: { source, item } }, signal })),
  });
}
