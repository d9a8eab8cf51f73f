import { Button, Input } from 'antd';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import { useEffect, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { lineOf, useApplyPlan, useCheckPlan, usePlan } from '@/api/queries/plan';
import { useText } from '@/i18n/text';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Refusal } from '@/ui/Refusal/Refusal';
import { Answer } from '@/ui/StateView/Answer';
import { PlanChanges } from './PlanChanges';
import { spanOfLine } from './spanOfLine';
import './plan.css';

/** The plan as text: checked before it holds, with the line that is wrong, or with what it changes. */
export default function PlanEdit() {
  const { t } = useText('plan');
  const plan = usePlan();
  return (
    <>
      <PageHeader
        above={<Link to="/collect/plan">{t('title')}</Link>}
        title={t('edit.title')}
        purpose={t('edit.purpose')}
        freshness={<Freshness call={{ path: '/api/plan' }} command="qianmian plan show --yaml" />}
      />
      <Answer of={plan} rows={12}>
        {(told) => <Editor key={told.version?.version} held={told.text} />}
      </Answer>
    </>
  );
}

function Editor({ held }: { held: string }) {
  const { t } = useText('plan');
  const navigate = useNavigate();
  const [text, setText] = useState(held);
  const check = useCheckPlan();
  const apply = useApplyPlan();
  const area = useRef<TextAreaRef>(null);
  const isChecked = check.isSuccess && check.variables === text;
  const error = apply.error ?? (check.variables === text ? check.error : null);
  const line = lineOf(error);

  useEffect(() => {
    const field = area.current?.resizableTextArea?.textArea;
    if (!field || line === null) return;
    field.focus();
    field.setSelectionRange(...spanOfLine(field.value, line));
    field.scrollTop = (field.scrollHeight / field.value.split('\n').length) * Math.max(line - 5, 0);
  }, [line, error]);

  return (
    <div className="grid">
      <Panel className="span-7" title={t('edit.text')}>
        <div className="stack">
          <Input.TextArea
            ref={area}
            className="plan-text"
            aria-label={t('edit.text')}
            aria-invalid={line !== null}
            spellCheck={false}
            rows={24}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
          <div className="row wrap">
            <Button type={isChecked ? 'default' : 'primary'} loading={check.isPending} disabled={!text.trim()} onClick={() => check.mutate(text)}>
              {t('edit.check')}
            </Button>
            <Button
              type={isChecked ? 'primary' : 'default'}
              disabled={!isChecked || check.data.differences.length === 0}
              loading={apply.isPending}
              onClick={() => apply.mutate(text, { onSuccess: () => void navigate('/collect/plan') })}
            >
              {t('edit.apply')}
            </Button>
            <OpenFile onText={setText} />
          </div>
        </div>
      </Panel>
      <Panel className="span-5" title={t('edit.changes')}>
        {error ? (
          <Refusal error={error} />
        ) : isChecked ? (
          <PlanChanges of={check.data} />
        ) : (
          <p className="muted">{text === held ? t('edit.same') : t('edit.stale')}</p>
        )}
      </Panel>
    </div>
  );
}

function OpenFile({ onText }: { onText(text: string): void }) {
  const { t } = useText('plan');
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".yaml,.yml"
        hidden
        aria-label={t('edit.file')}
        onChange={({ target }) => {
          void target.files?.[0]?.text().then(onText);
          target.value = '';
        }}
      />
      <Button onClick={() => input.current?.click()}>{t('edit.file')}</Button>
    </>
  );
}
