import { useQuery, type UseMutationResult } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { ApiError } from '@/api/client';
import type { Difference, Version } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useDebounced } from '@/lib/debounced';
import { Panel } from '@/ui/Panel/Panel';
import { Refusal } from '@/ui/Refusal/Refusal';
import { Declaration } from './Declaration';
import { DeclarationStart } from './DeclarationStart';
import { useVersionName } from './versionName';

const STILL_MS = 400;

interface Props {
  /** Of what: answers to checks are kept under it. */
  name: string;
  told: { own: Version | null; earlier: readonly Version[]; built_in: string };
  /** What holds while the shop has said nothing of its own. */
  unsaid: 'builtIn' | 'off';
  check(text: string, signal: AbortSignal): Promise<Difference>;
  apply: UseMutationResult<unknown, Error, string>;
  /** A section in words. */
  section(name: string): string;
  /** From when on it holds. */
  effect: string;
  className?: string;
  /** What else can be done with it. */
  children?: ReactNode;
}

/** A declaration as text, checked while it is typed and told in what it differs from what holds, before it is applied. */
export function DeclarationEditor({ name, told, unsaid, check, apply, section, effect, className, children }: Props) {
  const { t } = useText('declaration');
  const named = useVersionName();
  const [text, setText] = useState(told.own?.text ?? told.built_in);
  const [pointed, point] = useState<Error | null>(null);
  const settled = useDebounced(text, STILL_MS);
  const checked = useQuery({
    queryKey: ['declaration', name, told.own?.version ?? 0, settled],
    enabled: settled.trim() !== '',
    staleTime: Infinity,
    queryFn: ({ signal }) => check(settled, signal),
  });
  const isSettled = settled === text && !checked.isFetching;
  const error = (apply.variables === text ? apply.error : null) ?? (isSettled ? checked.error : null);
  const differences = isSettled && checked.isSuccess ? checked.data.differences : [];

  const sections = differences.map(section).join(' · ');
  const isFirst = unsaid === 'off' && told.own === null;
  const difference = differences.length === 0 ? t('same') : t(isFirst ? 'valid' : 'differ', { sections });

  function write(typed: string) {
    point(null);
    setText(typed);
  }

  return (
    <Panel className={className} title={t('text')} actions={<DeclarationStart {...told} onText={write} />}>
      <Declaration label={t('text')} text={text} error={pointed} onText={write}>
        <Button type="primary" disabled={differences.length === 0} loading={apply.isPending} onClick={() => apply.mutate(text)}>
          {t('apply')}
        </Button>
        {children}
      </Declaration>
      <p className="declaration-holds muted">{t('holds', { version: told.own ? named(told.own) : t(unsaid) })}</p>
      <div className="declaration-state" aria-live="polite">
        {error ? (
          <Refused error={error} onPoint={() => point(error)} />
        ) : (
          text.trim() && (
            <>
              <p>{isSettled ? difference : t('checking')}</p>
              {differences.length > 0 && <p className="muted">{effect}</p>}
            </>
          )
        )}
      </div>
    </Panel>
  );
}

function Refused({ error, onPoint }: { error: Error; onPoint(): void }) {
  const { t } = useText('declaration');
  const line = error instanceof ApiError ? error.line : null;
  return (
    <>
      <Refusal error={error} />
      {line !== null && (
        <Button size="small" type="link" onClick={onPoint}>
          {t('locate', { line })}
        </Button>
      )}
    </>
  );
}
