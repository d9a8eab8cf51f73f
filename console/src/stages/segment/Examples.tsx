import { useText } from '@/i18n/text';
import { Panel } from '@/ui/Panel/Panel';

const examples = [
  { key: 'loyal', condition: "lifecycle = 'loyal' and net_90d >= 500" },
  { key: 'atRisk', condition: "lifecycle = 'at_risk' and rfm in ('important_value', 'important_keep')" },
  { key: 'cart', condition: "did('Product Added', last='7d') and not did('Order Completed', last='7d')" },
  { key: 'looking', condition: "did('Product Viewed', last='14d') >= 5 and orders_total = 0" },
  { key: 'sequence', condition: "sequence(did('Product Viewed'), did('Product Added'), within='2d', last='14d') and not did('Order Completed', last='14d')" },
  { key: 'social', condition: 'social_30d >= 3 and group_buys_90d >= 1' },
  { key: 'friends', condition: "friends(did('Order Completed', last='30d')) >= 2 and orders_total = 0" },
  { key: 'reach', condition: "within(invites_90d >= 3, hops = 2) and lifecycle in ('at_risk', 'lost')" },
] as const;

/** Conditions to begin with. */
export function Examples({ onTake }: { onTake(condition: string): void }) {
  const { t } = useText('audiences');
  return (
    <Panel title={t('examples.title')} note={t('examples.note')}>
      <ul>
        {examples.map(({ key, condition }) => (
          <li key={key}>
            <button type="button" className="plain-button example" onClick={() => onTake(condition)}>
              <span>{t(`examples.${key}`)}</span>
              <code>{condition}</code>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
