import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { answer, api, OWN_PAGE, toldError } from '../client';
import type { PeopleFormat } from '../shapes';
import { saveFile } from '@/lib/saveFile';

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

interface FileAsked {
  condition?: string;
  sort: PeopleOrder;
  language: string;
  purpose: string;
  format: PeopleFormat;
}

/** People as a file that the browser keeps; tells how many rows it has, of how many people. */
export function usePeopleFile() {
  return useMutation({
    mutationFn: async ({ purpose, ...body }: FileAsked) => {
      const headers = { ...OWN_PAGE, 'Content-Type': 'application/json' };
      const path = `/api/people/export?${new URLSearchParams({ purpose })}`;
      const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!response.ok) throw toldError(response, await response.json().catch(() => null));
      saveFile(await response.blob(), `people.${body.format}`);
      const told = (name: string) => Number(response.headers.get(`x-qianmian-${name}`));
      return { rows: told('rows'), people: told('people') };
    },
  });
}

export function useProfile(name: string, { enabled = true }: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: ['profile', name],
    enabled,
    queryFn: ({ signal }) => answer(api.GET('/api/profiles/{name}', { params: { path: { name } }, signal })),
  });
}

const RECENT_EVERY_MS = 1000;

/** What came in a moment ago of somebody by name, asked for anew each second while the page is looked at. */
export function useRecent(name: string) {
  return useQuery({
    queryKey: ['recent', name],
    staleTime: 0,
    queryFn: ({ signal }) => answer(api.POST('/api/people/recent', { body: { name }, signal })),
    refetchInterval: ({ state }) => (state.status === 'error' ? 15_000 : RECENT_EVERY_MS),
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

/** What a person agreed to when they last said. */
export function useConsent(person: string) {
  return useQuery({
    queryKey: ['consent', person],
    queryFn: ({ signal }) => answer(api.GET('/api/people/{person}/consent', { params: { path: { person } }, signal })),
  });
}
