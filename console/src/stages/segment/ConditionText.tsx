import { useRef } from 'react';
import { useText } from '@/i18n/text';
import type { Problem } from '@/api/shapes';
import { marked } from './marked';
import { Insert } from './Insert';
import { Problems } from './Problems';

interface Props {
  text: string;
  problems: readonly Problem[];
  onChange(text: string): void;
}

/** A condition as text; what is wrong is underlined where it stands and told below. */
export function ConditionText({ text, problems, onChange }: Props) {
  const { t } = useText('audiences');
  const area = useRef<HTMLTextAreaElement>(null);

  function insert(words: string) {
    const field = area.current;
    if (!field) return;
    field.focus();
    const before = text.slice(0, field.selectionStart);
    const gap = before === '' || /[\s(]$/.test(before) ? '' : ' ';
    onChange(`${before}${gap}${words}${text.slice(field.selectionEnd)}`);
  }

  function show({ at, length }: Problem) {
    if (at === null || at === undefined || !area.current) return;
    const [start, end] = [units(text, at), units(text, at + Math.max(1, length ?? 1))];
    area.current.focus();
    area.current.setSelectionRange(start, end);
  }

  return (
    <div className="condition">
      <Insert onInsert={insert} />
      <div className="condition-field">
        <div className="condition-marks" aria-hidden>
          {marked(text, problems).map(({ words, wrong }, at) =>
            wrong ? <mark key={at}>{words || ' '}</mark> : <span key={at}>{words}</span>,
          )}
        </div>
        <textarea
          ref={area}
          data-filter
          rows={5}
          spellCheck={false}
          maxLength={20_000}
          aria-label={t('condition')}
          aria-invalid={problems.length > 0}
          aria-describedby="condition-problems"
          placeholder={t('placeholder')}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
      <Problems problems={problems} onShow={show} />
    </div>
  );
}

// The server counts characters, the browser counts UTF-16 units.
function units(text: string, characters: number): number {
  return Array.from(text).slice(0, characters).join('').length;
}
