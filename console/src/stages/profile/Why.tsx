import { useText } from '@/i18n/text';
import type { Evidence, Profile, Tag } from '@/api/shapes';
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
    [t('why.value'), <strong key="value">{tagValue(tags.find((tag) => tag.name === name), told.value)}</strong>] as const,
    [t('why.kind'), word('kind', told.kind)] as const,
    [t('why.confidence'), told.confidence === null ? t('why.fact') : format.percent(told.confidence)] as const,
    ...(told.evidence === null ? [[t('why.rows'), t('wall.stated')] as const] : because(told.evidence)),
  ];

  function because({ events, window_days: days, rows, first, last }: Evidence) {
    return [
      [t('why.events'), events.map((event) => word('event', event)).join(', ') || t('why.anyEvent')] as const,
      [t('why.window'), days === null ? t('why.allTime') : t('wall.window', { count: days })] as const,
      [t('why.rows'), format.int(rows)] as const,
      [t('why.first'), first ? <EventRef key="first" {...first} /> : NONE] as const,
      [t('why.last'), last ? <EventRef key="last" {...last} /> : NONE] as const,
    ];
  }

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
