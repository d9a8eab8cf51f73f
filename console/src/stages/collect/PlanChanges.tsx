import type { PlanChecked } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { NONE } from '@/lib/format';
import { DataTable } from '@/ui/DataTable/DataTable';

/** What a plan would change of the one that holds. */
export function PlanChanges({ of }: { of: PlanChecked }) {
  const { t } = useText('plan');
  const format = useFormats();
  return (
    <div className="stack" role="status">
      <p>
        {t('edit.events', { count: of.events, n: format.int(of.events) })}
        {of.differences.length === 0 && <span className="muted"> {t('edit.same')}</span>}
      </p>
      {of.differences.length > 0 && (
        <DataTable
          name="plan-changes"
          caption={t('edit.changes')}
          rows={of.differences}
          rowKey={(one) => `${one.event} ${one.property}`}
          columns={[
            { key: 'what', title: t('edit.what'), render: (one) => <span className="plan-change" data-what={one.what}>{t(`edit.${one.what as 'added'}`)}</span> },
            { key: 'event', title: t('column.event'), render: (one) => <bdi>{one.event || t('edit.everyEvent')}</bdi> },
            { key: 'property', title: t('property.name'), render: (one) => <code>{one.property || NONE}</code> },
          ]}
        />
      )}
    </div>
  );
}
