import { Select } from 'antd';
import { useJourneys } from '@/api/queries/journeys';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { patterns, stages, type JourneyRow, type Stage } from './draft';
import { NumberBox } from './NumberBox';

/** Where somebody stands with a category: in one of some stages, perhaps only if it began in the last days. */
export function JourneyBox({ row, onChange }: { row: JourneyRow; onChange(row: JourneyRow): void }) {
  const { t } = useText('builder');
  const { word } = useWords();
  const { data } = useJourneys('', 30);
  const known = (data?.categories ?? []).map(({ category }) => ({ value: category, label: category }));
  return (
    <>
      <Select<string, { value: string; label: string }>
        className="build-field"
        aria-label={t('journey.category')}
        placeholder={t('journey.choose')}
        popupMatchSelectWidth={false}
        showSearch
        value={row.category || undefined}
        onChange={(category) => onChange({ ...row, category })}
        options={known}
      />
      <Select<Stage[]>
        className="build-field"
        mode="multiple"
        aria-label={t('journey.stages')}
        placeholder={t('journey.stages')}
        popupMatchSelectWidth={false}
        value={row.stages}
        onChange={(chosen) => onChange({ ...row, stages: chosen })}
        options={stages.map((value) => ({ value, label: word('journey', value) }))}
      />
      <NumberBox
        label={t('journey.days')}
        prefix={<span className="muted">{t('journey.days')}</span>}
        placeholder={t('journey.ever')}
        isWide
        value={row.days}
        isSound={row.days === '' || patterns.days.test(row.days)}
        onChange={(days) => onChange({ ...row, days })}
      />
    </>
  );
}
