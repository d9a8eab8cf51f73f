import { Segmented } from 'antd';
import { Navigate, useSearchParams } from 'react-router';
import { useAudiences, useRestore } from '@/api/queries/savedAudiences';
import type { SavedAudience } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { oneOf, int, text, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { When } from '@/ui/Values/Values';
import { AudienceLink } from './AudienceLink';
import { AudiencePeek } from './AudiencePeek';
import { Undo } from './Undo';
import './audiences.css';

const schema = { show: oneOf(['standing', 'deleted'], 'standing'), peek: text(), deleted: int(0) };

/** The audiences that somebody saved. A condition in the address belongs to the screen that writes one. */
export default function Audiences() {
  const [params] = useSearchParams();
  return params.has('condition') ? <Navigate to={`/segment/audiences/new?${params}`} replace /> : <Saved />;
}

function Saved() {
  const { t } = useText('audiences');
  const [{ show, peek, deleted }, set] = useUrlState(schema);
  const audiences = useAudiences({ deleted: show === 'deleted' });
  const columns = useColumns(show === 'deleted');
  const start = (
    <LinkButton type="primary" to="/segment/audiences/new">
      {t('new.title')}
    </LinkButton>
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        actions={start}
        freshness={
          <Freshness call={{ path: '/api/audiences', query: { deleted: show === 'deleted' ? 'true' : undefined } }} command="qianmian audience list" />
        }
      />
      <div className="stack">
        {deleted > 0 && <Undo audience={deleted} onDone={() => set({ deleted: 0 }, { replace: true })} />}
        <Panel flush>
          <Answer of={audiences} rows={6}>
            {(rows) => (
              <>
                <DataTable
                  name="audiences"
                  caption={t('title')}
                  columns={columns}
                  rows={rows}
                  rowKey={(one) => String(one.audience)}
                  onOpen={(one) => set({ peek: String(one.audience) })}
                  selected={peek}
                  tools={
                    <Segmented<'standing' | 'deleted'>
                      aria-label={t('show.label')}
                      value={show}
                      onChange={(next) => set({ show: next, peek: '' })}
                      options={[
                        { value: 'standing', label: t('show.standing') },
                        { value: 'deleted', label: t('show.deleted') },
                      ]}
                    />
                  }
                />
                {rows.length === 0 &&
                  (show === 'deleted' ? (
                    <StateView case="new" title={t('noneDeleted')} words={t('noneDeletedWords')} />
                  ) : (
                    <StateView case="new" title={t('none')} words={t('noneWords')} action={start} />
                  ))}
              </>
            )}
          </Answer>
        </Panel>
      </div>
      <AudiencePeek audience={Number(peek)} onClose={() => set({ peek: '' })} />
    </>
  );
}

function useColumns(deleted: boolean): Column<SavedAudience>[] {
  const { t } = useText('audiences', 'members');
  const columns: Column<SavedAudience>[] = [
    { key: 'name', title: t('column.name'), render: (one) => <AudienceLink audience={one} /> },
    {
      key: 'people',
      title: t('column.people'),
      numeric: true,
      render: (one) => <PeopleCount people={one.people} condition={one.lists} label={one.name} />,
    },
    { key: 'kind', title: t('members:kindOf'), optional: true, render: (one) => t(`members:kind.${one.kind}`) },
    { key: 'asOf', title: t('column.asOf'), render: (one) => <When at={one.computed_at} as="minute" /> },
    { key: 'condition', title: t('condition'), optional: true, render: (one) => <code className="audience-cell" title={one.condition}>{one.condition}</code> },
    { key: 'note', title: t('column.note'), optional: true, render: (one) => <bdi className="audience-cell" title={one.note}>{one.note}</bdi> },
    { key: 'usedIn', title: t('column.usedIn'), optional: true, render: () => <span className="muted">{t('unused')}</span> },
    { key: 'by', title: t('column.by'), optional: true, render: (one) => one.changed_by || t('nobodyNamed') },
    { key: 'changed', title: t('column.changed'), optional: true, render: (one) => <When at={one.changed_at} /> },
  ];
  return deleted ? [...columns, { key: 'restore', title: t('restore'), render: (one) => <Restore audience={one.audience} /> }] : columns;
}

function Restore({ audience }: { audience: number }) {
  const { t } = useText('audiences');
  const restore = useRestore();
  return (
    <button type="button" className="plain-button link-button" disabled={restore.isPending} onClick={() => restore.mutate(audience)}>
      {t('restore')}
    </button>
  );
}
