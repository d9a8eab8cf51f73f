import { Button, Form, Input, Radio, type InputRef } from 'antd';
import { useRef } from 'react';
import { useSave } from '@/api/queries/savedAudiences';
import type { AudienceKind, SavedAudience } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Failure } from '@/ui/StateView/Answer';

const LONGEST_NAME = 200;
const LONGEST_NOTE = 2000;

interface Props {
  open: boolean;
  /** What is saved already, if it is changed. */
  audience?: SavedAudience;
  condition: string;
  onClose(saved?: SavedAudience): void;
}

/** The name under which an audience is kept, and what it is for. */
export function SaveAudience({ open, audience, condition, onClose }: Props) {
  const { t } = useText('audiences', 'members');
  const save = useSave();
  const name = useRef<InputRef>(null);
  const first = { name: audience?.name ?? '', note: audience?.note ?? '', kind: audience?.kind ?? 'dynamic' };
  return (
    <DetailDrawer
      open={open}
      title={t(audience ? 'edit' : 'save.title')}
      onOpened={() => name.current?.focus()}
      onClose={() => onClose()}
    >
      <Form<{ name: string; note: string; kind: AudienceKind }>
        layout="vertical"
        requiredMark={false}
        initialValues={first}
        onFinish={(typed) =>
          save.mutate({ audience: audience?.audience ?? 0, condition, ...typed }, { onSuccess: (saved) => onClose(saved) })
        }
      >
        <Form.Item name="name" label={t('column.name')} rules={[{ required: true, whitespace: true, message: t('save.nameNeeded') }]}>
          <Input ref={name} dir="auto" maxLength={LONGEST_NAME} />
        </Form.Item>
        <Form.Item name="note" label={t('column.note')}>
          <Input.TextArea dir="auto" rows={4} maxLength={LONGEST_NOTE} placeholder={t('save.notePlaceholder')} />
        </Form.Item>
        {!audience && (
          <Form.Item name="kind" label={t('members:kindOf')}>
            <Radio.Group
              vertical
              options={(['dynamic', 'fixed'] as const).map((value) => ({ value, label: t(`members:choose.${value}`) }))}
            />
          </Form.Item>
        )}
        <Form.Item label={t('condition')}>
          <code className="save-condition">{condition}</code>
        </Form.Item>
        {save.error && <Failure error={save.error} />}
        <div className="row">
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t('save.submit')}
          </Button>
          <Button onClick={() => onClose()}>{t('save.cancel')}</Button>
        </div>
      </Form>
    </DetailDrawer>
  );
}
