import type { Problem } from '@/api/shapes';
import { useText } from '@/i18n/text';

interface Props {
  problems: readonly Problem[];
  /** Leads to the place of a problem in the text, where there is a text to see. */
  onShow?(problem: Problem): void;
}

/** What is wrong with a condition, in words. */
export function Problems({ problems, onShow }: Props) {
  const { t } = useText('audiences');
  return (
    <ul id="condition-problems" className="condition-problems" aria-live="polite">
      {problems.map((problem, at) => (
        <li key={at}>
          {onShow ? (
            <button type="button" className="plain-button condition-problem" onClick={() => onShow(problem)}>
              {problem.line != null && problem.column != null && (
                <span className="muted">{t('place', { line: problem.line, column: problem.column })} </span>
              )}
              <span>{problem.what}</span>
            </button>
          ) : (
            <span>{problem.what}</span>
          )}
          {problem.hint && <div className="muted">{problem.hint}</div>}
        </li>
      ))}
    </ul>
  );
}
