import { useText } from '@/i18n/text';
import { Link, useParams } from 'react-router';
import { useDefinition, useRemoveTag } from '@/api/queries/tagDefinitions';
import { useTag } from '@/api/queries/tags';
import type { TagSummary } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useWords } from '@/i18n/words';
import { BarList } from '@/ui/BarList/BarList';
import { CoverageBar } from '@/ui/CoverageBar/CoverageBar';
import { Facts } from '@/ui/Facts/Facts';
import { Freshness } from '@/ui/Freshness/Freshness';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Refusal } from '@/ui/Refusal/Refusal';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { CheckupPanel } from './life/CheckupPanel';
import { TagBuilds } from './life/TagBuilds';
import { TagFlow } from './life/TagFlow';
import { TagActions } from './TagActions';
import { TagChanges } from './TagChanges';
import { TagMeaning } from './TagMeaning';
import { useValueBars } from './valueBars';
import './tagPage.css';

/** One tag: what it means, what rests on it, whom it covers, how its values lie. */
export default function TagPage() {
  const { t } = useText('tags');
  const { tag: name = '' } = useParams();
  const { title } = useWords();
  const definition = useDefinition(name);
  const isTold = definition.data !== undefined && definition.data.state !== 'waiting';
  const summary = useTag(name, { enabled: isTold });
  const told = summary.data;
  const remove = useRemoveTag();
  const users = definition.data?.used_by ?? [];
  return (
    <>
      <PageHeader
        above={<Link to="/profile/tags">{t('title')}</Link>}
        title={definition.data ? title(definition.data.tag) : name}
        purpose={<code>{name}</code>}
        actions={
          <>
            {definition.data?.tag.is_own && <TagActions definition={definition.data} remove={remove} />}
            {told && (
              <LinkButton type="primary" to={`/segment/audiences/new?${new URLSearchParams({ condition: told.covered_condition })}`}>
                {t('toAudience')}
              </LinkButton>
            )}
          </>
        }
        freshness={<Freshness computed={told?.computed} call={{ path: `/api/tags/${name}` }} command={`qianmian tag show ${name}`} />}
      />
      {remove.error && (
        <Refusal error={remove.error} instead={users.length > 0 ? { rules: t('remove.used', { names: users.join(' · ') }) } : undefined} />
      )}
      <Answer of={definition} rows={12}>
        {(declared) => (
          <div className="grid">
            <div className="stack span-5">
              <TagMeaning definition={declared} />
              {told && isTold && <Coverage summary={told} />}
              {isTold && <CheckupPanel tag={name} />}
              {declared.changes.length > 0 && <TagChanges changes={declared.changes} />}
            </div>
            <div className="stack span-7">
              {isTold ? (
                <>
                  <Answer of={summary} rows={12}>
                    {(one) => <Values summary={one} />}
                  </Answer>
                  <TagBuilds tag={declared.tag} />
                  {declared.has_stays && <TagFlow tag={declared.tag} />}
                </>
              ) : (
                <Waiting />
              )}
            </div>
          </div>
        )}
      </Answer>
    </>
  );
}

function Waiting() {
  const { t } = useText('tags');
  return (
    <Panel title={t('distribution')}>
      <StateView
        case="new"
        title={t('waiting.title')}
        words={t('waiting.words')}
        action={<LinkButton to="/system/jobs">{t('waiting.build')}</LinkButton>}
      />
    </Panel>
  );
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
    <Panel title={t('distribution')} note={ranges ? t('ranges') : t('valuesNote', { n: format.int(shares.length) })}>
      <BarList bars={bars} of={covered} />
    </Panel>
  );
}
