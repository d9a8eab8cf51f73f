import { Segmented } from 'antd';
import { useTreatPersonalData } from '@/api/queries/sources';
import type { SourceHealth } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { Panel } from '@/ui/Panel/Panel';
import { Refusal } from '@/ui/Refusal/Refusal';

const POLICIES = ['mask', 'drop', 'refuse'] as const;

/** What becomes of personal data that nobody declared, and how often some was found. */
export function PersonalData({ of }: { of: SourceHealth }) {
  const { t } = useText('sources');
  const format = useFormats();
  const treat = useTreatPersonalData(of.name);
  return (
    <Panel title={t('personal.title')} note={t('personal.note')}>
      <div className="stack">
        {of.source && (
          <div>
            <Segmented
              aria-label={t('personal.title')}
              disabled={treat.isPending}
              value={treat.isPending ? treat.variables : of.source.personal_data}
              onChange={(policy) => treat.mutate(policy)}
              options={POLICIES.map((value) => ({ value, label: t(`personal.${value}`) }))}
            />
          </div>
        )}
        <p className="muted">{of.hidden > 0 ? t('personal.hidden', { count: of.hidden, n: format.int(of.hidden) }) : t('personal.none')}</p>
        {treat.error && <Refusal error={treat.error} />}
      </div>
    </Panel>
  );
}
