import { Select } from 'antd';
import { useAudiences } from '@/api/queries/savedAudiences';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { isFound } from '@/lib/pinyin';
import './compare.css';

interface Props {
  label: string;
  side: 'first' | 'second';
  /** Whether everybody may be chosen: the empty condition. */
  everybody?: boolean;
  /** The condition of what is chosen, saved or not. */
  value: string;
  onChoose(condition: string): void;
}

/** One of the saved audiences; a condition that nobody saved stays as it is until something else is chosen. */
export function AudiencePicker({ label, side, everybody = false, value, onChoose }: Props) {
  const { t } = useText('audiences', 'people');
  const format = useFormats();
  const saved = useAudiences();
  const known = (saved.data ?? []).map((one) => ({
    value: one.lists,
    label: one.name,
    people: t('people:count', { count: one.people, n: format.int(one.people) }),
  }));
  const options = [
    ...(everybody ? [{ value: '', label: t('compare.everybody'), people: '' }] : []),
    ...(value && !known.some((one) => one.value === value) ? [{ value, label: value, people: t('compare.unsaved') }] : []),
    ...known.filter((one, at) => known.findIndex((other) => other.value === one.value) === at),
  ];
  return (
    <label className="compare-field">
      <span className="compare-key muted" data-side={side}>
        {label}
      </span>
      <Select<string, (typeof options)[number]>
        aria-label={label}
        placeholder={t('compare.choose')}
        value={value || (everybody ? '' : null)}
        onChange={(chosen) => onChoose(chosen)}
        options={options}
        showSearch={{ filterOption: (typed, option) => isFound(typed, option?.label ?? '') }}
        optionRender={({ data }) => (
          <span className="value-option">
            <bdi className="ellipsis">{data.label}</bdi>
            <span className="muted number">{data.people}</span>
          </span>
        )}
      />
    </label>
  );
}
