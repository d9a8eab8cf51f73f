import { Link } from 'react-router';
import type { PlanViolation } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { StateView } from '@/ui/StateView/StateView';
import { Num, When } from '@/ui/Values/Values';
import { planEventPath } from './planEventPath';
import { Promote } from './Promote';

/** How events deviate, the commonest first; what is only unknown can be planned. */
export function Violations({ rows, isOfOne }: { rows: readonly PlanViolation[]; isOfOne: boolean }) {
  const { t } = useText('plan');
  const { word } = useWords();
  const columns: Column<PlanViolation>[] = [
    { key: 'kind', title: t('violations.kind'), render: (one) => word('reason', one.kind) },
    ...(isOfOne
      ? []
      : [
          {
            key: 'event',
            title: t('column.event'),
            render: (one: PlanViolation) => (
              <Link to={planEventPath(one.event)}>
                <bdi>{one.event}</bdi>
              </Link>
            ),
          },
        ]),
    { key: 'property', title: t('property.name'), render: (one) => <code>{one.property || NONE}</code> },
    { key: 'events', title: t('violations.events'), numeric: true, render: (one) => <Num value={one.events} /> },
    { key: 'example', title: t('property.form'), render: (one) => <code className="plan-form">{one.example || NONE}</code> },
    { key: 'source', title: t('violations.source'), render: (one) => one.source },
    { key: 'last', title: t('column.last'), render: (one) => <When at={one.last_at} /> },
    {
      key: 'act',
      title: t('column.act'),
      render: (one) => {
        if (!one.kind.startsWith('unplanned') || one.property === '*' || one.event === '*') return null;
        return one.planned ? <span className="muted">{t('violations.planned')}</span> : <Promote event={one.event} property={one.property} />;
      },
    },
  ];
  if (rows.length === 0) return <StateView case="new" title={t('violations.none')} words={t('violations.noneWords')} />;
  return (
    <DataTable
      name="plan-violations"
      caption={t('violations.title')}
      columns={columns}
      rows={rows}
      rowKey={(one) => [one.source, one.event, one.property, one.kind].join(' ')}
    />
  );
}
