import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../client';
import type { NewLink } from '../shapes';

/** The tracked links with their counts, the newest first. */
export function useLinks() {
  return useQuery({ queryKey: ['links'], queryFn: ({ signal }) => answer(api.GET('/api/links', { signal })) });
}

/** One link with its days; openings are in some seconds after they happened. */
export function useLink(code: string) {
  return useQuery({
    queryKey: ['links', code],
    queryFn: ({ signal }) => answer(api.GET('/api/links/{code}', { params: { path: { code } }, signal })),
  });
}

export function useAddLink() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewLink) => answer(api.POST('/api/links', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['links'] }),
  });
}

/** Lead a link elsewhere, disable it, or let it lead on again. */
export function useChangeLink(code: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { target?: string; is_disabled?: boolean }) =>
      answer(api.PATCH('/api/links/{code}', { params: { path: { code } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['links'] }),
  });
}

/** Where a link's QR code is drawn. */
export function qrPath(code: string, picture: 'svg' | 'png'): string {
  return `/api/links/${encodeURIComponent(code)}/qr?${new URLSearchParams({ picture, pixels: picture === 'png' ? '20' : '8' })}`;
}
