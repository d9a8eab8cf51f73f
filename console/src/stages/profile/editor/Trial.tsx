import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { TagTrial } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { BarList } from '@/ui/BarList/BarList';
import { CoverageBar } from '@/ui/CoverageBar/CoverageBar';
import { Facts } from '@/ui/Facts/Facts';
import { Panel } from '@/ui/Panel/Panel';
import { StateView } from '@/ui/StateView/StateView';
import { useRangeLabel } from '../valueBars';
import type { Tried } from './useTried';

/** What the tag that is being written would say of some people. */
export function Trial({ of }: { of: Tried }) {
  const { t } = useText('tagEditor');
  const format = useFormats();
  const { data } = of;
  const note = of.isBusy ? t('trying') : data && t(data.people < data.of_people ? 'triedOn' : 'triedOnAll', { n: format.int(data.people), all: format.int(data.of_people) });
  return (
    <Panel className="tag-trial" title={t('trial')} note={note}>
      <div aria-live="polite">{body()}</div>
    </Panel>
  );

  function body(): ReactNode {
    if (of.lacks.length > 0) {
      return <StateView case="new" title={t('lacksTitle')} words={t('lacks', { what: of.lacks.join(' · ') })} />;
    }
    if (of.refusal) return <StateView case="error" what={t('wrongTitle')} hint={of.refusal} />;
    if (of.isUnbuilt) return <StateView case="new" title={t('unbuilt')} words={t('unbuiltWords')} />;
    if (!data) return <StateView case="loading" rows={6} />;
    return (
      <div className={of.isBusy ? 'stack dimmed' : 'stack'}>
        <Shares trial={data} />
        <Examples trial={data} />
      </div>
    );
  }
}

function Shares({ trial: { tag, people, covered, changed, shares } }: { trial: TagTrial }) {
  const { t } = useText('tagEditor', 'people');
  const format = useFormats();
  const label = useRangeLabel(tag);
  const bars = shares.map((share) => ({ key: label(share), label: label(share), spoken: label(share), people: share.people }));
  const counted = (n: number) => t('people:count', { count: n, n: format.int(n) });
  return (
    <>
      <Facts
        facts={[
          [t('covered'), <span key="covered" className="row">{counted(covered)} <CoverageBar part={covered} all={people} /></span>],
          ...(changed === null ? [] : [[t('changed'), counted(changed)] as const]),
        ]}
      />
      {covered > 0 ? <BarList bars={bars} of={covered} /> : <p className="muted">{t('nobody')}</p>}
    </>
  );
}

function Examples({ trial: { tag, changed, examples } }: { trial: TagTrial }) {
  const { t } = useText('tagEditor');
  const { tagValue } = useWords();
  return (
    <table className="figures tag-examples">
      <thead>
        <tr>
          <th scope="col">{t('person')}</th>
          {changed !== null && <th scope="col">{t('now')}</th>}
          <th scope="col">{t(changed === null ? 'said' : 'then')}</th>
        </tr>
      </thead>
      <tbody>
        {examples.map(({ person, value, before }) => (
          <tr key={person}>
            <th scope="row">
              <Link className="code" to={`/profile/people/${person}`} target="_blank">
                {person}
              </Link>
            </th>
            {changed !== null && <td className="muted">{tagValue(tag, before)}</td>}
            <td>{tagValue(tag, value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
