import { Select } from 'antd';
import { useText } from '@/i18n/text';
import { isSpan, type Span, type Unit } from './draft';
import { NumberBox } from './NumberBox';

/** How long a sequence may take, from its first event to its last. */
export function SpanBox({ span, onChange }: { span: Span | null; onChange(span: Span | null): void }) {
  const { t } = useText('builder');
  return (
    <span className="row">
      {span && (
        <NumberBox label={t('span.number')} value={span.number} isSound={isSpan(span)} onChange={(number) => onChange({ ...span, number })} />
      )}
      <Select<Unit | 'none'>
        className="build-word"
        popupMatchSelectWidth={false}
        aria-label={t('span.label')}
        value={span?.unit ?? 'none'}
        onChange={(unit) => onChange(unit === 'none' ? null : { number: span?.number ?? '1', unit })}
        options={(['none', 'm', 'h', 'd'] as const).map((unit) => ({ value: unit, label: t(`span.${unit}`) }))}
      />
    </span>
  );
}
