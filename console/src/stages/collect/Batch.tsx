import { Link, useParams } from 'react-router';
import { useImports, useRefused } from '@/api/queries/imports';
import type { Batch as BatchTold, Computed, Refused } from '@/api/shapes';
import { useSignedIn } from '@/app/SessionGate';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num, When } from '@/ui/Values/Values';
import { BatchActions } from './BatchActions';
import { BatchState } from './BatchState';

/** One import: what came of its rows, and why some were refused. */
export default function Batch() {
  const { t } = useText('imports');
  const number = Number(useParams().batch);
  const format = useFormats();
  const imports = useImports();
  const { computed } = useSignedIn();
  const batch = imports.data?.find((one) => one.batch === number);
  return (
    <>
      <PageHeader
        above={<Link to="/collect/imports">{t('title')}</Link>}
        title={batch ? batch.file : t('one', { batch: number })}
        purpose={batch && t('batchPurpose', { batch: number, source: batch.source })}
        actions={batch && <BatchActions batch={batch} />}
        freshness={
          <Freshness call={{ path: `/api/imports/${number}` }} command={`qianmian import refused ${number}`} />
        }
      />
      <div className="stack">
        {batch && isWaiting(batch, computed) && (
          <StateView case="stale" words={t('waiting')} action={<Link to="/system/jobs?build=1">{t('states:stale.build')}</Link>} />
        )}
        <Answer of={imports}>
          {() =>
            batch ? (
              <Stats>
                <Stat label={t('column.state')} value={<BatchState batch={batch} />} />
                <Stat label={t('column.read')} value={<Num value={batch.read} />} />
                <Stat label={t('column.accepted')} value={<Num value={batch.accepted} />} />
                <Stat label={t('column.refused')} value={<Num value={batch.refused_rows} />} />
                <Stat label={t('other')} value={<Num value={batch.read - batch.accepted - batch.refused_rows} />} note={t('otherNote')} />
                <Stat label={t('column.done')} value={<span className="head-value">{format.minute(batch.done_at)}</span>} />
              </Stats>
            ) : (
              <StateView case="error" what={t('unknown', { batch: number })} />
            )
          }
        </Answer>
        {batch && <RefusedRows batch={number} />}
      </div>
    </>
  );
}

// The profiles are older than the import, or than its undoing.
function isWaiting({ done_at, undone_at }: BatchTold, computed: Computed | null): boolean {
  const changed = undone_at ?? done_at;
  return changed !== null && (computed === null || Date.parse(computed.computed_at) < Date.parse(changed));
}

function RefusedRows({ batch }: { batch: number }) {
  const { t } = useText('imports');
  const { word } = useWords();
  const refused = useRefused(batch);
  const columns: Column<Refused>[] = [
    { key: 'row', title: t('refused.row'), numeric: true, width: 96, render: (row) => <Num value={row.position} /> },
    { key: 'reason', title: t('refused.reason'), render: (row) => word('reason', row.reason) },
    { key: 'field', title: t('refused.field'), render: (row) => <code>{row.field || t('refused.whole')}</code> },
    { key: 'detail', title: t('refused.detail'), render: (row) => <span title={row.detail}>{row.detail}</span> },
    { key: 'at', title: t('refused.at'), render: (row) => <When at={row.refused_at} as="minute" /> },
  ];
  return (
    <Panel flush title={t('refused.title')} note={t('refused.note')}>
      <Answer of={refused}>
        {(rows) =>
          rows.length === 0 ? (
            <StateView case="new" title={t('refused.none')} words={t('refused.noneWords')} />
          ) : (
            <DataTable name="refused" caption={t('refused.title')} columns={columns} rows={rows} rowKey={(row) => String(row.position)} />
          )
        }
      </Answer>
    </Panel>
  );
}
