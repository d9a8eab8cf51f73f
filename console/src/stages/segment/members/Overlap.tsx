import { Select } from 'antd';
import { useOverlap } from '@/api/queries/members';
import { useAudiences } from '@/api/queries/savedAudiences';
import type { AudienceOverlap } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { isFound } from '@/lib/pinyin';
import { text, useUrlState } from '@/lib/urlState';
import { Freshness } from '@/ui/Freshness/Freshness';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Intersections } from './Intersections';
import { OverlapMatrix } from './OverlapMatrix';
import './overlap.css';

const MOST = 6;
const schema = { of: text() };

/** Two to six saved audiences: what each two share, and who is in just which of them. */
export default function Overlap() {
  const { t } = useText('members');
  const [state, set] = useUrlState(schema);
  const chosen = state.of.split(',').filter(Boolean).map(Number);
  const overlap = useOverlap(chosen);
  return (
    <>
      <PageHeader
        title={t('overlap.title')}
        purpose={t('overlap.purpose')}
        freshness={
          <Freshness
            computed={overlap.data?.computed}
            call={{ path: `/api/audiences/overlap?${chosen.map((one) => `audience=${one}`).join('&')}` }}
            command={`qianmian audience overlap ${chosen.join(' ')}`}
          />
        }
      />
      <div className="stack">
        <Panel>
          <AudiencesChoice chosen={chosen} onChoose={(next) => set({ of: next.join(',') })} />
        </Panel>
        {chosen.length < 2 ? (
          <Panel>
            <StateView
              case="new"
              title={t('overlap.none')}
              words={t('overlap.noneWords')}
              action={<LinkButton to="/segment/audiences/new">{t('overlap.start')}</LinkButton>}
            />
          </Panel>
        ) : (
          <Answer of={overlap} rows={10}>
            {(told) => <Told told={told} />}
          </Answer>
        )}
      </div>
    </>
  );
}

function Told({ told }: { told: AudienceOverlap }) {
  const { t } = useText('members');
  const format = useFormats();
  const terms = told.audiences.map((one) => one.condition);
  const all = told.intersections.find((one) => one.audiences.length === told.audiences.length);
  return (
    <>
      <Stats>
        <Stat
          label={t('overlap.any')}
          value={<PeopleCount people={told.people} condition={terms.join(' or ')} label={t('overlap.any')} />}
          note={t('overlap.ofPeople', { n: format.int(told.of_people) })}
        />
        <Stat
          label={t('overlap.all')}
          value={<PeopleCount people={all?.people ?? 0} condition={terms.join(' and ')} label={t('overlap.all')} />}
          note={format.share(all?.people ?? 0, told.people)}
        />
      </Stats>
      <Panel title={t('overlap.just')} note={t('overlap.justNote')}>
        <Intersections told={told} />
      </Panel>
      <Panel title={t('overlap.pairs')} note={t('overlap.pairsNote')}>
        <OverlapMatrix told={told} />
      </Panel>
    </>
  );
}

function AudiencesChoice({ chosen, onChoose }: { chosen: number[]; onChoose(numbers: number[]): void }) {
  const { t } = useText('members');
  const saved = useAudiences();
  return (
    <Select<number[], { value: number; label: string }>
      className="overlap-choice"
      mode="multiple"
      maxCount={MOST}
      aria-label={t('overlap.choose')}
      placeholder={t('overlap.choose')}
      value={chosen}
      onChange={onChoose}
      options={(saved.data ?? []).map((one) => ({ value: one.audience, label: one.name }))}
      showSearch={{ filterOption: (typed, option) => isFound(typed, option?.label ?? '') }}
    />
  );
}
