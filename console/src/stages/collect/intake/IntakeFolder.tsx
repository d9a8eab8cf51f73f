import { Link, useParams } from 'react-router';
import { useFolders, useWatchedFiles } from '@/api/queries/intake';
import type { WatchedFile, WatchedFolder } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { NONE } from '@/lib/format';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num, When } from '@/ui/Values/Values';
import { IntakeActions } from './IntakeActions';
import { FileStatus, folderState, StateWord } from './state';
import './intake.css';

/** One watched folder: its files, and what became of each. */
export default function IntakeFolder() {
  const { t } = useText('intake');
  const { name = '' } = useParams();
  const folders = useFolders();
  const folder = folders.data?.find((one) => one.name === name);
  return (
    <>
      <PageHeader
        above={<Link to="/collect/intake">{t('title')}</Link>}
        title={name}
        purpose={folder && `${t('kind.folders')} · ${folder.source}`}
        actions={folder && <IntakeActions kind="folders" name={name} paused={folder.paused_at !== null} />}
        freshness={<Freshness call={{ path: `/api/folders/${name}/files` }} command={`qianmian folder files ${name}`} />}
      />
      <Answer of={folders} rows={8}>
        {() =>
          folder ? (
            <div className="stack">
              {folder.problem && <StateView case="stale" words={folder.problem} />}
              <Head folder={folder} />
              <Files folder={name} />
            </div>
          ) : (
            <StateView case="error" what={t('unknown', { name })} />
          )
        }
      </Answer>
    </>
  );
}

function Head({ folder }: { folder: WatchedFolder }) {
  const { t } = useText('intake');
  return (
    <Stats>
      <Stat label={t('column.state')} value={<StateWord state={folderState(folder)} />} note={<code>{folder.path}</code>} />
      <Stat label={t('folder.taken')} value={<Num value={folder.taken} />} note={t('folder.takenNote')} />
      <Stat label={t('folder.waiting')} value={<Num value={folder.waiting} />} note={t('folder.waitingNote')} />
      <Stat label={t('folder.failed')} value={<Num value={folder.failed} />} />
      <Stat label={t('folder.looked')} value={<span className="head-value"><When at={folder.looked_at} /></span>} />
    </Stats>
  );
}

function Files({ folder }: { folder: string }) {
  const { t } = useText('intake');
  const format = useFormats();
  const files = useWatchedFiles(folder);
  const columns: Column<WatchedFile>[] = [
    { key: 'file', title: t('files.file'), render: (file) => <bdi>{file.file}</bdi> },
    { key: 'status', title: t('column.state'), render: (file) => <FileStatus status={file.status} /> },
    {
      key: 'batch',
      title: t('rows.batch'),
      render: ({ batch }) => (batch ? <Link to={`/collect/imports/${batch}`}>{batch}</Link> : <span className="muted">{NONE}</span>),
    },
    { key: 'read', title: t('rows.read'), numeric: true, render: (file) => <Num value={file.read} /> },
    { key: 'accepted', title: t('rows.accepted'), numeric: true, render: (file) => <Num value={file.accepted} /> },
    { key: 'duplicates', title: t('rows.duplicates'), numeric: true, render: (file) => <Num value={file.duplicates} /> },
    { key: 'refused', title: t('rows.refused'), numeric: true, render: (file) => <Num value={file.refused_rows} /> },
    { key: 'bytes', title: t('files.bytes'), numeric: true, optional: true, render: (file) => format.bytes(file.bytes) },
    { key: 'modified', title: t('files.modified'), optional: true, render: (file) => <When at={file.modified_at} as="minute" /> },
    { key: 'done', title: t('files.done'), render: (file) => <When at={file.done_at} as="minute" /> },
    { key: 'problem', title: t('column.problem'), render: (file) => <span className="intake-problem">{file.problem}</span> },
  ];
  return (
    <Panel flush title={t('files.title')} note={t('files.note')}>
      <Answer of={files}>
        {(rows) =>
          rows.length === 0 ? (
            <StateView case="new" title={t('files.none')} words={t('files.noneWords')} />
          ) : (
            <DataTable
              name="watched-files"
              caption={t('files.title')}
              columns={columns}
              rows={rows}
              rowKey={(file) => `${file.file} ${file.modified_at} ${file.bytes}`}
            />
          )
        }
      </Answer>
    </Panel>
  );
}
