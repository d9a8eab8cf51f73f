import { useText } from '@/i18n/text';
import type { Profile, Tag } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Facts } from '@/ui/Facts/Facts';
import { Freshness } from '@/ui/Freshness/Freshness';

interface Props {
  profile: Profile;
  tags: readonly Tag[];
  /** The tag that is explained; empty = none. */
  name: string;
  onClose(): void;
}

/** Why a tag has its value: what was counted, over which dates, from which event to which. */
export function Why({ profile, tags, name, onClose }: Props) {
  const { t } = useText('people');
  const format = useFormats();
  const { title, tagValue, word } = useWords();
  const told = profile.tags.find((tag) => tag.name === name);
  const facts = told && [
    [t('why.value'), <strong key="value">{tagValue(tags.find((tag) => tag.name === name), told.value)}</strong>],
    [t('why.kind'), word('kind', told.kind)],
    [t('why.confidence'), told.confidence === null ? t('why.fact') : format.percent(told.confidence)],
    [t('why.events'), told.evidence.events.map((event) => word('event', event)).join(', ') || t('why.anyEvent')],
    [t('why.window'), told.evidence.window_days === null ? t('why.allTime') : t('wall.window', { count: told.evidence.window_days })],
    [t('why.rows'), format.int(told.evidence.rows)],
    [t('why.first'), told.evidence.first ? <EventRef key="first" {...told.evidence.first} /> : NONE],
    [t('why.last'), told.evidence.last ? <EventRef key="last" {...told.evidence.last} /> : NONE],
  ] as const;
  return (
    <DetailDrawer open={facts !== undefined} title={told && t('why.title', { tag: title(told) })} onClose={onClose}>
      {facts && (
        <div className="stack">
          <Facts facts={facts} />
          <Freshness
            computed={profile.computed}
            call={{ path: `/api/profiles/person:${profile.person}` }}
            command={`qianmian profile explain person:${profile.person} ${name}`}
          />
        </div>
      )}
    </DetailDrawer>
  );
}

function EventRef({ source, event_id, occurred_at }: { source: string; event_id: string; occurred_at: string }) {
  const format = useFormats();
  return (
    <>
      {format.stamp(occurred_at)}
      <div className="code muted">
        {source} / {event_id}
      </div>
    </>
  );
}
