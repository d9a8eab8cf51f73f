import { useText } from '@/i18n/text';
import { Link } from 'react-router';
import { useItem } from '@/api/queries/goods';
import type { Item as Fact } from '@/api/shapes';
import { NONE } from '@/lib/format';
import { text, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { Answer } from '@/ui/StateView/Answer';
import { Money, Num, When } from '@/ui/Values/Values';

const schema = { source: text(), item: text() };

/** One item: what it is today, how its price and stock went, who looked and who bought. */
export default function Item() {
  const { t } = useText('goods');
  const [{ source, item: id }] = useUrlState(schema);
  const item = useItem(source, id);
  return (
    <>
      <PageHeader
        above={<Link to="/collect/goods">{t('title')}</Link>}
        title={item.data?.item.title || id}
        purpose={
          <code>
            {source} / {id}
          </code>
        }
        freshness={<Freshness computed={item.data?.computed} call={{ path: `/api/goods/${encodeURIComponent(source)}/${encodeURIComponent(id)}` }} />}
      />
      <Answer of={item} rows={8}>
        {({ item: today, history, viewers, buyers }) => (
          <div className="stack">
            <Stats>
              <Stat label={t('column.price')} value={<Money value={today.price} />} />
              <Stat label={t('column.cost')} value={<Money value={today.cost} />} />
              <Stat label={t('column.stock')} value={<Num value={today.stock} />} />
              <Stat label={t('column.category')} value={<span className="head-value">{today.category_id || NONE}</span>} />
              <Stat label={t('column.brand')} value={<span className="head-value">{today.brand_id || NONE}</span>} />
              <Stat label={t('viewers')} value={viewers ? <PeopleCount {...viewers} label={t('viewers')} /> : NONE} />
              <Stat label={t('buyers')} value={buyers ? <PeopleCount {...buyers} label={t('buyers')} /> : NONE} />
            </Stats>
            <History history={history} />
          </div>
        )}
      </Answer>
    </>
  );
}

function History({ history }: { history: readonly Fact[] }) {
  const { t } = useText('goods');
  const columns: Column<Fact>[] = [
    { key: 'from', title: t('column.from'), render: (fact) => <When at={fact.valid_from} as="minute" /> },
    { key: 'title', title: t('column.title'), render: (fact) => fact.title || NONE },
    { key: 'price', title: t('column.price'), numeric: true, render: (fact) => <Money value={fact.price} /> },
    { key: 'cost', title: t('column.cost'), numeric: true, render: (fact) => <Money value={fact.cost} /> },
    { key: 'stock', title: t('column.stock'), numeric: true, render: (fact) => <Num value={fact.stock} /> },
  ];
  return (
    <Panel flush title={t('history')} note={t('historyNote')}>
      <DataTable name="item-history" caption={t('history')} columns={columns} rows={history} rowKey={(fact) => String(fact.valid_from)} />
    </Panel>
  );
}
