import { Link } from 'react-router';
import { useQualityField } from '@/api/queries/quality';
import type { QualityFieldPage } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { text, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { Num } from '@/ui/Values/Values';
import { useWords } from '@/i18n/words';
import { Alerts } from './Alerts';
import { BadShare } from './BadShare';
import { Classes } from './Classes';
import { Examples } from './Examples';
import { COUNTED, useFieldName } from './fields';
import { QualityDays } from './QualityDays';
import './quality.css';

const schema = { source: text(), field: text() };

/** One field of a source: how it went, in which events, and which values it has. */
export default function QualityField() {
  const { t } = useText('quality');
  const [{ source, field }] = useUrlState(schema);
  const name = useFieldName();
  const page = useQualityField(source, field);
  return (
    <>
      <PageHeader
        above={<Link to="/unify/quality">{t('title')}</Link>}
        title={name(field)}
        purpose={
          <code>
            {source} / {field}
          </code>
        }
        freshness={<Freshness call={{ path: '/api/quality/field', query: { source, field } }} command={`qianmian quality show ${source} ${field}`} />}
      />
      <Answer of={page} rows={12}>
        {(told) => (
          <div className="stack">
            {told.alerts.length > 0 && <Alerts alerts={told.alerts} isOfOne />}
            <QualityDays page={told} />
            <div className="grid">
              <Events page={told} />
              <Classes page={told} />
            </div>
          </div>
        )}
      </Answer>
      <Examples />
    </>
  );
}

type EventQuality = QualityFieldPage['events'][number];

function Events({ page: { quality, events } }: { page: QualityFieldPage }) {
  const { t } = useText('quality');
  const { word } = useWords();
  const columns: Column<EventQuality>[] = [
    { key: 'event', title: t('column.event'), render: (one) => <bdi>{word('event', one.event)}</bdi> },
    { key: 'events', title: t('column.events'), numeric: true, render: (one) => <Num value={one.events} /> },
    ...COUNTED.filter((kind) => kind !== 'late' || quality.field === 'received_at').map((kind) => ({
      key: kind,
      title: t(`column.${kind}`),
      numeric: true,
      render: (one: EventQuality) => <BadShare counts={one} kind={kind} source={quality.source} field={quality.field} />,
    })),
  ];
  return (
    <Panel flush title={t('events')} note={t('eventsNote')} className="span-7">
      <DataTable name="quality-events" caption={t('events')} columns={columns} rows={events} rowKey={(one) => one.event} />
    </Panel>
  );
}
