import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { answer, api } from '../client';

export const peopleOrders = ['last_seen_at', 'net_revenue', 'orders_total', 'person'] as const;
export type PeopleOrder = (typeof peopleOrders)[number];

export interface PeopleAsked {
  name?: string;
  condition?: string;
  sort: PeopleOrder;
  limit: number;
}

/** People by a name or a condition, page after page. */
export function usePeople(asked: PeopleAsked, { enabled = true }: { enabled?: boolean } = {}) {
  return useInfiniteQuery({
    queryKey: ['people', asked],
    enabled,
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      answer(api.POST('/api/people/search', { body: { ...asked, cursor: pageParam }, signal })),
    getNextPageParam: (page) => page.next,
  });
}

export function useProfile(name: string) {
  return useQuery({
    queryKey: ['profile', name],
    queryFn: ({ signal }) => answer(api.GET('/api/profiles/{name}', { params: { path: { name } }, signal })),
  });
}

export function useTimeline(person: string) {
  return useInfiniteQuery({
    queryKey: ['timeline', person],
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      answer(
        api.GET('/api/people/{person}/timeline', { params: { path: { person }, query: page(pageParam, 10) }, signal }),
      ),
    getNextPageParam: (told) => told.next,
  });
}

export function useOrders(person: string) {
  return useInfiniteQuery({
    queryKey: ['orders', person],
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      answer(api.GET('/api/people/{person}/orders', { params: { path: { person }, query: page(pageParam, 20) }, signal })),
    getNextPageParam: (told) => told.next,
  });
}

function page(cursor: string | null, limit: number) {
  return cursor === null ? { limit } : { cursor, limit };
}
