import { Button } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useApplyPlan, useCheckPlan, usePlan } from '@/api/queries/plan';
import { useText } from '@/i18n/text';
import { Declaration } from '@/ui/Declaration/Declaration';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Refusal } from '@/ui/Refusal/Refusal';
import { Answer } from '@/ui/StateView/Answer';
import { PlanChanges } from './PlanChanges';
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
  const isChecked = check.isSuccess && check.variables === text;
  const error = apply.error ?? (check.variables === text ? check.error : null);

  return (
    <div className="grid">
      <Panel className="span-7" title={t('edit.text')}>
        <Declaration label={t('edit.text')} text={text} error={error} onText={setText}>
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
        </Declaration>
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
