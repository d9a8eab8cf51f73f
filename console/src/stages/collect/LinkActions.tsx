import { Button, Form, Input, Popconfirm } from 'antd';
import { useState } from 'react';
import { useChangeLink } from '@/api/queries/links';
import type { CountedLink } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Refusal } from '@/ui/Refusal/Refusal';
import { Failure } from '@/ui/StateView/Answer';

const LONGEST_TARGET = 2000;

/** A link is led elsewhere, disabled, or let lead on again; its code and what it is about stay. */
export function LinkActions({ link }: { link: CountedLink }) {
  const { t } = useText('links');
  const [open, setOpen] = useState(false);
  const change = useChangeLink(link.code);
  const state = useChangeLink(link.code);
  return (
    <>
      {state.error && <Refusal error={state.error} />}
      <Button onClick={() => setOpen(true)}>{t('change.open')}</Button>
      {link.disabled_at ? (
        <Button loading={state.isPending} onClick={() => state.mutate({ is_disabled: false })}>
          {t('enable')}
        </Button>
      ) : (
        <Popconfirm
          title={t('disable.sure')}
          description={t('disable.words')}
          okText={t('disable.action')}
          onConfirm={() => state.mutate({ is_disabled: true })}
        >
          <Button danger loading={state.isPending}>
            {t('disable.action')}
          </Button>
        </Popconfirm>
      )}
      <DetailDrawer open={open} title={t('change.title')} onClose={() => setOpen(false)}>
        <Form<{ target: string }>
          layout="vertical"
          requiredMark={false}
          initialValues={{ target: link.target }}
          onFinish={({ target }) => change.mutate({ target }, { onSuccess: () => setOpen(false) })}
        >
          <Form.Item
            name="target"
            label={t('column.target')}
            extra={t('change.note')}
            rules={[{ required: true, whitespace: true, message: t('new.targetNeeded') }]}
          >
            <Input maxLength={LONGEST_TARGET} autoComplete="off" />
          </Form.Item>
          {change.error && <Failure error={change.error} />}
          <Button type="primary" htmlType="submit" loading={change.isPending}>
            {t('change.submit')}
          </Button>
        </Form>
      </DetailDrawer>
    </>
  );
}
