import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { saveFile } from '@/lib/saveFile';
import { answer, api, OWN_PAGE, toldError } from '../client';
import type { NewCampaign } from '../shapes';

/** The campaigns, the newest first. */
export function useCampaigns() {
  return useQuery({ queryKey: ['campaigns'], queryFn: ({ signal }) => answer(api.GET('/api/campaigns', { signal })) });
}

/** One campaign, how far its delivery is, and who was handed its people. */
export function useCampaign(campaign: number) {
  return useQuery({
    queryKey: ['campaigns', campaign],
    queryFn: ({ signal }) => answer(api.GET('/api/campaigns/{campaign}', { params: { path: { campaign } }, signal })),
  });
}

/** Receivers, purposes and kinds of identifiers that there are here. */
export function useCampaignChoices({ enabled }: { enabled: boolean }) {
  return useQuery({
    queryKey: ['campaign-choices'],
    enabled,
    queryFn: ({ signal }) => answer(api.GET('/api/campaigns/choices', { signal })),
  });
}

/** What sending a draft now would mean. */
export function useCampaignPlan(campaign: number, { enabled = true }: { enabled?: boolean } = {}) {
  return useQuery({
    enabled,
    queryKey: ['campaigns', campaign, 'plan'],
    queryFn: ({ signal }) => answer(api.GET('/api/campaigns/{campaign}/plan', { params: { path: { campaign } }, signal })),
  });
}

/** What a campaign brought so far. */
export function useReport(campaign: number, { enabled = true }: { enabled?: boolean } = {}) {
  return useQuery({
    enabled,
    queryKey: ['campaigns', campaign, 'report'],
    queryFn: ({ signal }) => answer(api.GET('/api/campaigns/{campaign}/report', { params: { path: { campaign } }, signal })),
  });
}

export function useAddCampaign() {
  const kept = useKept();
  return useMutation({ mutationFn: (body: NewCampaign) => answer(api.POST('/api/campaigns', { body })), onSuccess: kept });
}

/** Allow writing to people who agreed to it. */
export function useAllowMarketing() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => answer(api.PUT('/api/purposes/{name}', { params: { path: { name } }, body: { basis: 'consent' } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['purposes'] });
      return client.invalidateQueries({ queryKey: ['campaign-choices'] });
    },
  });
}

/** Begin to send; answers the job. */
export function useSend(campaign: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.POST('/api/campaigns/{campaign}/send', { params: { path: { campaign } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  });
}

export function useDeleteCampaign() {
  const kept = useKept();
  return useMutation({
    mutationFn: (campaign: number) => answer(api.DELETE('/api/campaigns/{campaign}', { params: { path: { campaign } } })),
    onSuccess: kept,
  });
}

export function useSpend(campaign: number) {
  const kept = useKept();
  return useMutation({
    mutationFn: (spend: number | null) => answer(api.PATCH('/api/campaigns/{campaign}', { params: { path: { campaign } }, body: { spend } })),
    onSuccess: kept,
  });
}

/** The people who may be written to, under their identifiers, saved as a file. */
export function useRecipientsFile(campaign: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const response = await fetch(`/api/campaigns/${campaign}/file`, { method: 'POST', headers: OWN_PAGE });
      if (!response.ok) throw toldError(response, await response.json().catch(() => null));
      saveFile(await response.blob(), `campaign-${campaign}.csv`);
      return Number(response.headers.get('x-qianmian-people'));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['campaigns', campaign] }),
  });
}

function useKept() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['campaigns'] });
}
