import { useText } from '@/i18n/text';
import type { ItemPage } from '@/api/shapes';
import { NONE } from '@/lib/format';
import { Facts } from '@/ui/Facts/Facts';
import { Panel } from '@/ui/Panel/Panel';
import './goods.css';

/** What an item is called and looks like; its picture only from hosts that the settings name. */
export function ItemFacts({ page: { item, attributes, shows_picture }, className }: { page: ItemPage; className: string }) {
  const { t } = useText('goods');
  const path = item.category_id?.split('/').map((part) => part.trim());
  return (
    <Panel title={t('facts')} className={className}>
      {shows_picture && item.image_url && (
        <img
          className="item-picture"
          src={item.image_url}
          alt={t('pictureOf', { title: item.title || item.item_id })}
          referrerPolicy="no-referrer"
          loading="lazy"
        />
      )}
      <Facts
        facts={[
          [t('model'), item.spu_id ? <code key="spu">{item.spu_id}</code> : NONE],
          [t('category'), path?.join(' / ') || NONE],
          [t('column.brand'), item.brand_id || NONE],
          ...Object.entries(attributes).map(([name, value]) => [name, shown(value)] as const),
        ]}
      />
      {!shows_picture && <p className="muted no-picture">{item.image_url ? t('pictureHidden') : t('noPicture')}</p>}
    </Panel>
  );
}

/** An attribute as text: most are, some sources nest. */
export function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
