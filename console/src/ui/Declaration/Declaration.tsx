import { Button, Input } from 'antd';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import { useEffect, useRef, type ReactNode } from 'react';
import { ApiError } from '@/api/client';
import { useText } from '@/i18n/text';
import { spanOfLine } from './spanOfLine';
import './declaration.css';

interface Props {
  label: string;
  text: string;
  /** Why it was refused; the line that it is about is marked. */
  error: Error | null;
  onText(text: string): void;
  /** What can be done with it. */
  children: ReactNode;
}

/** A declaration as text, typed or read from a file of one's own. */
export function Declaration({ label, text, error, onText, children }: Props) {
  const area = useRef<TextAreaRef>(null);
  const line = error instanceof ApiError ? error.line : null;

  useEffect(() => {
    const field = area.current?.resizableTextArea?.textArea;
    if (!field || line === null) return;
    field.focus();
    field.setSelectionRange(...spanOfLine(field.value, line));
    field.scrollTop = (field.scrollHeight / field.value.split('\n').length) * Math.max(line - 5, 0);
  }, [line, error]);

  return (
    <div className="stack">
      <Input.TextArea
        ref={area}
        className="declaration"
        aria-label={label}
        aria-invalid={line !== null}
        spellCheck={false}
        rows={24}
        value={text}
        onChange={({ target }) => onText(target.value)}
      />
      <div className="row wrap">
        {children}
        <OpenFile onText={onText} />
      </div>
    </div>
  );
}

function OpenFile({ onText }: Pick<Props, 'onText'>) {
  const { t } = useText();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".yaml,.yml"
        hidden
        aria-label={t('openFile')}
        onChange={({ target }) => {
          void target.files?.[0]?.text().then(onText);
          target.value = '';
        }}
      />
      <Button onClick={() => input.current?.click()}>{t('openFile')}</Button>
    </>
  );
}
