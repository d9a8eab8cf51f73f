import { Button, Select } from 'antd';
import { useState } from 'react';
import { useApplyFactRules, useCheckFactRules, useFactRules } from '@/api/queries/facts';
import type { FactRules as Told } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { Declaration } from '@/ui/Declaration/Declaration';
import { Panel } from '@/ui/Panel/Panel';
import { Refusal } from '@/ui/Refusal/Refusal';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';

/** The rules by which facts are checked: compared with those that hold, then applied. */
export function FactRules() {
  const rules = useFactRules();
  return (
    <Answer of={rules} rows={12}>
      {(told) => <Editor key={told.digest} told={told} />}
    </Answer>
  );
}

function Editor({ told }: { told: Told }) {
  const { t } = useText('facts');
  const [text, setText] = useState(told.own?.text ?? told.built_in);
  const check = useCheckFactRules();
  const apply = useApplyFactRules();
  const isChecked = check.isSuccess && check.variables === text;
  const error = (apply.variables === text ? apply.error : null) ?? (check.variables === text ? check.error : null);
  return (
    <Panel title={t('rules')} note={t('rulesNote')} actions={<Start told={told} onText={setText} />}>
      <div className="stack">
        {!told.is_published && <StateView case="stale" words={t('waiting')} />}
        <Declaration label={t('rules')} text={text} error={error} onText={setText}>
          <Button loading={check.isPending} disabled={!text.trim()} onClick={() => check.mutate(text)}>
            {t('check')}
          </Button>
          <Button
            type="primary"
            disabled={!isChecked || check.data.differences.length === 0}
            loading={apply.isPending}
            onClick={() => apply.mutate(text)}
          >
            {t('apply')}
          </Button>
          {isChecked && <Differences of={check.data.differences} />}
        </Declaration>
        {error && <Refusal error={error} />}
      </div>
    </Panel>
  );
}

function Differences({ of: differences }: { of: readonly string[] }) {
  const { t } = useText('facts');
  const sections = differences.map((one) => t(`section.${one as 'traits'}`)).join(' · ');
  return (
    <span role="status" className="muted">
      {differences.length > 0 ? t('differ', { sections }) : t('same')}
    </span>
  );
}

/** Begins with rules of before, or with those of the product. */
function Start({ told, onText }: { told: Told; onText(text: string): void }) {
  const { t } = useText('facts');
  const format = useFormats();
  const versions = told.own ? [told.own, ...told.earlier] : [];
  const starts = [
    ...versions.map((one) => ({ value: String(one.version), label: t('versionOf', { version: one.version, at: format.minute(one.applied_at) }), text: one.text })),
    { value: 'built-in', label: t('builtIn'), text: told.built_in },
  ];
  return (
    <Select
      size="small"
      className="facts-choice"
      aria-label={t('start')}
      placeholder={t('start')}
      value={null}
      options={starts.map(({ value, label }) => ({ value, label }))}
      onChange={(chosen: string | null) => onText(starts.find(({ value }) => value === chosen)?.text ?? '')}
    />
  );
}
