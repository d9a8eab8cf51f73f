import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answer, api } from '../client';

/** How many people are in each stage of a category, and who moved in the last days; without a category, the commonest. */
export function useJourneys(category: string, days: number) {
  return useQuery({
    queryKey: ['journeys', category, days],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => answer(api.GET('/api/journeys', { params: { query: { category, days } }, signal })),
  });
}

/** Where a person stands with each category. */
export function usePersonJourneys(person: string) {
  return useQuery({
    queryKey: ['journeys', 'person', person],
    queryFn: ({ signal }) => answer(api.GET('/api/journeys/person', { params: { query: { person: `person:${person}` } }, signal })),
  });
}
