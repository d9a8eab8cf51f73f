import { Button, Checkbox, Form, Input } from 'antd';
import { useState } from 'react';
import { useDecide, usePreviewDecision, type Wish } from '@/api/queries/identity';
import type { Explained } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { DecideForm } from './DecideForm';

interface Props {
  told: Explained;
  person: string;
  /** Ids of what is picked in the picture. */
  picked: readonly string[];
  /** Begin with a split: somebody came because the person has too many identifiers. */
  splits?: boolean;
}

/** Merge a person with somebody else, or split off what is picked. */
export function ByHand({ told, person, picked, splits = false }: Props) {
  const { t } = useText('identity');
  const [open, setOpen] = useState<'merge' | 'split' | null>(splits ? 'split' : null);
  const [done, setDone] = useState<number | null>(null);
  const close = () => setOpen(null);
  const finish = ({ decision }: { decision: number }) => {
    setDone(decision);
    close();
  };
  return (
    <>
      <div className="row wrap">
        <Button size="small" aria-pressed={open === 'merge'} onClick={() => setOpen('merge')}>
          {t('decide.merge')}
        </Button>
        <Button size="small" aria-pressed={open === 'split'} onClick={() => setOpen('split')}>
          {t('decide.split')}
        </Button>
        {done !== null && <span role="status">{t('decide.next', { n: done })}</span>}
      </div>
      {open === 'merge' && <Merge person={person} onDone={finish} onCancel={close} />}
      {open === 'split' && <Split told={told} person={person} picked={picked} onDone={finish} onCancel={close} />}
    </>
  );
}

interface FormProps {
  person: string;
  onDone(made: { decision: number }): void;
  onCancel(): void;
}

function Merge({ person, onDone, onCancel }: FormProps) {
  const { t } = useText('identity');
  const [other, setOther] = useState('');
  const [accounts, setAccounts] = useState(false);
  const wish: Wish | null = other.trim()
    ? { kind: 'merge', one: `person:${person}`, others: [other.trim()], accounts_too: accounts }
    : null;
  return (
    <DecideForm title={t('decide.mergeTitle')} asked={wish} preview={usePreviewDecision()} decide={useDecide()} onDone={onDone} onCancel={onCancel}>
      <Form.Item label={t('decide.other')} htmlFor="decide-other">
        <Input id="decide-other" dir="auto" value={other} placeholder={t('decide.otherHint')} onChange={({ target }) => setOther(target.value)} />
      </Form.Item>
      <Form.Item>
        <Checkbox checked={accounts} onChange={({ target }) => setAccounts(target.checked)}>
          {t('decide.accountsTooWords')}
        </Checkbox>
      </Form.Item>
    </DecideForm>
  );
}

function Split({ told, person, picked, onDone, onCancel }: FormProps & Pick<Props, 'told' | 'picked'>) {
  const { t } = useText('identity');
  const { word } = useWords();
  const [since, setSince] = useState('');
  const known = new Map(told.identifiers.map((one) => [one.id, one]));
  const called = (id: string) => {
    const one = known.get(id);
    return one ? `${word('namespace', one.namespace)} ${one.value ?? t('erased')}` : id;
  };
  const goes = picked.filter((id) => id !== person);
  const wish: Wish | null = goes.length
    ? { kind: 'split', one: `person:${person}`, others: goes.map((id) => `id:${id}`), since: since || null }
    : null;
  return (
    <DecideForm title={t('decide.splitTitle')} asked={wish} preview={usePreviewDecision()} decide={useDecide()} onDone={onDone} onCancel={onCancel}>
      <Form.Item label={t('decide.apart')}>
        {goes.length ? goes.map(called).join(' · ') : <span className="muted">{t('decide.apartWords')}</span>}
        <div className="muted">{t('decide.stays', { name: called(person) })}</div>
      </Form.Item>
      <Form.Item label={t('decide.since')} htmlFor="decide-since">
        <Input id="decide-since" type="datetime-local" value={since} onChange={({ target }) => setSince(target.value)} />
      </Form.Item>
    </DecideForm>
  );
}
