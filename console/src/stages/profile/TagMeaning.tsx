import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useTagUses } from '@/api/queries/syncs';
import type { TagDefinition } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { Copy } from '@/ui/Copy/Copy';
import { Facts } from '@/ui/Facts/Facts';
import { Panel } from '@/ui/Panel/Panel';
import { subjects } from '@/ui/TagFamily/family';
import { TagFamily } from '@/ui/TagFamily/TagFamily';
import { Uses } from '@/ui/Uses/Uses';
import { TagLinks } from './TagLinks';
import { TagState } from './TagState';

const kinds = ['first_last', 'statistic', 'preference', 'rule', 'combination', 'ranking', 'lifecycle', 'rfm', 'import', 'sql'] as const;

function kindOf(kind: string): (typeof kinds)[number] | 'other' {
  return kinds.find((known) => known === kind) ?? 'other';
}

/** What a tag says, how it is made, and what rests on it. */
export function TagMeaning({ definition: { tag, state, failure, used_by, audiences } }: { definition: TagDefinition }) {
  const { t } = useText('tags', 'people');
  const { word, title, definition } = useWords();
  const syncs = useTagUses(tag.name).data ?? [];
  const about = tag.about.map((one) => {
    const known = subjects.find((subject) => subject === one);
    return known ? t(`people:family.${known}`) : one;
  });
  const isOfEvents = tag.uses.length === 0; // else each of the tags that it is made of has its own
  const some = (isThere: boolean, name: string, value: ReactNode) => (isThere ? [[name, value] as const] : []);
  return (
    <Panel title={t('definition')}>
      <p className="tag-definition">{definition(tag)}</p>
      <Facts
        facts={[
          [t('column.title'), title(tag)],
          [t('code'), <span key="code" className="row"><code>{tag.name}</code> <Copy text={tag.name} /></span>],
          [t('column.state'), <TagState key="state" state={state} />],
          ...some(failure !== null, t('failure'), failure),
          [t('origin.label'), t(tag.is_own ? 'origin.own' : 'origin.built_in')],
          [t('column.family'), <TagFamily key="family" tag={tag} />],
          ...some(about.length > 1, t('about'), about.join(' / ')),
          [t('column.kind'), `${word('kind', tag.kind)} · ${t(`kindMeans.${kindOf(tag.kind)}`)}`],
          [t('column.type'), word('type', tag.type)],
          ...some(isOfEvents, t('people:why.events'), tag.events.map((event) => word('event', event)).join(', ') || t('people:why.anyEvent')),
          ...some(isOfEvents, t('column.window'), tag.window_days === null ? t('people:why.allTime') : t('people:wall.window', { count: tag.window_days })),
          ...some(tag.values.length > 0, t('values'), tag.values.map((value) => valueName(word('value', value), value)).join(', ')),
          ...some(tag.note !== '', t('note'), <span key="note" dir="auto">{tag.note}</span>),
          ...some(tag.uses.length > 0, t('uses'), <TagLinks key="uses" names={tag.uses} />),
          ...some(used_by.length > 0, t('usedBy'), <TagLinks key="users" names={used_by} />),
          ...some(
            audiences.length > 0,
            t('audiences'),
            <span key="audiences" className="row wrap">
              {audiences.map(({ audience, name }) => <Link key={audience} to={`/segment/audiences/${audience}`}>{name}</Link>)}
            </span>,
          ),
          ...some(syncs.length > 0, t('syncs'), <Uses key="syncs" uses={syncs} />),
        ]}
      />
    </Panel>
  );
}

function valueName(said: string, value: string): string {
  return said === value ? value : `${said} (${value})`;
}
