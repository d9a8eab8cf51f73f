import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined } from '@ant-design/icons';
import { useText } from '@/i18n/text';
import { changed, emptyStep, MAX_STEPS, MIN_STEPS, moved, without, type Step } from './draft';
import { StepBox } from './StepBox';

/** The events of a sequence, one after another. */
export function Steps({ steps, onChange }: { steps: Step[]; onChange(steps: Step[]): void }) {
  const { t } = useText('builder');
  return (
    <>
      <ol className="build-steps">
        {steps.map((step, at) => (
          <li key={step.id}>
            <StepBox
              step={step}
              onChange={(next) => onChange(changed(steps, next))}
              before={<span className="build-where number muted">{at + 1}</span>}
              after={
                <span className="build-order">
                  <button type="button" className="plain-button build-remove" aria-label={t('step.up', { n: at + 1 })} disabled={at === 0} onClick={() => onChange(moved(steps, at, -1))}>
                    <ArrowUpOutlined />
                  </button>
                  <button type="button" className="plain-button build-remove" aria-label={t('step.down', { n: at + 1 })} disabled={at === steps.length - 1} onClick={() => onChange(moved(steps, at, 1))}>
                    <ArrowDownOutlined />
                  </button>
                  <button type="button" className="plain-button build-remove" aria-label={t('step.remove', { n: at + 1 })} disabled={steps.length <= MIN_STEPS} onClick={() => onChange(without(steps, step.id))}>
                    <CloseOutlined />
                  </button>
                </span>
              }
            />
          </li>
        ))}
      </ol>
      {steps.length < MAX_STEPS && (
        <button type="button" className="plain-button build-add" aria-label={t('step.add')} onClick={() => onChange([...steps, emptyStep()])}>
          {t('step.add')}
        </button>
      )}
    </>
  );
}
