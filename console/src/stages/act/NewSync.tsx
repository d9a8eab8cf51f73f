import { Alert, Button, Form, Input, InputNumber, Segmented, Select, type InputRef } from 'antd';
import { useRef } from 'react';
import { useAudiences } from '@/api/queries/savedAudiences';
import { useAddSync, useSyncChoices } from '@/api/queries/syncs';
import { useTags } from '@/api/queries/tags';
import type { NewSync as Asked, Sync } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { isFound } from '@/lib/pinyin';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Failure } from '@/ui/StateView/Answer';
import './campaigns.css';

const LONGEST_NAME = 200;
const MOST_TAGS = 30;

interface Props {
  open: boolean;
  onClose(made?: Sync): void;
}

interface Typed extends Pick<Asked, 'name' | 'audience' | 'tags' | 'way' | 'sink' | 'relation' | 'namespace' | 'purpose'> {
  counts: 'all' | 'behaviour';
  runs: 'build' | 'daily';
  hour: number;
}

const FIRST = { tags: [], way: 'webhook', relation: '', namespace: 'user_id', purpose: 'marketing', counts: 'all', runs: 'build', hour: 6 } as const;

/** Of whom a receiver is told, where it is, what for, and when. */
export function NewSync({ open, onClose }: Props) {
  const { t } = useText('syncs');
  const name = useRef<InputRef>(null);
  const add = useAddSync();
  const choices = useSyncChoices({ enabled: open }).data;
  const finish = ({ counts, runs, hour, ...typed }: Typed) =>
    add.mutate(
      {
        ...typed,
        relation: typed.way === 'database' ? typed.relation : '',
        causes: counts === 'behaviour' && typed.audience ? ['behaviour'] : [],
        daily_at: runs === 'daily' ? hour : null,
      },
      { onSuccess: (made) => onClose(made) },
    );
  return (
    <DetailDrawer open={open} title={t('new.title')} onOpened={() => name.current?.focus()} onClose={() => onClose()}>
      <Form<Typed> layout="vertical" requiredMark={false} initialValues={FIRST} onFinish={finish}>
        <Form.Item name="name" label={t('new.name')} rules={[{ required: true, whitespace: true, message: t('new.nameNeeded') }]}>
          <Input ref={name} dir="auto" maxLength={LONGEST_NAME} autoComplete="off" />
        </Form.Item>
        <What />
        <Where open={open} />
        <Form.Item name="counts" label={t('new.counts')} extra={t('new.countsNote')}>
          <Segmented aria-label={t('new.counts')} options={(['all', 'behaviour'] as const).map((value) => ({ value, label: t(`new.${value}`) }))} />
        </Form.Item>
        <Runs />
        {choices?.approval === 'second_person' && <Alert className="campaign-alert" type="info" showIcon title={t('new.approval')} />}
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

function What() {
  const { t } = useText('syncs');
  const { title } = useWords();
  const format = useFormats();
  const saved = useAudiences().data ?? [];
  const tags = useTags().data ?? [];
  const tagsOnly = Form.useWatch<Typed['audience']>('audience') === undefined;
  return (
    <>
      <Form.Item name="audience" label={t('new.audience')} extra={t('new.audienceNote')}>
        <Select
          allowClear
          placeholder={t('new.nobody')}
          options={saved.map((one) => ({ value: one.audience, label: `${one.name} · ${format.int(one.people)}` }))}
          showSearch={{ filterOption: (typed, option) => isFound(typed, option?.label ?? '') }}
        />
      </Form.Item>
      <Form.Item
        name="tags"
        label={t('new.tags')}
        extra={t('new.tagsNote')}
        dependencies={['audience']}
        rules={[{ required: tagsOnly, type: 'array', message: t('new.whatNeeded') }]}
      >
        <Select
          mode="multiple"
          maxCount={MOST_TAGS}
          options={tags.map((tag) => ({ value: tag.name, label: title(tag) }))}
          showSearch={{ filterOption: (typed, option) => isFound(typed, `${option?.label ?? ''} ${option?.value ?? ''}`) }}
        />
      </Form.Item>
    </>
  );
}

function Where({ open }: { open: boolean }) {
  const { t } = useText('syncs');
  const { word } = useWords();
  const format = useFormats();
  const choices = useSyncChoices({ enabled: open }).data;
  const way = Form.useWatch<Typed['way']>('way') ?? 'webhook';
  const purposes = Object.entries(choices?.purposes ?? {});
  const places = (way === 'database' ? choices?.databases : choices?.sinks) ?? [];
  return (
    <>
      <Form.Item name="way" label={t('new.way')}>
        <Segmented aria-label={t('new.way')} options={(['webhook', 'database'] as const).map((value) => ({ value, label: t(`way.${value}`) }))} />
      </Form.Item>
      <Form.Item name="sink" label={t('new.sink')} extra={t(`new.note.${way}`)} rules={[{ required: true, message: t('new.sinkNeeded') }]}>
        <Select options={places.map((value) => ({ value, label: value }))} />
      </Form.Item>
      {way === 'database' && (
        <Form.Item name="relation" label={t('new.relation')} rules={[{ required: true, message: t('new.relationNeeded') }]}>
          <Input autoComplete="off" spellCheck={false} placeholder="crm.members" />
        </Form.Item>
      )}
      <Form.Item name="namespace" label={t('new.namespace')}>
        <Select
          options={Object.entries(choices?.namespaces ?? {}).map(([value, people]) => ({
            value,
            label: `${word('namespace', value)} · ${t('new.people', { n: format.int(people) })}`,
          }))}
        />
      </Form.Item>
      <Form.Item name="purpose" label={t('new.purpose')}>
        <Select options={purposes.map(([value, basis]) => ({ value, label: `${word('purpose', value)} · ${word('basis', basis)}` }))} />
      </Form.Item>
    </>
  );
}

function Runs() {
  const { t } = useText('syncs');
  const isDaily = Form.useWatch<Typed['runs']>('runs') === 'daily';
  return (
    <>
      <Form.Item name="runs" label={t('new.runs')}>
        <Segmented aria-label={t('new.runs')} options={(['build', 'daily'] as const).map((value) => ({ value, label: t(`new.${value}`) }))} />
      </Form.Item>
      {isDaily && (
        <Form.Item name="hour" label={t('new.hour')} extra={t('new.hourNote')}>
          <InputNumber min={0} max={23} precision={0} />
        </Form.Item>
      )}
    </>
  );
}
