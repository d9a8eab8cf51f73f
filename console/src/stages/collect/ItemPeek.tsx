import { useItem } from '@/api/queries/goods';
import { useText } from '@/i18n/text';
import { useFormats } from '@/i18n/place';
import { itemPath } from '@/lib/itemPath';
import { NONE } from '@/lib/format';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Facts } from '@/ui/Facts/Facts';
import { Freshness } from '@/ui/Freshness/Freshness';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Answer } from '@/ui/StateView/Answer';
import { Money, Num } from '@/ui/Values/Values';
import { StockStateMark } from './StockStates';

/** What an item is called in an address: the name of a source has no slash. */
export function itemKey({ source, item_id }: { source: string; item_id: string }): string {
  return `${source}/${item_id}`;
}

/** An item at a glance, beside the list; an empty key is none. */
export function ItemPeek({ name, onClose }: { name: string; onClose(): void }) {
  const { t } = useText('goods');
  const format = useFormats();
  const at = name.indexOf('/');
  const [source, id] = [name.slice(0, Math.max(0, at)), name.slice(at + 1)];
  const item = useItem(source, id, { enabled: name !== '' });
  const call = { path: `/api/goods/${encodeURIComponent(source)}/${encodeURIComponent(id)}` };
  return (
    <DetailDrawer open={name !== ''} title={<bdi>{(name && item.data?.item.title) || id}</bdi>} onClose={onClose}>
      {name !== '' && (
        <Answer of={item} rows={6}>
          {({ item: today, sales, viewers, buyers, computed }) => (
            <div className="stack">
              <div className="row">
                <LinkButton type="primary" to={itemPath(today)}>
                  {t('openPage')}
                </LinkButton>
              </div>
              <Facts
                facts={[
                  [t('column.source'), <code key="source">{name}</code>],
                  [t('column.price'), <Money key="price" value={today.price} />],
                  [t('column.cost'), <Money key="cost" value={today.cost} />],
                  [t('column.stock'), <Num key="stock" value={today.stock} />],
                  [t('column.cover'), format.int(sales.days_of_cover)],
                  [t('column.state'), <StockStateMark key="state" state={sales.state} />],
                  [t('column.category'), today.category_id || NONE],
                  [t('column.brand'), today.brand_id || NONE],
                  [t('viewers'), viewers ? <PeopleCount key="viewers" {...viewers} label={t('viewers')} /> : NONE],
                  [t('buyers'), buyers ? <PeopleCount key="buyers" {...buyers} label={t('buyers')} /> : NONE],
                ]}
              />
              <Freshness computed={computed} call={call} />
            </div>
          )}
        </Answer>
      )}
    </DetailDrawer>
  );
}
