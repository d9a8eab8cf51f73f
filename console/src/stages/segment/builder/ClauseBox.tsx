import { Select } from 'antd';
import { useText } from '@/i18n/text';
import { isFound } from '@/lib/pinyin';
import { compared, comparisonsOf, sortOf } from './comparisons';
import { Choice } from './Choice';
import type { Clause, Comparison } from './draft';
import { useFields, type Field } from './fields';
import { ValueBox } from './ValueBox';

interface Props {
  clause: Clause;
  isFilter?: boolean;
  onChange(clause: Clause): void;
}

/** A field, how it is compared, and with what. */
export function ClauseBox({ clause, isFilter = false, onChange }: Props) {
  const { t } = useText('builder');
  const fields = useFields(isFilter);
  const field = fields.find((one) => one.name === clause.name);

  function choose(name: string) {
    const next = fields.find((one) => one.name === name);
    const [first = '='] = next ? offeredFor(next) : [];
    onChange(compared({ ...clause, name, values: [] }, first));
  }

  return (
    <>
      <Select<string, { value: string; label: string; words: string[] }>
        className="build-field"
        aria-label={t(isFilter ? 'field' : 'tag')}
        placeholder={t(isFilter ? 'chooseField' : 'chooseTag')}
        status={clause.name && fields.length > 0 && !field ? 'error' : undefined}
        popupMatchSelectWidth={280}
        showSearch={{ filterOption: (typed, option) => isFound(typed, ...(option?.words ?? [])) }}
        value={clause.name || null}
        onChange={choose}
        options={fields.map(({ name, title, words }) => ({ value: name, label: title, words }))}
      />
      {field && <ComparisonBox clause={clause} field={field} onChange={onChange} />}
      {field && <Values clause={clause} field={field} onChange={onChange} />}
    </>
  );
}

interface OfField {
  clause: Clause;
  field: Field;
  onChange(clause: Clause): void;
}

function offeredFor({ type, listed, isFilter }: Field): readonly Comparison[] {
  return comparisonsOf({ type, isListed: listed !== null, isFilter });
}

function ComparisonBox({ clause, field, onChange }: OfField) {
  const { t } = useText('builder');
  const offered = offeredFor(field);
  const all = offered.includes(clause.comparison) ? offered : [...offered, clause.comparison];
  const isTime = sortOf(field.type) === 'time';
  return (
    <Select<Comparison>
      className="build-comparison"
      aria-label={t('comparison')}
      popupMatchSelectWidth={false}
      value={clause.comparison}
      onChange={(next) => onChange(compared(clause, next))}
      options={all.map((value) => ({ value, label: isTime && isOrder(value) ? t(`time.${value}`) : t(`word.${value}`) }))}
    />
  );
}

function isOrder(comparison: Comparison): comparison is '<' | '<=' | '>' | '>=' {
  return ['<', '<=', '>', '>='].includes(comparison);
}

function Values({ clause, field, onChange }: OfField) {
  const { t } = useText('builder');
  const { comparison, values } = clause;
  const [first, second] = values;
  const put = (...next: Clause['values']) => onChange({ ...clause, values: next });
  switch (comparison) {
    case 'null':
    case 'not null':
      return null;
    case 'in':
    case 'not in':
      return <Choice isMultiple field={field} values={values.filter((one) => one !== undefined)} onChange={(next) => put(...next)} />;
    case 'between':
    case 'not between':
      return (
        <span className="row build-range">
          <ValueBox field={field} label={t('low')} value={first} onChange={(low) => put(low, second)} />
          <span className="muted">{t('to')}</span>
          <ValueBox field={field} label={t('high')} value={second} onChange={(high) => put(first, high)} />
        </span>
      );
    case '=':
    case '!=':
      if (field.listed) return <Choice isMultiple={false} field={field} values={first ? [first] : []} onChange={(next) => put(...next)} />;
  }
  return <ValueBox field={field} label={t('value')} value={first} onChange={(next) => put(next)} />;
}
