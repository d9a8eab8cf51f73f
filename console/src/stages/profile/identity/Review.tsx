import { Button, Checkbox, Segmented } from 'antd';
import { useEffect, useState } from 'react';
import { useDecidePair, useFindPairs, usePreviewPair, useReview, type ReviewState, type Verdict } from '@/api/queries/identity';
import type { Pair } from '@/api/shapes';
import { singleKeys } from '@/app/useShortcuts';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { int, oneOf, useUrlState } from '@/lib/urlState';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Refusal } from '@/ui/Refusal/Refusal';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { When } from '@/ui/Values/Values';
import { DecideForm } from './DecideForm';
import { Reasons } from './Reasons';
import { SideBySide } from './SideBySide';
import './review.css';

const states = ['open', 'accepted', 'refused', 'expired'] as const satisfies readonly ReviewState[];
const schema = { state: oneOf(states, 'open'), pair: int(0) };

/** Pairs that may be one person, side by side, until somebody says that they are or are not. */
export default function Review() {
  const { t } = useText('identity');
  const format = useFormats();
  const [{ state, pair }, set] = useUrlState(schema);
  const review = useReview(state);
  const find = useFindPairs();
  return (
    <>
      <PageHeader
        title={t('review.title')}
        purpose={t('review.purpose')}
        freshness={<Freshness call={{ path: '/api/identity/review' }} command="qianmian identity review list" />}
        actions={
          <Button loading={find.isPending} onClick={() => find.mutate()}>
            {t('review.find')}
          </Button>
        }
      />
      <div className="stack">
        <div className="row wrap">
          <Segmented<ReviewState>
            aria-label={t('review.state')}
            value={state}
            options={states.map((value) => ({ value, label: t(`review.states.${value}`) }))}
            onChange={(value) => set({ state: value, pair: 0 })}
          />
          {find.data && <span role="status">{t('review.found', { added: format.int(find.data.added), open: format.int(find.data.open) })}</span>}
        </div>
        {find.error && <Refusal error={find.error} />}
        <Answer of={review} rows={12}>
          {({ pairs }) =>
            pairs.length > 0 ? (
              <Queue key={state} pairs={pairs} chosen={pair} onChoose={(number) => set({ pair: number })} />
            ) : (
              <StateView case="new" title={t(state === 'open' ? 'review.none' : 'review.noneState')} words={t('review.noneWords')} />
            )
          }
        </Answer>
      </div>
    </>
  );
}

interface QueueProps {
  pairs: readonly Pair[];
  chosen: number;
  onChoose(number: number): void;
}

function Queue({ pairs, chosen, onChoose }: QueueProps) {
  const { t } = useText('identity');
  const { word } = useWords();
  const format = useFormats();
  const at = Math.max(0, pairs.findIndex(({ number }) => number === chosen));
  const pair = pairs[at];
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const choose = (number: number | undefined) => {
    if (number === undefined) return;
    setVerdict(null);
    onChoose(number);
  };
  useKeys({
    j: () => choose(pairs[at + 1]?.number),
    k: () => choose(pairs[at - 1]?.number),
    a: () => pair?.state === 'open' && setVerdict('accept'),
    r: () => pair?.state === 'open' && setVerdict('refuse'),
  });
  if (!pair) return null;
  return (
    <div className="grid">
      <Panel className="span-4" title={t('review.list')} note={t('review.keys')} flush>
        <ul className="review-list">
          {pairs.map((one) => (
            <li key={one.number}>
              <button type="button" className="plain-button review-pair" aria-current={one.number === pair.number} onClick={() => choose(one.number)}>
                <span>
                  {[one.a, one.b].map((side) => (
                    <span key={side.id} className="review-name">
                      {word('namespace', side.namespace)} <span className="code">{side.value}</span>
                    </span>
                  ))}
                </span>
                <span className="number">{format.share(Math.round(one.probability * 1000), 1000)}</span>
              </button>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel className="span-8" title={t('review.compare')} note={<Note pair={pair} />}>
        <div className="stack">
          <SideBySide pair={pair} />
          <h3>
            {t('review.reasons')} <span className="panel-note">{t('review.producer', { producer: pair.producer, at: format.minute(pair.proposed_at) })}</span>
          </h3>
          <Reasons reasons={pair.reasons} />
          {pair.state === 'open' && (
            <div className="row wrap">
              <Button type="primary" aria-pressed={verdict === 'accept'} onClick={() => setVerdict('accept')}>
                {t('review.accept')}
              </Button>
              <Button aria-pressed={verdict === 'refuse'} onClick={() => setVerdict('refuse')}>
                {t('review.refuse')}
              </Button>
            </div>
          )}
          {verdict && <Decide key={`${pair.number} ${verdict}`} pair={pair} verdict={verdict} onClose={() => setVerdict(null)} />}
        </div>
      </Panel>
    </div>
  );
}

function Note({ pair }: { pair: Pair }) {
  const { t } = useText('identity');
  const format = useFormats();
  if (pair.decision === null) return t('review.probability', { p: format.share(Math.round(pair.probability * 1000), 1000) });
  const by = pair.decided_by || t('history.here');
  return (
    <>
      {by} · <When at={pair.decided_at} as="minute" /> · {t('history.undoes', { n: pair.decision })}
    </>
  );
}

function Decide({ pair, verdict, onClose }: { pair: Pair; verdict: Verdict; onClose(): void }) {
  const { t } = useText('identity');
  const [accounts, setAccounts] = useState(false);
  const title = t(verdict === 'accept' ? 'review.accept' : 'review.refuse');
  return (
    <DecideForm
      title={title}
      asked={{ number: pair.number, verdict, accounts_too: accounts }}
      preview={usePreviewPair()}
      decide={useDecidePair()}
      submit={title}
      onDone={onClose}
      onCancel={onClose}
    >
      {verdict === 'accept' && (
        <Checkbox checked={accounts} onChange={({ target }) => setAccounts(target.checked)}>
          {t('decide.accountsTooWords')}
        </Checkbox>
      )}
    </DecideForm>
  );
}

// Where nobody is typing a letter does something, unless single keys are off.
function useKeys(keys: Record<string, () => unknown>): void {
  useEffect(() => {
    function press(event: KeyboardEvent) {
      const act = keys[event.key.toLowerCase()];
      const isTyping = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (!act || isTyping || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || !singleKeys()) return;
      event.preventDefault(); // the letter is no part of a reason whose field gets the focus now
      act();
    }
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
}
