import { Segmented } from 'antd';
import { useText } from '@/i18n/text';
import type { StockRules, StockState } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import './goods.css';

/** What can be looked for, the urgent first. */
export const SOUGHT = ['out_of_stock', 'running_out', 'over_stocked', 'delisted'] as const;
export type Sought = (typeof SOUGHT)[number] | '';

interface Props {
  value: Sought;
  onChange(next: Sought): void;
  states: Record<string, number>;
}

/** Chooses goods by how their stock stands, with how many there are of each. */
export function StockStates({ value, onChange, states }: Props) {
  const { t } = useText('goods');
  const format = useFormats();
  const all = Object.values(states).reduce((sum, one) => sum + one, 0);
  return (
    <Segmented
      aria-label={t('filter')}
      value={value}
      onChange={onChange}
      options={[
        { value: '' as Sought, label: `${t('anyState')} ${format.int(all)}` },
        ...SOUGHT.map((state) => ({ value: state as Sought, label: `${t(`state.${state}`)} ${format.int(states[state])}` })),
      ]}
    />
  );
}

export function StockStateMark({ state }: { state: StockState }) {
  const { t } = useText('goods');
  return (
    <span className="stock-state" data-state={state}>
      {t(`state.${state}`)}
    </span>
  );
}

/** What a state means, in a sentence with the figures that hold. */
export function useMeaning(rules: StockRules | undefined): (state: StockState | '') => string {
  const { t } = useText('goods');
  if (!rules) return () => '';
  const figures = { pace: rules.pace_days, soon: rules.soon_days, long: rules.long_days };
  return (state) => t(`means.${state || 'all'}`, figures);
}
