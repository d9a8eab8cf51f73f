import type { ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { Link } from 'react-router';
import { useItem } from '@/api/queries/goods';
import type { Item as Fact, ItemPage } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
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
import { ItemCourse } from './ItemCourse';
import { ItemFacts } from './ItemFacts';
import { StockStateMark, useMeaning } from './StockStates';
import { Variants } from './Variants';

const schema = { source: text(), item: text() };

/** One item: what it is, how price, stock and sales went, its model, who looked and who bought. */
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
        {(page) => (
          <div className="stack">
            <Figures page={page} />
            <div className="grid">
              <ItemCourse page={page} className="span-8" />
              <ItemFacts page={page} className="span-4" />
            </div>
            {page.variants.length > 1 && <Variants page={page} />}
            <History history={page.history} />
          </div>
        )}
      </Answer>
    </>
  );
}

function Figures({ page: { item, margin, sales, buyers, viewers } }: { page: ItemPage }) {
  const { t } = useText('goods');
  const format = useFormats();
  const meaning = useMeaning(sales.rules);
  const days = sales.rules.pace_days;
  const people = (counted: ItemPage['buyers'], label: string) => (counted ? <PeopleCount {...counted} label={label} /> : NONE);
  // What was sold opens those who bought it.
  const bought = (value: ReactNode, label: string) =>
    sales.buyers ? (
      <PeopleCount {...sales.buyers} label={label}>
        {value}
      </PeopleCount>
    ) : (
      value
    );
  return (
    <>
      <Stats>
        <Stat label={t('column.price')} value={<Money value={item.price} />} />
        <Stat label={t('column.cost')} value={<Money value={item.cost} />} />
        <Stat label={t('margin')} value={format.percent(margin)} note={t('marginNote')} />
        <Stat label={t('column.stock')} value={<Num value={item.stock} />} />
        <Stat
          label={t('column.cover')}
          value={format.int(sales.days_of_cover)}
          note={sales.pieces > 0 ? t('coverNote', { days }) : t('never', { days })}
        />
        <Stat label={t('column.state')} value={<StockStateMark state={sales.state} />} note={meaning(sales.state)} />
      </Stats>
      <Stats>
        <Stat label={t('column.pieces', { days })} value={bought(<Num value={sales.pieces} />, t('column.pieces', { days }))} />
        <Stat label={t('column.net', { days })} value={bought(<Money value={sales.net} />, t('column.net', { days }))} note={t('netNote')} />
        <Stat label={t('recentBuyers', { days })} value={people(sales.buyers, t('recentBuyers', { days }))} />
        <Stat label={t('buyers')} value={people(buyers, t('buyers'))} />
        <Stat label={t('viewers')} value={people(viewers, t('viewers'))} />
      </Stats>
    </>
  );
}

function History({ history }: { history: readonly Fact[] }) {
  const { t } = useText('goods');
  const columns: Column<Fact>[] = [
    { key: 'from', title: t('column.from'), render: (fact) => <When at={fact.valid_from} as="minute" /> },
    { key: 'title', title: t('column.title'), render: (fact) => fact.title || NONE },
    { key: 'category', title: t('column.category'), render: (fact) => fact.category_id || NONE },
    { key: 'price', title: t('column.price'), numeric: true, render: (fact) => <Money value={fact.price} /> },
    { key: 'cost', title: t('column.cost'), numeric: true, render: (fact) => <Money value={fact.cost} /> },
    { key: 'stock', title: t('column.stock'), numeric: true, render: (fact) => <Num value={fact.stock} /> },
    { key: 'state', title: t('column.state'), render: (fact) => (fact.is_delisted ? t('state.delisted') : NONE) },
  ];
  return (
    <Panel flush title={t('history')} note={t('historyNote')}>
      <DataTable name="item-history" caption={t('history')} columns={columns} rows={history} rowKey={(fact) => String(fact.valid_from)} />
    </Panel>
  );
}
