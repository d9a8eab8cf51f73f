import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';

const known = ['400', '401', '413', '429', '503'] as const;

export interface TurnedAway {
  status: number;
  requests: number;
}

/** What the answers to turned away requests mean, one by one and as a list. */
export function useStatusWords() {
  const { t } = useText('sources');
  const format = useFormats();
  const word = (status: number) => {
    const code = known.find((one) => one === String(status));
    return code ? `${t(`status.${code}`)} (${status})` : String(status);
  };
  const list = (told: readonly TurnedAway[]) => told.map((one) => `${word(one.status)} × ${format.int(one.requests)}`).join(' · ');
  return { word, list };
}
