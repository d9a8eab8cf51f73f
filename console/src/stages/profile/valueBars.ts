import type { Tag, TagSummary } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import type { Bar } from '@/ui/BarList/BarList';

/** How a tag's values lie, as bars that open their people; the rest stands last. */
export function useValueBars({ tag, shares, rest }: TagSummary): Bar[] {
  const { t } = useText('tags');
  const label = useRangeLabel(tag);
  const bars: Bar[] = shares.map((share) => {
    const spoken = label(share);
    return { key: spoken, label: spoken, spoken, people: share.people, condition: share.condition };
  });
  if (!rest || rest.people === 0) return bars;
  return [...bars, { key: 'rest', label: t('rest'), spoken: t('rest'), people: rest.people, condition: rest.condition, rest: true }];
}

/** A value of a tag, or both ends of a range of them, in words. */
export function useRangeLabel(tag: Tag): (share: Pick<TagSummary['shares'][number], 'label' | 'upto'>) => string {
  const { tagValue } = useWords();
  return ({ label, upto }) => {
    const low = tagValue(tag, label);
    const high = upto === null || upto === undefined ? low : tagValue(tag, upto);
    return low === high ? low : `${low} – ${high}`;
  };
}
