import { Select } from 'antd';
import type { Operator } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { patterns, type Count } from './draft';
import { NumberBox } from './NumberBox';

interface Props {
  count: Count;
  of: 'times' | 'people';
  onChange(count: Count): void;
}

const usual: readonly Operator[] = ['>=', '<=', '='];

/** How many are asked for; none at all is a choice of its own. */
export function CountBox({ count, of, onChange }: Props) {
  const { t } = useText('builder');
  const isNone = count.operator === '=' && count.number === '0';
  const operators = usual.includes(count.operator) ? usual : [...usual, count.operator];

  function choose(next: Operator | 'none') {
    if (next === 'none') onChange({ operator: '=', number: '0' });
    else onChange({ operator: next, number: isNone ? '1' : count.number });
  }

  return (
    <span className="row">
      <Select<Operator | 'none'>
        className="build-word"
        aria-label={t(`count.how.${of}`)}
        popupMatchSelectWidth={false}
        value={isNone ? 'none' : count.operator}
        onChange={choose}
        options={[...operators.map((value) => ({ value, label: t(`count.${value}`) })), { value: 'none', label: t(`count.none.${of}`) }]}
      />
      {!isNone && (
        <>
          <NumberBox
            label={t(`count.number.${of}`)}
            value={count.number}
            isSound={patterns.count.test(count.number)}
            onChange={(number) => onChange({ ...count, number })}
          />
          <span>{t(`count.unit.${of}`)}</span>
        </>
      )}
    </span>
  );
}
