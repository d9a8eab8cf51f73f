import type { Explained } from '@/api/shapes';
import { useText } from '@/i18n/text';
import './identity.css';

/** The way from one identifier to another in sentences, or why there is none. */
export function Chain({ told }: { told: Explained }) {
  const { t } = useText('identity');
  return (
    <>
      <p>
        <strong>{t(`verdict.${told.verdict}`)}</strong>
      </p>
      <ol className="identity-chain">
        {told.steps.map((step) => (
          <li key={`${step.start} ${step.end}`} data-joins={step.joins}>
            {!step.joins && <span className="identity-break">{t('breaks')} </span>}
            {step.words}
          </li>
        ))}
      </ol>
    </>
  );
}
