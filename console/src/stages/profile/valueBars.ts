import type { TagSummary } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import type { Bar } from '@/ui/BarList/BarList';

/** How a tag's values lie, as bars that open their people; the rest stands last. */
export function useValueBars({ tag, shares, rest }: TagSummary): Bar[] {
  const { t } = useText('tags');
  const { tagValue } = useWords();
  const bars: Bar[] = shares.map(({ label, upto, people, condition }) => {
    const low = tagValue(tag, label);
    const high = upto === null || upto === undefined ? low : tagValue(tag, upto);
    const spoken = low === high ? low : `${low} – ${high}`;
    return { key: spoken, label: spoken, spoken, people, condition };
  });
  if (!rest || rest.people === 0) return bars;
  return [...bars, { key: 'rest', label: t('rest'), spoken: t('rest'), people: rest.people, condition: rest.condition, rest: true }];
}
