import { Button } from 'antd';
import { useState } from 'react';
import { useApplyRules, useIdentityRules, useSimulateRules } from '@/api/queries/identity';
import type { IdentityRules as Told } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { Declaration } from '@/ui/Declaration/Declaration';
import { DeclarationStart } from '@/ui/Declaration/DeclarationStart';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Refusal } from '@/ui/Refusal/Refusal';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { SimulationOf } from './Simulation';
import './rules.css';

/** The rules by which traces become people: tried on all the past before they hold. */
export default function IdentityRules() {
  const { t } = useText('identityRules');
  const rules = useIdentityRules();
  const own = rules.data?.own;
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        actions={rules.data && <span className="muted">{own ? t('version', { version: own.version }) : t('builtIn')}</span>}
        freshness={<Freshness call={{ path: '/api/identity/rules' }} command="qianmian identity rules show" />}
      />
      <Answer of={rules} rows={12}>
        {(told) => (
          <div className="stack">
            {!told.is_published && <StateView case="stale" words={t('waiting')} />}
            <Editor key={told.digest} told={told} />
          </div>
        )}
      </Answer>
    </>
  );
}

function Editor({ told }: { told: Told }) {
  const { t } = useText('identityRules');
  const held = told.own?.text ?? told.built_in;
  const [text, setText] = useState(held);
  const simulate = useSimulateRules();
  const apply = useApplyRules();
  const isTried = simulate.isSuccess && simulate.variables === text;
  const error = (apply.variables === text ? apply.error : null) ?? (simulate.variables === text ? simulate.error : null);
  return (
    <div className="grid">
      <Panel className="span-5" title={t('text')} actions={<DeclarationStart {...told} onText={setText} />}>
        <Declaration label={t('text')} text={text} error={error} onText={setText}>
          <Button
            type={isTried ? 'default' : 'primary'}
            loading={simulate.isPending}
            disabled={!text.trim()}
            onClick={() => simulate.mutate(text)}
          >
            {t('simulate')}
          </Button>
          <Button
            type={isTried ? 'primary' : 'default'}
            disabled={!isTried || simulate.data.differences.length === 0}
            loading={apply.isPending}
            onClick={() => apply.mutate(text)}
          >
            {t('apply')}
          </Button>
        </Declaration>
      </Panel>
      <Panel className="span-7" title={t('effect')} note={t('effectNote')}>
        {error ? (
          <Refusal error={error} />
        ) : simulate.isPending ? (
          <StateView case="loading" rows={8} />
        ) : isTried ? (
          <SimulationOf differences={simulate.data.differences} found={simulate.data.found} />
        ) : (
          <StateView case="new" title={t('untried')} words={t(text === held ? 'untriedWords' : 'stale')} />
        )}
      </Panel>
    </div>
  );
}
