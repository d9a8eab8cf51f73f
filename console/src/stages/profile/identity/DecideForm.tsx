import { Button, Form, Input } from 'antd';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import { useEffect, useRef, type ReactNode } from 'react';
import type { Decision, DecisionPreview as Told } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { Refusal } from '@/ui/Refusal/Refusal';
import { DecisionPreview } from './DecisionPreview';

const LONGEST_REASON = 500;

/** A call of the API that is on its way, or what it told. */
interface Call<Asked, Result> {
  data?: Result;
  error: Error | null;
  isPending: boolean;
  mutate(asked: Asked, then?: { onSuccess(result: Result): void }): void;
}

interface Props<Asked extends object> {
  title: string;
  /** What is about to be decided; null = it is not said yet. */
  asked: Asked | null;
  preview: Call<Asked, Told>;
  decide: Call<Asked & { reason: string }, Decision>;
  submit?: string;
  children?: ReactNode;
  onDone(made: Decision): void;
  onCancel(): void;
}

/** A decision about who is who: first what it changes, then why, then it is taken. */
export function DecideForm<Asked extends object>({ title, asked, preview, decide, submit, children, onDone, onCancel }: Props<Asked>) {
  const { t } = useText('identity');
  const reason = useRef<TextAreaRef>(null);
  const key = JSON.stringify(asked);
  const { mutate } = preview;
  useEffect(() => {
    const told = JSON.parse(key) as Asked | null;
    const wait = told && setTimeout(() => mutate(told), 400); // somebody may still be typing
    return () => clearTimeout(wait ?? undefined);
  }, [key, mutate]);
  useEffect(() => reason.current?.focus(), []);
  return (
    <section className="decide" aria-label={title}>
      <h3>{title}</h3>
      <Form<{ reason: string }>
        layout="vertical"
        requiredMark={false}
        onFinish={({ reason: why }) => asked && decide.mutate({ ...asked, reason: why }, { onSuccess: onDone })}
      >
        {children}
        {asked && preview.error && <Refusal error={preview.error} />}
        {asked && preview.data && <DecisionPreview told={preview.data} />}
        <Form.Item name="reason" label={t('decide.reason')} rules={[{ required: true, whitespace: true, message: t('decide.reasonNeeded') }]}>
          <Input.TextArea ref={reason} dir="auto" rows={2} maxLength={LONGEST_REASON} placeholder={t('decide.reasonHint')} />
        </Form.Item>
        {decide.error && <Refusal error={decide.error} />}
        <div className="row">
          <Button type="primary" htmlType="submit" disabled={!asked || !preview.data} loading={decide.isPending}>
            {submit ?? t('decide.submit')}
          </Button>
          <Button onClick={onCancel}>{t('decide.cancel')}</Button>
        </div>
      </Form>
    </section>
  );
}
