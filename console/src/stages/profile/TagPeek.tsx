import { useTag } from '@/api/queries/tags';
import type { TagSummary } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { BarList } from '@/ui/BarList/BarList';
import { CoverageBar } from '@/ui/CoverageBar/CoverageBar';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Facts } from '@/ui/Facts/Facts';
import { Freshness } from '@/ui/Freshness/Freshness';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Answer } from '@/ui/StateView/Answer';
import { TagFamily } from '@/ui/TagFamily/TagFamily';
import { useValueBars } from './valueBars';

/** A tag at a glance, beside the list: whom it covers and how its values lie. */
export function TagPeek({ name, onClose }: { name: string; onClose(): void }) {
  const { title } = useWords();
  const summary = useTag(name, { enabled: name !== '' });
  return (
    <DetailDrawer open={name !== ''} title={summary.data && name ? title(summary.data.tag) : name} onClose={onClose}>
      {name !== '' && (
        <Answer of={summary} rows={10}>
          {(told) => <Glance summary={told} />}
        </Answer>
      )}
    </DetailDrawer>
  );
}

function Glance({ summary }: { summary: TagSummary }) {
  const { t } = useText('tags');
  const { word } = useWords();
  const bars = useValueBars(summary);
  const { tag, people, covered, covered_condition, computed } = summary;
  return (
    <div className="stack">
      <div className="row wrap">
        <LinkButton type="primary" to={`/profile/tags/${tag.name}`}>
          {t('peek')}
        </LinkButton>
        <LinkButton to={`/segment/audiences/new?${new URLSearchParams({ condition: covered_condition })}`}>{t('toAudience')}</LinkButton>
      </div>
      <Facts
        facts={[
          [t('code'), <code key="code">{tag.name}</code>],
          [t('column.family'), <TagFamily key="family" tag={tag} />],
          [t('column.kind'), word('kind', tag.kind)],
          [t('column.people'), <PeopleCount key="people" people={covered} condition={covered_condition} />],
          [t('column.coverage'), <CoverageBar key="coverage" part={covered} all={people} />],
        ]}
      />
      <BarList bars={bars} of={covered} />
      <Freshness computed={computed} call={{ path: `/api/tags/${tag.name}` }} command={`qianmian tag show ${tag.name}`} />
    </div>
  );
}
