import type { AudienceBuild } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { NONE } from '@/lib/format';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Num, When } from '@/ui/Values/Values';

/** The builds that changed anything in an audience, the newest first; each number opens its people. */
export function BuildsTable({ builds }: { builds: readonly AudienceBuild[] }) {
  const { t } = useText('members');
  const columns: Column<AudienceBuild>[] = [
    {
      key: 'build',
      title: t('build'),
      render: (one) => (
        <>
          {t('buildOf', { n: one.build })} <span className="muted"><When at={one.counted_at} as="minute" /></span>
        </>
      ),
    },
    { key: 'people', title: t('people'), numeric: true, render: (one) => <Num value={one.people} /> },
    {
      key: 'entered',
      title: t('entered'),
      render: (one) => (one.failed ? <span title={one.failed}>{t('failedBuild')}</span> : <ByCause told={one.entered} of={t('entered')} />),
    },
    { key: 'left', title: t('left'), render: (one) => <ByCause told={one.left} of={t('left')} /> },
  ];
  return <DataTable name="members-builds" caption={t('title')} columns={columns} rows={builds} rowKey={(one) => String(one.build)} />;
}

function ByCause({ told, of }: { told: AudienceBuild['entered']; of: string }) {
  const { t } = useText('members');
  if (told.length === 0) return <span className="muted">{NONE}</span>;
  return (
    <ul className="members-causes">
      {told.map((one) => (
        <li key={one.cause} data-cause={one.cause} title={t(`causeMeans.${one.cause}`)}>
          {t(`cause.${one.cause}`)}{' '}
          {one.condition === null ? (
            <Num value={one.people} />
          ) : (
            <PeopleCount people={one.people} condition={one.condition} label={`${of} ${t(`cause.${one.cause}`)}`} />
          )}
        </li>
      ))}
    </ul>
  );
}
