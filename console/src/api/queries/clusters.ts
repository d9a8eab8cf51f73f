import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';

/** The clusters that the last run found; null = there was no run. */
export function useClusters() {
  return useQuery({ queryKey: ['clusters'], queryFn: ({ signal }) => answer(api.GET('/api/clusters', { signal })) });
}

/** Groups people by the measures that the product proposes, as a job. */
export function useRunClusters() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.POST('/api/clusters', { body: { least: 3, most: 8 } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  });
}

/** Saves a cluster as a dynamic audience of its name. */
export function useSaveCluster() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (cluster: number) =>
      answer(api.POST('/api/clusters/{cluster}/save', { params: { path: { cluster } }, body: { name: '' } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['audiences'] }),
  });
}
