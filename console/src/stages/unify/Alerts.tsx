import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { QualityAlert } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Panel } from '@/ui/Panel/Panel';
import { StateView } from '@/ui/StateView/StateView';
import { Acknowledge } from './Acknowledge';
import { fieldPath, isKind, useFieldName } from './fields';

/** Fields that are worse than they should be: those that go on, or those that ended. */
export function Alerts({ alerts, isOfOne = false }: { alerts: readonly QualityAlert[]; isOfOne?: boolean }) {
  const { t } = useText('quality');
  const [which, setWhich] = useState<'open' | 'ended'>('open');
  const [asked, ask] = useState<QualityAlert | null>(null);
  const columns = useColumns(isOfOne, ask);
  const open = alerts.filter((one) => one.is_open);
  const ended = alerts.filter((one) => !one.is_open);
  const rows = which === 'open' ? open : ended;
  const tabs = (
    <Segmented
      aria-label={t('alerts')}
      value={which}
      onChange={(value: 'open' | 'ended') => setWhich(value)}
      options={[
        { value: 'open', label: t('openOnly', { n: open.length }) },
        { value: 'ended', label: t('endedToo', { n: ended.length }) },
      ]}
    />
  );
  return (
    <Panel flush title={t('alerts')} note={t('alertsNote')} actions={ended.length > 0 && tabs}>
      {rows.length === 0 ? (
        <StateView case="new" title={t('noAlerts')} words={t('noAlertsWords')} />
      ) : (
        <DataTable
          name="quality-alerts"
          caption={t('alerts')}
          columns={columns}
          rows={rows}
          rowKey={(one) => [one.source, one.field, one.kind, one.since_on].join(' ')}
        />
      )}
      <Acknowledge alert={asked} onClose={() => ask(null)} />
    </Panel>
  );
}

function useColumns(isOfOne: boolean, ask: (alert: QualityAlert) => void): Column<QualityAlert>[] {
  const { t } = useText('quality');
  const format = useFormats();
  const name = useFieldName();
  const told = (one: QualityAlert, value: number) => (one.kind === 'drift' ? format.number(value) : format.percent(value));
  const field: Column<QualityAlert>[] = [
    { key: 'field', title: t('column.field'), render: (one) => <Link to={fieldPath(one.source, one.field)}>{name(one.field)}</Link> },
    { key: 'source', title: t('column.source'), render: (one) => one.source },
  ];
  return [
    { key: 'kind', title: t('column.kind'), render: (one) => <span className="quality-bad">{isKind(one.kind) ? t(`kind.${one.kind}`) : one.kind}</span> },
    ...(isOfOne ? [] : field),
    { key: 'since', title: t('column.since'), render: (one) => format.date(one.since_on) },
    { key: 'until', title: t('column.until'), render: (one) => format.date(one.last_on) },
    { key: 'value', title: t('column.value'), numeric: true, render: (one) => told(one, one.value) },
    { key: 'limit', title: t('column.limit'), numeric: true, render: (one) => <span className="muted">{told(one, one.limit)}</span> },
    {
      key: 'who',
      title: t('column.who'),
      render: (one) =>
        one.acknowledged_by ? (
          <bdi title={one.note}>{one.acknowledged_by}</bdi>
        ) : (
          one.is_open && (
            <Button size="small" onClick={() => ask(one)}>
              {t('acknowledge')}
            </Button>
          )
        ),
    },
  ];
}
