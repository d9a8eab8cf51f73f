import { Button, Form, Input, Select, type InputRef } from 'antd';
import { useRef } from 'react';
import { useAddLink } from '@/api/queries/links';
import { useText } from '@/i18n/text';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Failure } from '@/ui/StateView/Answer';

const KINDS = ['post', 'leader', 'group', 'shop', 'item'] as const;
const WORDS = ['source', 'medium', 'campaign', 'content'] as const;
const LONGEST_TARGET = 2000;
const LONGEST_WORD = 100;
const LONGEST_CODE = 40;

interface Typed {
  target: string;
  kind: (typeof KINDS)[number];
  owner?: string;
  code?: string;
  words?: Record<string, string | undefined>;
}

/** Where a new link leads, what it belongs to, and the words of its campaign. */
export function NewLink({ open, onClose }: { open: boolean; onClose(code?: string): void }) {
  const { t } = useText('links');
  const add = useAddLink();
  const target = useRef<InputRef>(null);

  function finish({ target, kind, owner = '', code = '', words = {} }: Typed) {
    const told = Object.fromEntries(Object.entries(words).flatMap(([name, word]) => (word ? [[name, word]] : [])));
    add.mutate({ target, kind, owner, code, words: told }, { onSuccess: (made) => onClose(made.code) });
  }

  return (
    <DetailDrawer open={open} title={t('new.title')} onOpened={() => target.current?.focus()} onClose={() => onClose()}>
      <Form<Typed> layout="vertical" requiredMark={false} initialValues={{ kind: 'post' }} onFinish={finish}>
        <Form.Item
          name="target"
          label={t('column.target')}
          rules={[{ required: true, whitespace: true, message: t('new.targetNeeded') }]}
        >
          <Input ref={target} maxLength={LONGEST_TARGET} placeholder="https://" autoComplete="off" />
        </Form.Item>
        <Form.Item name="kind" label={t('column.kind')}>
          <Select options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))} />
        </Form.Item>
        <Form.Item name="owner" label={t('column.owner')} extra={t('new.ownerNote')}>
          <Input maxLength={LONGEST_WORD} dir="auto" autoComplete="off" />
        </Form.Item>
        <div className="link-words">
          {WORDS.map((word) => (
            <Form.Item key={word} name={['words', word]} label={t(`utm.${word}`)}>
              <Input maxLength={LONGEST_WORD} placeholder={`utm_${word}`} autoComplete="off" />
            </Form.Item>
          ))}
        </div>
        <Form.Item name="code" label={t('column.code')} extra={t('new.codeNote')}>
          <Input maxLength={LONGEST_CODE} autoComplete="off" />
        </Form.Item>
        {add.error && <Failure error={add.error} />}
        <div className="row">
          <Button type="primary" htmlType="submit" loading={add.isPending}>
            {t('new.submit')}
          </Button>
          <Button onClick={() => onClose()}>{t('new.cancel')}</Button>
        </div>
      </Form>
    </DetailDrawer>
  );
}
