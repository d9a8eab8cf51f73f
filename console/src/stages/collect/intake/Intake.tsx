import { Button } from 'antd';
import { Link, useNavigate } from 'react-router';
import { useFolders, usePulls, type Kind } from '@/api/queries/intake';
import type { Pull, WatchedFolder } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { int, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { When } from '@/ui/Values/Values';
import { NewIntake } from './NewIntake';
import { folderState, pullState, StateWord, type State } from './state';
import './intake.css';

const schema = { make: int(0) };

interface Row {
  kind: Kind;
  name: string;
  reads: string;
  source: string;
  state: State;
  problem: string;
  /** Files that could not be taken in. */
  failed: number;
  last: string | null;
  next: string | null;
}

/** Pulls and watched folders: what comes in by itself, how fresh it is, and what is wrong. */
export default function Intake() {
  const { t } = useText('intake');
  const navigate = useNavigate();
  const [{ make }, set] = useUrlState(schema);
  const pulls = usePulls();
  const folders = useFolders();
  const columns = useColumns();
  const start = (
    <Button type="primary" onClick={() => set({ make: 1 })}>
      {t('new.open')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        actions={start}
        freshness={<Freshness call={{ path: '/api/pulls' }} command="qianmian pull list; qianmian folder list" />}
      />
      <Panel flush>
        <Answer of={both(pulls, folders)} rows={6}>
          {(rows) =>
            rows.length === 0 ? (
              <StateView case="new" title={t('none')} words={t('noneWords')} action={start} />
            ) : (
              <DataTable
                name="intake"
                caption={t('title')}
                columns={columns}
                rows={rows}
                rowKey={addressOf}
                onOpen={(row) => void navigate(addressOf(row))}
              />
            )
          }
        </Answer>
      </Panel>
      <NewIntake open={make > 0} onClose={(address) => (address ? void navigate(address) : set({ make: 0 }))} />
    </>
  );
}

function addressOf({ kind, name }: Pick<Row, 'kind' | 'name'>): string {
  return `/collect/intake/${kind}/${name}`;
}

function useColumns(): Column<Row>[] {
  const { t } = useText('intake');
  const format = useFormats();
  const failedFiles = (count: number) => count > 0 && t('failedFiles', { count, n: format.int(count) });
  return [
    { key: 'name', title: t('column.name'), render: (row) => <Link to={addressOf(row)}>{row.name}</Link> },
    { key: 'kind', title: t('column.kind'), render: ({ kind }) => t(`kind.${kind}`) },
    {
      key: 'reads',
      title: t('column.reads'),
      optional: true,
      render: ({ reads }) => <code className="intake-what" title={reads}>{reads}</code>,
    },
    { key: 'source', title: t('column.source'), render: ({ source }) => source },
    { key: 'state', title: t('column.state'), render: ({ state }) => <StateWord state={state} /> },
    { key: 'last', title: t('column.last'), render: ({ last }) => <When at={last} /> },
    { key: 'next', title: t('column.next'), render: ({ next }) => <When at={next} as="minute" /> },
    { key: 'problem', title: t('column.problem'), render: (row) => <span className="intake-problem">{row.problem || failedFiles(row.failed)}</span> },
  ];
}

function both(pulls: ReturnType<typeof usePulls>, folders: ReturnType<typeof useFolders>) {
  const told = pulls.data && folders.data;
  return {
    data: told && [...pulls.data.map(ofPull), ...folders.data.map(ofFolder)],
    error: pulls.error ?? folders.error,
    refetch: () => Promise.all([pulls.refetch(), folders.refetch()]),
  };
}

function ofPull(pull: Pull): Row {
  const { name, source, problem, relation: reads, ran_at: last, next_at: next } = pull;
  return { kind: 'pulls', name, reads, source, problem, failed: 0, last, next, state: pullState(pull) };
}

function ofFolder(folder: WatchedFolder): Row {
  const { name, source, problem, failed, path: reads, taken_at: last } = folder;
  return { kind: 'folders', name, reads, source, problem, failed, last, next: null, state: folderState(folder) };
}
