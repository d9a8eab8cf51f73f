import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { answer, api } from '../client';

const WATCHED_EVERY_MS = 1500;

/** The newest jobs; watched closely as long as one is running. What it leaves behind is asked for anew when it ends. */
export function useJobs(limit: number) {
  const client = useQueryClient();
  const jobs = useQuery({
    queryKey: ['jobs', limit],
    queryFn: ({ signal }) => answer(api.GET('/api/jobs', { params: { query: { limit } }, signal })),
    refetchInterval: ({ state }) => (state.data?.some((job) => job.status === 'running') ? WATCHED_EVERY_MS : 15_000),
  });
  const running = jobs.data?.filter((job) => job.status === 'running').length ?? 0;
  const before = useRef(running);
  useEffect(() => {
    if (running < before.current) void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'jobs' });
    before.current = running;
  }, [running, client]);
  return jobs;
}

export function useJob(job: number, { enabled = true }: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: ['jobs', 'one', job],
    enabled,
    queryFn: ({ signal }) => answer(api.GET('/api/jobs/{job}', { params: { path: { job } }, signal })),
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? WATCHED_EVERY_MS : false),
  });
}

export function useBuildPlan(enabled: boolean) {
  return useQuery({
    queryKey: ['build-plan'],
    enabled,
    staleTime: 0,
    queryFn: ({ signal }) => answer(api.GET('/api/builds/plan', { signal })),
  });
}

export function useStartBuild() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (full: boolean) => answer(api.POST('/api/builds', { params: { query: { full } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  });
}

export function useCancelJob() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (job: number) => answer(api.POST('/api/jobs/{job}/cancel', { params: { path: { job } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  });
}
