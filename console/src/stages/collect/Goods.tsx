import { Input } from 'antd';
import { useText } from '@/i18n/text';
import { Link } from 'react-router';
import { useGoods } from '@/api/queries/goods';
import type { StockedItem } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { NONE } from '@/lib/format';
import { itemPath } from '@/lib/itemPath';
import { oneOf, text, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { MoreRows } from '@/ui/DataTable/MoreRows';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Money, Num } from '@/ui/Values/Values';
import { ItemPeek, itemKey } from './ItemPeek';
import { SOUGHT, StockStateMark, StockStates, useMeaning } from './StockStates';

const schema = { q: text(), peek: text(), state: oneOf(['', ...SOUGHT] as const, '') };

/** The goods of the shop as they are today, with how they sell and how long their stock lasts. */
export default function Goods() {
  const { t } = useText('goods');
  const format = useFormats();
  const [{ q, peek, state }, set] = useUrlState(schema);
  const goods = useGoods(q, state);
  const rules = goods.data?.pages[0]?.rules;
  const meaning = useMeaning(rules);
  const days = rules?.pace_days ?? NONE;
  const columns: Column<StockedItem>[] = [
    {
      key: 'title',
      title: t('column.title'),
      render: (item) => (
        <>
          <Link to={itemPath(item)}>{item.title || item.item_id}</Link> <span className="code muted">{item.item_id}</span>
        </>
      ),
    },
    { key: 'category', title: t('column.category'), render: (item) => item.category_id || NONE },
    { key: 'brand', title: t('column.brand'), render: (item) => item.brand_id || NONE },
    { key: 'price', title: t('column.price'), numeric: true, render: (item) => <Money value={item.price} /> },
    { key: 'stock', title: t('column.stock'), numeric: true, render: (item) => <Num value={item.stock} /> },
    { key: 'pieces', title: t('column.pieces', { days }), numeric: true, render: (item) => <Num value={item.pieces} /> },
    { key: 'net', title: t('column.net', { days }), numeric: true, render: (item) => <Money value={item.net} /> },
    { key: 'cover', title: t('column.cover'), numeric: true, render: (item) => format.int(item.days_of_cover) },
    { key: 'state', title: t('column.state'), render: (item) => <StockStateMark state={item.state} /> },
    { key: 'source', title: t('column.source'), render: (item) => item.source },
  ];
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        freshness={<Freshness computed={goods.data?.pages[0]?.computed} call={{ path: '/api/goods', query: { text: q, ...(state && { state }), limit: 50 } }} />}
      />
      <Panel flush>
        <Answer of={goods} rows={12}>
          {({ pages }) => {
            const rows = pages.flatMap((page) => page.goods);
            return (
              <>
                <DataTable
                  name="goods"
                  caption={t('title')}
                  columns={columns}
                  rows={rows}
                  rowKey={itemKey}
                  onOpen={(item) => set({ peek: itemKey(item) })}
                  selected={peek}
                  tools={
                    <div className="row stock-tools">
                    <Input.Search
                      className="search-box"
                      allowClear
                      data-filter
                      defaultValue={q}
                      maxLength={200}
                      aria-label={t('search')}
                      placeholder={t('search')}
                      onSearch={(value) => set({ q: value.trim() })}
                    />
                    <StockStates value={state} onChange={(next) => set({ state: next })} states={pages[0]?.states ?? {}} />
                    <span className="muted stock-meaning">{meaning(state)}</span>
                    </div>
                  }
                  foot={rows.length > 0 && <MoreRows shown={rows.length} total={pages[0]?.total ?? 0} query={goods} />}
                />
                {rows.length === 0 &&
                  (q || state ? (
                    <StateView
                      case="filtered"
                      filter={[q, state && t(`state.${state}`)].filter(Boolean).join(' · ')}
                      onClear={() => set({ q: '', state: '' })}
                    />
                  ) : (
                    <StateView case="new" title={t('none')} words={t('noneWords')} />
                  ))}
              </>
            );
          }}
        </Answer>
      </Panel>
      <ItemPeek name={peek} onClose={() => set({ peek: '' })} />
    </>
  );
}
