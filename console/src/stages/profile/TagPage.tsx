import { Button } from 'antd';
import { useText } from '@/i18n/text';
import { Link, useParams } from 'react-router';
import { useTag } from '@/api/queries/tags';
import type { TagSummary } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useWords } from '@/i18n/words';
import { BarList } from '@/ui/BarList/BarList';
import { Copy } from '@/ui/Copy/Copy';
import { CoverageBar } from '@/ui/CoverageBar/CoverageBar';
import { Facts } from '@/ui/Facts/Facts';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Answer } from '@/ui/StateView/Answer';
import { TagFamily } from '@/ui/TagFamily/TagFamily';
import { useValueBars } from './valueBars';
import './tagPage.css';

/** One tag: what it means, whom it covers, how its values lie. */
export default function TagPage() {
  const { t } = useText('tags');
  const { tag: name = '' } = useParams();
  const { title } = useWords();
  const summary = useTag(name);
  return (
    <>
      <PageHeader
        above={<Link to="/profile/tags">{t('title')}</Link>}
        title={summary.data ? title(summary.data.tag) : name}
        purpose={<code>{name}</code>}
        actions={
          summary.data && (
            <Link to={`/segment/audiences/new?${new URLSearchParams({ condition: summary.data.covered_condition })}`}>
              <Button type="primary">{t('toAudience')}</Button>
            </Link>
          )
        }
        freshness={
          <Freshness computed={summary.data?.computed} call={{ path: `/api/tags/${name}` }} command={`qianmian tag show ${name}`} />
        }
      />
      <Answer of={summary} rows={12}>
        {(told) => (
          <div className="grid">
            <div className="stack span-5">
              <Definition summary={told} />
              <Coverage summary={told} />
            </div>
            <Values summary={told} />
          </div>
        )}
      </Answer>
    </>
  );
}

function Definition({ summary: { tag } }: { summary: TagSummary }) {
  const { t } = useText('tags', 'people');
  const { word, title, definition } = useWords();
  return (
    <Panel title={t('definition')}>
      <p className="tag-definition">{definition(tag)}</p>
      <Facts
        facts={[
          [t('column.title'), title(tag)],
          [
            t('code'),
            <span key="code" className="row">
              <code>{tag.name}</code> <Copy text={tag.name} />
            </span>,
          ],
          [t('column.family'), <TagFamily key="family" tag={tag} />],
          [t('column.kind'), `${word('kind', tag.kind)} · ${t(`kindMeans.${kindOf(tag.kind)}`)}`],
          [t('column.type'), word('type', tag.type)],
          [t('people:why.events'), tag.events.map((event) => word('event', event)).join(', ') || t('people:why.anyEvent')],
          [t('column.window'), tag.window_days === null ? t('people:why.allTime') : t('people:wall.window', { count: tag.window_days })],
          ...(tag.values.length > 0
            ? [[t('values'), tag.values.map((value) => `${word('value', value)} (${value})`).join(', ')] as const]
            : []),
        ]}
      />
    </Panel>
  );
}

const kinds = ['first_last', 'statistic', 'preference', 'rule', 'lifecycle', 'rfm'] as const;

function kindOf(kind: string): (typeof kinds)[number] | 'other' {
  return kinds.find((known) => known === kind) ?? 'other';
}

function Coverage({ summary: { people, covered, covered_condition } }: { summary: TagSummary }) {
  const { t } = useText('tags');
  return (
    <Panel title={t('column.coverage')} note={t('coverageNote')}>
      <CoverageBar part={covered} all={people} />
      <Facts
        facts={[
          [t('column.people'), <PeopleCount key="covered" people={covered} condition={covered_condition} />],
          [t('allPeople'), <PeopleCount key="all" people={people} condition={null} />],
        ]}
      />
    </Panel>
  );
}

function Values({ summary }: { summary: TagSummary }) {
  const { t } = useText('tags');
  const format = useFormats();
  const bars = useValueBars(summary);
  const { covered, shares } = summary;
  const ranges = shares.some(({ label, upto }) => upto !== null && upto !== undefined && upto !== label);
  return (
    <Panel
      className="span-7"
      title={t('distribution')}
      note={ranges ? t('ranges') : t('valuesNote', { n: format.int(shares.length) })}
    >
      <BarList bars={bars} of={covered} />
    </Panel>
  );
}
