import { Select } from 'antd';
import { useAudiences } from '@/api/queries/savedAudiences';
import { useText } from '@/i18n/text';
import { isFound } from '@/lib/pinyin';
import { causes, type AudienceRow, type Cause } from './draft';
import { NumberBox } from './NumberBox';

const moves = ['is_in', 'entered_in', 'left_in'] as const;

/** A saved audience: who is in it, or who entered or left it with one build, for any cause or one. */
export function AudienceBox({ row, onChange }: { row: AudienceRow; onChange(row: AudienceRow): void }) {
  const { t } = useText('builder');
  const saved = useAudiences();
  const known = (saved.data ?? []).map((one) => ({ value: one.audience, label: one.name }));
  const isUnknown = row.audience !== null && saved.data !== undefined && !known.some((one) => one.value === row.audience);
  return (
    <>
      <Select<(typeof moves)[number]>
        className="build-word"
        popupMatchSelectWidth={false}
        aria-label={t('audience.moved')}
        value={row.moved ?? 'is_in'}
        onChange={(moved) => onChange(moved === 'is_in' ? { ...row, moved: null, build: '', cause: null } : { ...row, moved })}
        options={moves.map((value) => ({ value, label: t(`audience.${value}`) }))}
      />
      <Select<number, { value: number; label: string }>
        className="build-field"
        aria-label={t('kind.audience')}
        placeholder={t('audience.choose')}
        status={isUnknown ? 'error' : undefined}
        popupMatchSelectWidth={240}
        showSearch={{ filterOption: (typed, option) => isFound(typed, option?.label ?? '') }}
        value={row.audience}
        onChange={(audience) => onChange({ ...row, audience })}
        options={known}
      />
      {row.moved && (
        <>
          <NumberBox
            label={t('audience.build')}
            prefix={<span className="muted">{t('audience.build')}</span>}
            placeholder=""
            value={row.build}
            isSound={/^[1-9]\d{0,8}$/.test(row.build)}
            onChange={(build) => onChange({ ...row, build })}
          />
          <Select<Cause | 'any'>
            className="build-word"
            popupMatchSelectWidth={false}
            aria-label={t('audience.cause')}
            value={row.cause ?? 'any'}
            onChange={(cause) => onChange({ ...row, cause: cause === 'any' ? null : cause })}
            options={(['any', ...causes] as const).map((value) => ({ value, label: t(`audience.causes.${value}`) }))}
          />
        </>
      )}
    </>
  );
}
