import { Link } from 'react-router';
import { useText } from '@/i18n/text';
import type { ItemPage, Variant } from '@/api/shapes';
import { NONE } from '@/lib/format';
import { itemPath } from '@/lib/itemPath';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Panel } from '@/ui/Panel/Panel';
import { Money, Num } from '@/ui/Values/Values';
import { shown } from './ItemFacts';

/** The items of one model side by side, with what sets each apart. */
export function Variants({ page: { item, variants } }: { page: ItemPage }) {
  const { t } = useText('goods');
  const columns: Column<Variant>[] = [
    {
      key: 'title',
      title: t('column.title'),
      render: (one) => (
        <>
          {one.item_id === item.item_id ? <strong>{one.title || one.item_id}</strong> : <Link to={itemPath(one)}>{one.title || one.item_id}</Link>}{' '}
          <span className="code muted">{one.item_id}</span>
        </>
      ),
    },
    { key: 'attributes', title: t('column.attributes'), render: (one) => Object.values(one.attributes).map(shown).join(' · ') || NONE },
    { key: 'price', title: t('column.price'), numeric: true, render: (one) => <Money value={one.price} /> },
    { key: 'stock', title: t('column.stock'), numeric: true, render: (one) => <Num value={one.stock} /> },
    { key: 'state', title: t('column.state'), render: (one) => (one.is_delisted ? t('state.delisted') : NONE) },
  ];
  return (
    <Panel flush title={t('variants')} note={t('variantsNote', { count: variants.length, spu: item.spu_id })}>
      <DataTable name="item-variants" caption={t('variants')} columns={columns} rows={variants} rowKey={(one) => one.item_id} />
    </Panel>
  );
}
