import { Select } from 'antd';
import { useVocabulary } from '@/api/queries/audiences';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { isFound } from '@/lib/pinyin';
import { patterns, type Ties } from './draft';
import { NumberBox } from './NumberBox';

/** Which ties count: of some kinds, in a direction, close enough. */
export function TiesBox({ ties, onChange }: { ties: Ties; onChange(ties: Ties): void }) {
  const { t } = useText('builder');
  const { word } = useWords();
  const { data } = useVocabulary();
  return (
    <>
      <Select<string[], { value: string; label: string }>
        className="build-ties"
        mode="multiple"
        maxTagCount="responsive"
        popupMatchSelectWidth={200}
        aria-label={t('ties.kinds')}
        placeholder={t('ties.anyKind')}
        showSearch={{ filterOption: (typed, option) => isFound(typed, option?.value ?? '', option?.label ?? '') }}
        value={ties.kinds}
        onChange={(kinds) => onChange({ ...ties, kinds })}
        options={(data?.tie_kinds ?? []).map((kind) => ({ value: kind, label: word('tie', kind) }))}
      />
      <Select<'out' | 'in' | 'either'>
        className="build-word"
        popupMatchSelectWidth={false}
        aria-label={t('ties.direction')}
        value={ties.direction ?? 'either'}
        onChange={(direction) => onChange({ ...ties, direction: direction === 'either' ? null : direction })}
        options={(['either', 'out', 'in'] as const).map((value) => ({ value, label: t(`ties.${value}`) }))}
      />
      <NumberBox
        isWide
        label={t('ties.strength')}
        prefix={<span className="muted">{t('ties.strength')}</span>}
        placeholder={t('ties.anyStrength')}
        value={ties.strength}
        isSound={patterns.number.test(ties.strength)}
        onChange={(strength) => onChange({ ...ties, strength })}
      />
    </>
  );
}
