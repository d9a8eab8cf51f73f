import { Button, Checkbox, Form, Input, InputNumber, Segmented, Select, type InputRef } from 'antd';
import { useRef, useState } from 'react';
import { useAddFolder, useAddPull, useTemplates, type Kind } from '@/api/queries/intake';
import { useText } from '@/i18n/text';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Refusal } from '@/ui/Refusal/Refusal';

const NAME = /^[a-z0-9][a-z0-9_.-]{0,59}$/;
const VARIABLE = /^QIANMIAN_PULL_[A-Z0-9_]{1,60}$/;
const OWN = '';

interface Typed {
  name: string;
  mapping?: string;
  template: string;
  path: string;
  is_backfill?: boolean;
  url_variable: string;
  relation: string;
  cursor_col?: string;
  overlap?: number | null;
  every_minutes?: number | null;
}

/** Declare a pull or a watched folder; the address of a database is never asked for, only the name of its variable. */
export function NewIntake({ open, onClose }: { open: boolean; onClose(address?: string): void }) {
  const { t } = useText('intake');
  const [kind, setKind] = useState<Kind>('folders');
  const [form] = Form.useForm<Typed>();
  const name = useRef<InputRef>(null);
  const pull = useAddPull();
  const folder = useAddFolder();
  const templates = useTemplates(open);
  const template = Form.useWatch('template', form) ?? OWN;
  const own = kind === 'pulls' || template === OWN;

  function finish({ name, mapping = '', ...typed }: Typed) {
    const made = { onSuccess: () => onClose(`/collect/intake/${kind}/${name}`) };
    if (kind === 'folders') {
      const { path, template, is_backfill = false } = typed;
      folder.mutate({ name, path, template, is_backfill, mapping: own ? mapping : '' }, made);
    } else {
      const { url_variable, relation, cursor_col = '', overlap, every_minutes } = typed;
      pull.mutate({ name, mapping, url_variable, relation, cursor_col, overlap: overlap ?? 0, every_minutes: every_minutes ?? 0 }, made);
    }
  }

  const failed = kind === 'pulls' ? pull.error : folder.error;
  const needed = (message: string) => [{ required: true, whitespace: true, message }];
  return (
    <DetailDrawer wide open={open} title={t('new.open')} onOpened={() => name.current?.focus()} onClose={() => onClose()}>
      <Form<Typed> form={form} layout="vertical" requiredMark={false} initialValues={{ template: OWN, every_minutes: 60 }} onFinish={finish}>
        <Form.Item label={t('column.kind')}>
          <Segmented<Kind>
            value={kind}
            onChange={setKind}
            options={(['folders', 'pulls'] as const).map((value) => ({ value, label: t(`kind.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="name" label={t('column.name')} extra={t('new.nameRule')} rules={[{ required: true, pattern: NAME, message: t('new.nameRule') }]}>
          <Input ref={name} maxLength={60} placeholder={kind === 'pulls' ? 'erp-orders' : 'till'} autoComplete="off" />
        </Form.Item>
        {kind === 'folders' ? (
          <>
            <Form.Item name="path" label={t('new.path')} extra={t('new.pathNote')} rules={needed(t('new.pathNeeded'))}>
              <Input maxLength={500} placeholder="till" autoComplete="off" />
            </Form.Item>
            <Form.Item name="template" label={t('new.template')}>
              <Select
                showSearch
                loading={templates.isPending}
                options={[
                  { value: OWN, label: t('new.own') },
                  ...(templates.data ?? []).map(({ name, about }) => ({ value: name, label: name, title: about })),
                ]}
              />
            </Form.Item>
          </>
        ) : (
          <>
            <Form.Item
              name="url_variable"
              label={t('pull.variable')}
              extra={t('new.variableNote')}
              rules={[{ required: true, pattern: VARIABLE, message: t('new.variableRule') }]}
            >
              <Input maxLength={100} placeholder="QIANMIAN_PULL_ERP" autoComplete="off" />
            </Form.Item>
            <Form.Item name="relation" label={t('pull.relation')} extra={t('new.relationNote')} rules={needed(t('new.relationNeeded'))}>
              <Input.TextArea className="code" rows={3} spellCheck={false} placeholder="public.orders" />
            </Form.Item>
            <Form.Item name="cursor_col" label={t('pull.cursor')} extra={t('new.cursorNote')}>
              <Input maxLength={200} placeholder="updated_at" autoComplete="off" />
            </Form.Item>
            <Form.Item name="overlap" label={t('pull.overlap')} extra={t('new.overlapNote')}>
              <InputNumber min={0} precision={0} placeholder="0" />
            </Form.Item>
            <Form.Item name="every_minutes" label={t('new.every')} extra={t('new.everyNote')}>
              <InputNumber min={0} max={40_320} precision={0} />
            </Form.Item>
          </>
        )}
        {own && (
          <Form.Item name="mapping" label={t('new.mapping')} extra={t('new.mappingNote')} rules={needed(t('new.mappingNeeded'))}>
            <Input.TextArea className="code" rows={10} spellCheck={false} />
          </Form.Item>
        )}
        {kind === 'folders' && (
          <Form.Item name="is_backfill" valuePropName="checked">
            <Checkbox>{t('new.backfill')}</Checkbox>
          </Form.Item>
        )}
        {failed && <Refusal error={failed} />}
        <div className="row">
          <Button type="primary" htmlType="submit" loading={pull.isPending || folder.isPending}>
            {t('new.submit')}
          </Button>
          <Button onClick={() => onClose()}>{t('new.cancel')}</Button>
        </div>
      </Form>
    </DetailDrawer>
  );
}
