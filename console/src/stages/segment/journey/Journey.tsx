import { Select } from 'antd';
import { useJourneys } from '@/api/queries/journeys';
import type { Journeys } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { oneOf, text, useUrlState } from '@/lib/urlState';
import { BarList } from '@/ui/BarList/BarList';
import { Freshness } from '@/ui/Freshness/Freshness';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Moves } from './Moves';
import './journey.css';

const spans = ['7', '30'] as const;
const schema = { category: text(), days: oneOf(spans, '30') };

/** Where people stand on the way to buying in a category, and who moved. */
export default function Journey() {
  const { t } = useText('journey');
  const [{ category, days }, set] = useUrlState(schema);
  const told = useJourneys(category, Number(days));
  const choice = told.data?.category && (
    <>
      <Select<string>
        className="journey-category"
        aria-label={t('category')}
        popupMatchSelectWidth={false}
        value={told.data.category}
        onChange={(next) => set({ category: next })}
        options={told.data.categories.map((one) => ({ value: one.category, label: one.category }))}
      />
      <Select<(typeof spans)[number]>
        aria-label={t('span')}
        popupMatchSelectWidth={false}
        value={days}
        onChange={(next) => set({ days: next })}
        options={spans.map((value) => ({ value, label: t('days', { n: value }) }))}
      />
    </>
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        actions={choice}
        freshness={
          <Freshness
            computed={told.data?.computed}
            call={{ path: '/api/journeys', query: { category: told.data?.category ?? '', days } }}
            command={`qianmian journey show${told.data?.category ? ` --category ${told.data.category}` : ''} --days ${days}`}
          />
        }
      />
      <Answer of={told} rows={10}>
        {(one) =>
          one.category ? (
            <Stages journeys={one} />
          ) : (
            <Panel>
              <StateView case="new" title={t('none')} words={t('noneWords')} />
            </Panel>
          )
        }
      </Answer>
    </>
  );
}

function Stages({ journeys }: { journeys: Journeys }) {
  const { t } = useText('journey');
  const format = useFormats();
  const { word } = useWords();
  const people = journeys.stages.reduce((sum, one) => sum + one.people, 0);
  return (
    <div className="stack">
      <div className="grid">
        <Panel className="span-7" title={t('now')} note={t('people', { n: format.int(people) })}>
          <BarList
            of={people}
            bars={journeys.stages.map(({ stage, people: many, condition }) => ({
              key: stage,
              label: word('journey', stage),
              spoken: word('journey', stage),
              people: many,
              condition,
            }))}
          />
        </Panel>
        <Panel className="span-5" title={t('came', { n: journeys.days })} note={t('cameNote')}>
          <table className="figures">
            <thead>
              <tr>
                <th scope="col">{t('stage')}</th>
                <th scope="col">{t('came', { n: journeys.days })}</th>
                <th scope="col">{t('build')}</th>
              </tr>
            </thead>
            <tbody>
              {journeys.stages.map((one) => (
                <tr key={one.stage}>
                  <th scope="row">{word('journey', one.stage)}</th>
                  <td>
                    <PeopleCount people={one.entered} condition={one.entered_condition} label={word('journey', one.stage)} />
                  </td>
                  <td>
                    <LinkButton size="small" type="text" to={`/segment/audiences/new?${new URLSearchParams({ condition: one.condition })}`}>
                      {t('toAudience')}
                    </LinkButton>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      </div>
      <Panel title={t('moves', { n: journeys.days })} note={t('movesNote', { date: format.date(format.localDate(new Date(journeys.since))) })}>
        <Moves journeys={journeys} />
      </Panel>
    </div>
  );
}
