import { Button, Form, Input, Popconfirm } from 'antd';
import { useMakeToken, useTokens, useWithdrawToken } from '@/api/queries/access';
import type { ApiToken } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { Copy } from '@/ui/Copy/Copy';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Panel } from '@/ui/Panel/Panel';
import { Refusal } from '@/ui/Refusal/Refusal';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { When } from '@/ui/Values/Values';
import './account.css';

/** Tokens that programs show instead of a password: made here, told once, withdrawn here. */
export function Tokens() {
  const { t } = useText('account');
  const tokens = useTokens();
  const columns = useColumns();
  return (
    <Panel title={t('tokens.title')} note={t('tokens.note')}>
      <div className="stack">
        <Make />
        <Answer of={tokens} rows={4}>
          {(rows) =>
            rows.length === 0 ? (
              <StateView case="new" title={t('tokens.none')} words={t('tokens.noneWords')} />
            ) : (
              <DataTable name="tokens" caption={t('tokens.title')} columns={columns} rows={rows} rowKey={({ name }) => name} />
            )
          }
        </Answer>
      </div>
    </Panel>
  );
}

function Make() {
  const { t } = useText('account');
  const [form] = Form.useForm<{ name: string }>();
  const make = useMakeToken();
  return (
    <>
      <Form
        form={form}
        layout="inline"
        requiredMark={false}
        onFinish={({ name }: { name: string }) => make.mutate(name.trim(), { onSuccess: () => form.resetFields() })}
      >
        <Form.Item
          name="name"
          label={t('tokens.name')}
          rules={[{ required: true, whitespace: true, message: t('tokens.nameNeeded') }]}
          className="token-name"
        >
          <Input maxLength={60} placeholder={t('tokens.example')} autoComplete="off" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={make.isPending}>
          {t('tokens.make')}
        </Button>
      </Form>
      {make.error && <Refusal error={make.error} />}
      {make.data && (
        <div className="token-made" role="status">
          <p>{t('tokens.once', { name: make.data.name })}</p>
          <div className="row">
            <code className="token-secret">{make.data.token}</code>
            <Copy text={make.data.token} />
            <Button onClick={() => make.reset()}>{t('tokens.kept')}</Button>
          </div>
        </div>
      )}
    </>
  );
}

function useColumns(): Column<ApiToken>[] {
  const { t } = useText('account');
  return [
    { key: 'name', title: t('tokens.name'), render: ({ name }) => <bdi>{name}</bdi> },
    { key: 'shown', title: t('tokens.shown'), render: ({ shown }) => <code>{shown}</code> },
    { key: 'account', title: t('tokens.account'), render: ({ account }) => account },
    { key: 'created', title: t('tokens.created'), render: ({ created_at }) => <When at={created_at} /> },
    {
      key: 'used',
      title: t('tokens.used'),
      render: ({ used_at }) => (used_at ? <When at={used_at} /> : <span className="muted">{t('tokens.never')}</span>),
    },
    { key: 'act', title: t('tokens.act'), render: ({ name }) => <Withdraw name={name} /> },
  ];
}

function Withdraw({ name }: { name: string }) {
  const { t } = useText('account');
  const withdraw = useWithdrawToken();
  return (
    <Popconfirm
      title={t('tokens.sure', { name })}
      description={t('tokens.words')}
      okText={t('tokens.withdraw')}
      onConfirm={() => withdraw.mutate(name)}
    >
      <Button danger loading={withdraw.isPending} aria-label={t('tokens.withdrawOne', { name })}>
        {t('tokens.withdraw')}
      </Button>
    </Popconfirm>
  );
}
