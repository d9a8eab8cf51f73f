import type { Pattern, PatternStep } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';

/** The steps of a pattern as a chain, and what must not have followed. */
export function Chain({ of: { steps, missing } }: { of: Pick<Pattern, 'steps' | 'missing'> }) {
  const { t } = useText('patterns');
  const name = useStepName();
  return (
    <ol className="chain">
      {steps.map((step, at) => (
        <li key={at} className="chain-step">
          <bdi>{name(step)}</bdi>
        </li>
      ))}
      {missing.map((step) => (
        <li key={`${step.event} ${step.category}`} className="chain-step chain-missing" aria-label={t('missing', { event: name(step) })}>
          <bdi>{name(step)}</bdi>
        </li>
      ))}
    </ol>
  );
}

/** What a step is called. */
export function useStepName(): (step: PatternStep) => string {
  const { word } = useWords();
  return ({ event, category }) => (category ? `${word('event', event)} · ${category}` : word('event', event));
}
