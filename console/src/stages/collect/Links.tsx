import { Button } from 'antd';
import { Link, useNavigate } from 'react-router';
import { useLinks } from '@/api/queries/links';
import type { CountedLink } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { NONE } from '@/lib/format';
import { int, text, useUrlState } from '@/lib/urlState';
import { Copy } from '@/ui/Copy/Copy';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num, When } from '@/ui/Values/Values';
import { LinkPeek } from './LinkPeek';
import { NewLink } from './NewLink';
import './links.css';

const schema = { make: int(0), peek: text() };

/** Short addresses and QR codes, and how often each was opened. */
export default function Links() {
  const { t } = useText('links');
  const navigate = useNavigate();
  const [{ make, peek }, set] = useUrlState(schema);
  const links = useLinks();
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
        freshness={<Freshness call={{ path: '/api/links' }} command="qianmian link list" />}
      />
      <Panel flush>
        <Answer of={links} rows={6}>
          {(rows) =>
            rows.length === 0 ? (
              <StateView case="new" title={t('none')} words={t('noneWords')} action={start} />
            ) : (
              <DataTable
                name="links"
                caption={t('title')}
                columns={columns}
                rows={rows}
                rowKey={({ code }) => code}
                onOpen={({ code }) => set({ peek: code })}
                selected={peek}
              />
            )
          }
        </Answer>
      </Panel>
      <LinkPeek link={links.data?.find(({ code }) => code === peek)} onClose={() => set({ peek: '' })} />
      <NewLink open={make > 0} onClose={(code) => (code ? void navigate(`/collect/links/${code}`) : set({ make: 0 }))} />
    </>
  );
}

function useColumns(): Column<CountedLink>[] {
  const { t } = useText('links');
  return [
    {
      key: 'code',
      title: t('column.code'),
      render: ({ code, address, disabled_at }) => (
        <>
          <Link to={`/collect/links/${code}`}>
            <code>{code}</code>
          </Link>{' '}
          <Copy text={address} /> {disabled_at && <span className="muted">{t('disabled')}</span>}
        </>
      ),
    },
    { key: 'kind', title: t('column.kind'), render: ({ kind }) => t(`kind.${kind as 'post'}`) },
    { key: 'owner', title: t('column.owner'), render: ({ owner }) => <bdi>{owner || NONE}</bdi> },
    { key: 'opened', title: t('column.opened'), numeric: true, render: ({ opened }) => <Num value={opened} /> },
    { key: 'last', title: t('column.last'), render: ({ last_at }) => <When at={last_at} /> },
    {
      key: 'target',
      title: t('column.target'),
      optional: true,
      render: ({ target }) => <bdi className="link-target" title={target}>{target}</bdi>,
    },
    { key: 'created', title: t('column.created'), optional: true, render: ({ created_at }) => <When at={created_at} as="minute" /> },
  ];
}
