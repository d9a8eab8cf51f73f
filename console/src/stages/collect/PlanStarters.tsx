import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useAddStarters, useStarters } from '@/api/queries/plan';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { Panel } from '@/ui/Panel/Panel';
import { Refusal } from '@/ui/Refusal/Refusal';
import { Answer } from '@/ui/StateView/Answer';

/** Where nothing is planned yet: the plans that come with the product, to begin from. */
export function PlanStarters() {
  const { t } = useText('plan');
  const { title } = useWords();
  const starters = useStarters();
  const add = useAddStarters();
  const [chosen, setChosen] = useState<string[]>(['shop']);
  return (
    <Panel title={t('starters.title')} note={t('starters.note')}>
      <Answer of={starters} rows={4}>
        {(rows) => (
          <div className="stack">
            <Checkbox.Group className="plan-starters" value={chosen} onChange={(names) => setChosen(names)}>
              {rows.map((one) => (
                <Checkbox key={one.name} value={one.name} className="plan-starter">
                  <span className="plan-starter-title">{title(one.title)}</span>
                  <span className="muted">{t('starters.events', { count: one.events.length })}</span>
                </Checkbox>
              ))}
            </Checkbox.Group>
            <div className="row wrap">
              <Button type="primary" disabled={chosen.length === 0} loading={add.isPending} onClick={() => add.mutate(chosen)}>
                {t('starters.begin')}
              </Button>
              <span className="muted">{t('starters.own')}</span>
              <code>qianmian plan apply plan.yaml</code>
            </div>
            {add.error && <Refusal error={add.error} />}
          </div>
        )}
      </Answer>
    </Panel>
  );
}
