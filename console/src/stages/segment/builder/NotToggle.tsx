import { useText } from '@/i18n/text';

/** Turns a part of a condition round. */
export function NotToggle({ isOn, onChange }: { isOn: boolean; onChange(isOn: boolean): void }) {
  const { t } = useText('builder');
  return (
    <button type="button" className="plain-button build-not" aria-pressed={isOn} title={t('notMeans')} onClick={() => onChange(!isOn)}>
      {t('not')}
    </button>
  );
}
