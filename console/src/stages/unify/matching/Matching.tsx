import { Button, Popconfirm } from 'antd';
import { checkMatching, useApplyMatching, useMatching } from '@/api/queries/matching';
import type { Matching as Told } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { DeclarationEditor } from '@/ui/Declaration/DeclarationEditor';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { LastRun } from './LastRun';
import { RunPlan } from './RunPlan';
import './matching.css';

/** People who may be one though they share no identifier: declared, planned, compared as a job, looked at in review. */
export default function Matching() {
  const { t } = useText('matching');
  const matching = useMatching();
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        freshness={<Freshness call={{ path: '/api/identity/matching' }} command="qianmian identity match show" />}
      />
      <Answer of={matching} rows={12}>
        {(told) => (
          <div className="grid">
            <Editor key={told.own?.version ?? 0} told={told} />
            <div className="span-7 stack">
              {told.own ? <RunPlan version={told.own.version} /> : <Off />}
              {(told.own ?? told.last) && <LastRun last={told.last} version={told.own?.version ?? 0} />}
            </div>
          </div>
        )}
      </Answer>
    </>
  );
}

function Editor({ told }: { told: Told }) {
  const { t } = useText('matching');
  const apply = useApplyMatching();
  return (
    <DeclarationEditor
      className="span-5"
      name="matching"
      told={told}
      unsaid="off"
      check={checkMatching}
      apply={apply}
      section={(name) => t(`section.${name as 'block'}`)}
      effect={t('effect')}
    >
      {told.own && (
        <Popconfirm title={t('offSure')} description={t('offWords')} okText={t('off')} onConfirm={() => apply.mutate('')}>
          <Button danger>{t('off')}</Button>
        </Popconfirm>
      )}
    </DeclarationEditor>
  );
}

function Off() {
  const { t } = useText('matching');
  return (
    <Panel>
      <StateView
        case="new"
        title={t('newTitle')}
        words={
          <>
            <p>{t('newWords')}</p>
            <code>{t('guide')}</code>
          </>
        }
      />
    </Panel>
  );
}
