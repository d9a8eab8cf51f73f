import { Segmented } from 'antd';
import { useChooseMode } from '@/api/queries/plan';
import type { Plan } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { Panel } from '@/ui/Panel/Panel';
import { Refusal } from '@/ui/Refusal/Refusal';

const MODES = ['observe', 'quarantine', 'strict'] as const;
type Mode = (typeof MODES)[number];

/** What becomes of events that deviate, with a sentence on what that means. */
export function PlanMode({ plan }: { plan: Plan }) {
  const { t } = useText('plan');
  const choose = useChooseMode();
  const mode = plan.mode as Mode;
  const own = plan.modes.filter(({ source }) => source !== '');
  return (
    <Panel title={t('mode.title')} note={t('mode.note')}>
      <div className="plan-mode">
        <Segmented
          aria-label={t('mode.title')}
          value={mode}
          disabled={choose.isPending}
          onChange={(value) => choose.mutate({ mode: value, source: '' })}
          options={MODES.map((value) => ({ value, label: t(`mode.${value}`) }))}
        />
        <p>{t(`mode.${mode}Words`)}</p>
      </div>
      {own.length > 0 && (
        <p className="muted">{t('mode.own', { list: own.map((one) => `${one.source} (${t(`mode.${one.mode as Mode}`)})`).join(', ') })}</p>
      )}
      {choose.error && <Refusal error={choose.error} />}
    </Panel>
  );
}
