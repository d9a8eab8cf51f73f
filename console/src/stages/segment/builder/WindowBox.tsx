import { Input, Select } from 'antd';
import { useText } from '@/i18n/text';
import { patterns, type DateWindow } from './draft';
import { NumberBox } from './NumberBox';

const chosen: Record<DateWindow['kind'], DateWindow> = {
  last: { kind: 'last', days: '30' },
  dates: { kind: 'dates', from: '', to: '' },
  ever: { kind: 'ever' },
};

/** The dates that count: the last so many, from one to another, or all. */
export function WindowBox({ window, onChange }: { window: DateWindow; onChange(window: DateWindow): void }) {
  const { t } = useText('builder');
  return (
    <span className="row">
      <Select<DateWindow['kind']>
        className="build-word"
        aria-label={t('window.label')}
        popupMatchSelectWidth={false}
        value={window.kind}
        onChange={(kind) => onChange(chosen[kind])}
        options={(['last', 'dates', 'ever'] as const).map((kind) => ({ value: kind, label: t(`window.${kind}`) }))}
      />
      {window.kind === 'last' && (
        <>
          <NumberBox
            label={t('window.number')}
            value={window.days}
            isSound={patterns.days.test(window.days)}
            onChange={(days) => onChange({ ...window, days })}
          />
          <span title={t('window.today')}>{t('window.days')}</span>
        </>
      )}
      {window.kind === 'dates' && (
        <>
          <Input className="build-date" type="date" aria-label={t('window.from')} value={window.from} onChange={(event) => onChange({ ...window, from: event.target.value })} />
          <span className="muted">{t('to')}</span>
          <Input className="build-date" type="date" aria-label={t('window.to')} value={window.to} onChange={(event) => onChange({ ...window, to: event.target.value })} />
        </>
      )}
    </span>
  );
}
