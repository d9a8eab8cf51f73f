import { Button } from 'antd';
import { Link } from 'react-router';
import { useLargePeople } from '@/api/queries/identity';
import type { LargePerson } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { flag, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Freshness } from '@/ui/Freshness/Freshness';
import { StateView } from '@/ui/StateView/StateView';
import { Num } from '@/ui/Values/Values';

const schema = { large: flag() };

/** Says that people have suspiciously many identifiers, if any have, and lists them; nothing else is said. */
export function LargePeople() {
  const { t } = useText('identity');
  const format = useFormats();
  const [{ large }, set] = useUrlState(schema);
  const { data: told } = useLargePeople();
  if (!told || told.total === 0) return null;
  const count = { count: told.total, n: format.int(told.total), limit: format.int(told.limit) };
  return (
    <>
      <StateView
        case="stale"
        words={t('large.strip', count)}
        action={
          <Button size="small" onClick={() => set({ large: true })}>
            {t('large.open')}
          </Button>
        }
      />
      <DetailDrawer open={large} wide title={t('large.title')} onClose={() => set({ large: false })}>
        <div className="stack">
          <p>{t('large.words', count)}</p>
          <Listed people={told.people} />
          <Freshness computed={told.computed} call={{ path: '/api/identity/large' }} command="qianmian identity large" />
        </div>
      </DetailDrawer>
    </>
  );
}

function Listed({ people }: { people: readonly LargePerson[] }) {
  const { t } = useText('identity');
  const { word } = useWords();
  const format = useFormats();
  const columns: Column<LargePerson>[] = [
    {
      key: 'person',
      title: t('large.person'),
      render: ({ person }) => (
        <Link to={`/profile/people/${person}?identity=1`} className="code">
          {person}
        </Link>
      ),
    },
    { key: 'identifiers', title: t('large.identifiers'), numeric: true, render: ({ identifiers }) => <Num value={identifiers} /> },
    {
      key: 'kinds',
      title: t('large.kinds'),
      render: ({ namespaces }) =>
        Object.entries(namespaces)
          .map(([kind, count]) => `${word('namespace', kind)} ${format.int(count)}`)
          .join(' · '),
    },
    {
      key: 'hub',
      title: t('large.hub'),
      render: ({ hub }) =>
        hub ? (
          <>
            {word('namespace', hub.namespace)} <span className="code">{hub.value ?? t('erased')}</span>{' '}
            <span className="muted">{t('large.beside', { count: hub.beside, n: format.int(hub.beside) })}</span>
          </>
        ) : (
          NONE
        ),
    },
    {
      key: 'split',
      title: '',
      render: ({ person }) => <Link to={`/profile/people/${person}?identity=1&split=1`}>{t('large.split')}</Link>,
    },
  ];
  return <DataTable name="large-people" caption={t('large.title')} columns={columns} rows={people} rowKey={({ person }) => person} />;
}
