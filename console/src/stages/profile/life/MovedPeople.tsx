import { useMovedPeople } from '@/api/queries/tagLife';
import type { Tag, TagFlow } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { PersonLink } from '@/ui/PersonLink/PersonLink';
import { Answer } from '@/ui/StateView/Answer';

export type Move = Pick<TagFlow['moves'][number], 'before' | 'after'>;

/** Those who went from a value to another and still have a profile. */
export function MovedPeople({ tag, flow, move, onClose }: { tag: Tag; flow: TagFlow; move: Move | null; onClose(): void }) {
  const { t } = useText('tagLife');
  const format = useFormats();
  const { tagValue } = useWords();
  const asked = { since: flow.since, until: flow.until, before: move?.before ?? undefined, after: move?.after ?? undefined };
  const moved = useMovedPeople(tag.name, asked, { enabled: move !== null });
  const name = (value: string | null | undefined) => (value ? tagValue(tag, value) : t('flow.none'));
  return (
    <DetailDrawer open={move !== null} title={t('flow.drawer', { from: name(move?.before), to: name(move?.after) })} onClose={onClose}>
      {move && (
        <Answer of={moved} rows={6}>
          {({ people, listed }) => (
            <>
              <p className="muted">{people > 0 ? t('flow.some', { n: format.int(people) }) : t('flow.nobody')}</p>
              <ul className="flow-people">
                {listed.map((person) => (
                  <li key={person}>
                    <PersonLink person={person} />
                  </li>
                ))}
              </ul>
            </>
          )}
        </Answer>
      )}
    </DetailDrawer>
  );
}
