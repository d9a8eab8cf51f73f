import type { Metric } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { Facts } from '@/ui/Facts/Facts';
import { Panel } from '@/ui/Panel/Panel';

/** What a metric says and rests on. */
export function MetricDefinition({ metric, className }: { metric: Metric; className: string }) {
  const { t } = useText('metrics');
  const needs = metric.needs.map((group) => (group.length > 1 ? t('or', { events: group.join(', ') }) : group.join('')));
  return (
    <Panel title={t('definition')} className={className}>
      <Facts
        facts={[
          [t('column.formula'), metric.formula],
          [t('trap'), metric.trap || t('noTrap')],
          [t('column.unit'), `${t(`unit.${metric.unit}`)} · ${t(`better.${metric.better}`)}`],
          [t('restsOn'), <code key="rests">{metric.rests_on.join(', ')}</code>],
          ...(needs.length > 0 ? [[t('needs'), needs.join(' · ')] as const] : []),
          [t('column.owner'), `${metric.owner} · v${metric.version}`],
          [t('name'), <code key="name">{metric.name}</code>],
        ]}
      />
    </Panel>
  );
}
