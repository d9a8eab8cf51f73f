import { useFilled, useFills } from '@/api/queries/quality';
import type { FilledValue, FillReport } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Panel } from '@/ui/Panel/Panel';
import { PersonLink } from '@/ui/PersonLink/PersonLink';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num } from '@/ui/Values/Values';
import { useFieldName } from './fields';
import { fillSchema } from './look';

/** What was filled of missing values, and how far off each way is; every count opens the newest. */
export function Fills() {
  const { t } = useText('quality');
  const fills = useFills();
  const columns = useColumns();
  return (
    <Panel flush title={t('fills')} note={t('fillsNote')}>
      <Answer of={fills}>
        {(rows) =>
          rows.length === 0 ? (
            <StateView case="new" title={t('noFills')} words={t('noFillsWords')} />
          ) : (
            <DataTable
              name="quality-fills"
              caption={t('fills')}
              columns={columns}
              rows={rows}
              rowKey={(one) => [one.field, one.method, one.by, ...one.events].join(' ')}
            />
          )
        }
      </Answer>
      <Filled />
    </Panel>
  );
}

function useColumns(): Column<FillReport>[] {
  const { t } = useText('quality');
  const { word } = useWords();
  const format = useFormats();
  const field = useFieldName();
  const [, set] = useUrlState(fillSchema);
  const method = useMethod();
  const error = (value: number | null) => (value === null ? NONE : format.number(value));
  return [
    { key: 'field', title: t('column.field'), render: (one) => field(one.field) },
    { key: 'events', title: t('column.event'), render: (one) => one.events.map((name) => word('event', name)).join(t('and')) },
    { key: 'method', title: t('column.method'), render: (one) => method(one.method) },
    { key: 'by', title: t('column.by'), render: (one) => (one.by ? field(one.by) : NONE) },
    { key: 'empty', title: t('column.empty'), numeric: true, render: (one) => <Num value={one.empty} /> },
    {
      key: 'filled',
      title: t('column.filled'),
      numeric: true,
      render: (one) => (
        <button
          type="button"
          className="plain-button quality-look number"
          aria-label={`${field(one.field)}: ${format.int(one.filled)}`}
          onClick={() => set({ fill: one.field })}
        >
          {format.int(one.filled)}
        </button>
      ),
    },
    { key: 'error', title: t('column.error'), numeric: true, render: (one) => error(one.error) },
    { key: 'usual', title: t('column.usual'), numeric: true, render: (one) => error(one.error_usual) },
  ];
}

/** What people call a way to fill. */
function useMethod(): (method: string) => string {
  const { t } = useText('quality');
  const names: Record<string, string> = {
    constant: t('method.constant'),
    mean: t('method.mean'),
    median: t('method.median'),
    mode: t('method.mode'),
    forward: t('method.forward'),
    backward: t('method.backward'),
    model: t('method.model'),
  };
  return (method) => names[method] ?? method;
}

function Filled() {
  const { t } = useText('quality');
  const { word } = useWords();
  const format = useFormats();
  const field = useFieldName();
  const method = useMethod();
  const [{ fill }, set] = useUrlState(fillSchema);
  const filled = useFilled(fill);
  const columns: Column<FilledValue>[] = [
    { key: 'event', title: t('column.event'), render: (one) => <bdi title={one.event_id}>{word('event', one.event)}</bdi> },
    { key: 'occurred', title: t('column.occurred'), render: (one) => <span className="number">{format.stamp(one.occurred_at)}</span> },
    { key: 'method', title: t('column.method'), render: (one) => method(one.method) },
    { key: 'value', title: t('column.guess'), render: (one) => <bdi className="quality-value">{one.value}</bdi> },
    { key: 'doubt', title: t('column.doubt'), numeric: true, render: (one) => (one.doubt === null ? NONE : format.number(one.doubt)) },
    { key: 'person', title: t('column.person'), render: (one) => (one.person ? <PersonLink person={one.person} /> : NONE) },
  ];
  return (
    <DetailDrawer wide open={fill !== ''} title={fill && t('filled', { field: field(fill) })} onClose={() => set({ fill: '' })}>
      <Answer of={filled} rows={8}>
        {(rows) => (
          <DataTable
            name="quality-filled"
            caption={t('fills')}
            columns={columns}
            rows={rows}
            rowKey={(one) => [one.event_id, one.method, one.value].join(' ')}
          />
        )}
      </Answer>
    </DetailDrawer>
  );
}
