import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { NONE } from '@/lib/format';
import { LookButton } from './LookButton';
import { bad, type CountedKind, type Counts } from './fields';

/** The share of events that are bad in one way, which opens them; nothing where there is none. */
export function BadShare({ counts, kind, source, field }: { counts: Counts; kind: CountedKind; source: string; field: string }) {
  const { t } = useText('quality');
  const format = useFormats();
  const number = bad(counts, kind);
  if (number === 0) return <span className="muted">{NONE}</span>;
  const share = format.share(number, counts.events);
  return (
    <LookButton look={{ source, field, kind }} label={`${t(`kind.${kind}`)}: ${share}`} title={`${format.int(number)} / ${format.int(counts.events)}`}>
      {share}
    </LookButton>
  );
}
