import { Button } from 'antd';
import { useState } from 'react';
import { useDecide, useDecisions, usePreviewDecision, type Wish } from '@/api/queries/identity';
import type { Decision } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Answer } from '@/ui/StateView/Answer';
import { When } from '@/ui/Values/Values';
import { DecideForm } from './DecideForm';

/** What was decided by hand about some identifiers, and the way to undo it. */
export function Decisions({ ids }: { ids: ReadonlySet<string> }) {
  const { t } = useText('identity');
  const decisions = useDecisions();
  const [undoing, setUndoing] = useState<number | null>(null);
  return (
    <Answer of={decisions} rows={2}>
      {(all) => {
        const mine = all.filter(({ one, others }) => [...one, ...others].some(({ id }) => ids.has(id)));
        const told = [...mine, ...all.filter(({ undoes }) => mine.some(({ decision }) => decision === undoes))];
        if (told.length === 0) return <p className="muted">{t('history.none')}</p>;
        return (
          <>
            <Listed decisions={told.toSorted((a, b) => b.decision - a.decision)} onUndo={setUndoing} />
            {undoing !== null && <Undo key={undoing} decision={undoing} onClose={() => setUndoing(null)} />}
          </>
        );
      }}
    </Answer>
  );
}

function Listed({ decisions, onUndo }: { decisions: readonly Decision[]; onUndo(decision: number): void }) {
  const { t } = useText('identity');
  const what = useWhat();
  const columns: Column<Decision>[] = [
    { key: 'decision', title: t('history.decision'), numeric: true, render: ({ decision }) => decision },
    {
      key: 'what',
      title: t('history.what'),
      render: (one) => (
        <>
          <strong>{t(`history.kind.${one.kind}`)}</strong>
          <div className="decide-what">{what(one)}</div>
        </>
      ),
    },
    { key: 'reason', title: t('history.reason'), render: ({ reason }) => <bdi>{reason}</bdi> },
    {
      key: 'by',
      title: t('history.by'),
      render: ({ decided_by: by, decided_at: at }) => (
        <>
          {by || t('history.here')}
          <div className="muted">
            <When at={at} as="minute" />
          </div>
        </>
      ),
    },
    { key: 'state', title: t('history.state'), render: (one) => <State of={one} onUndo={onUndo} /> },
  ];
  return <DataTable name="decisions" caption={t('history.title')} columns={columns} rows={decisions} rowKey={({ decision }) => String(decision)} />;
}

function State({ of, onUndo }: { of: Decision; onUndo(decision: number): void }) {
  const { t } = useText('identity');
  if (of.undone_by !== null) return t('history.undone', { n: of.undone_by });
  if (!of.stands && of.kind !== 'undo') return t('history.erased');
  return (
    <span className="row">
      {t(of.is_published ? 'history.holds' : 'history.pending')}
      {of.stands && (
        <Button size="small" type="link" onClick={() => onUndo(of.decision)}>
          {t('history.undo')}
        </Button>
      )}
    </span>
  );
}

function Undo({ decision, onClose }: { decision: number; onClose(): void }) {
  const { t } = useText('identity');
  const wish: Wish = { kind: 'undo', undoes: decision };
  return (
    <DecideForm title={t('history.undoTitle', { n: decision })} asked={wish} preview={usePreviewDecision()} decide={useDecide()} onDone={onClose} onCancel={onClose} />
  );
}

/** What a decision says, in words. */
function useWhat() {
  const { t } = useText('identity');
  const { word } = useWords();
  const names = (ends: Decision['one']) =>
    ends.map(({ namespace, value }) => (namespace ? `${word('namespace', namespace)} ${value}` : t('erased'))).join(' · ') || t('erased');
  return ({ kind, one, others, undoes }: Decision) =>
    kind === 'undo' ? t('history.undoes', { n: undoes ?? '' }) : t(kind === 'merge' ? 'history.merged' : 'history.apart', { one: names(one), others: names(others) });
}
