import { Segmented } from 'antd';
import { lazy, Suspense } from 'react';
import { loadPart } from '@/i18n/parts';
import { useText } from '@/i18n/text';
import { Panel } from '@/ui/Panel/Panel';
import { StateView } from '@/ui/StateView/StateView';
import { ConditionText } from './ConditionText';
import type { EditedCondition, Form } from './useCondition';
import './conditionEditor.css';

const Builder = lazy(async () => (await Promise.all([import('./builder/Builder'), loadPart('builder')]))[0]);

interface Props {
  of: EditedCondition;
  form: Form;
  onForm(form: Form): void;
}

/** One condition, built from parts or written as text; both say the same. */
export function ConditionEditor({ of, form, onForm }: Props) {
  const { t } = useText('audiences');
  const options = [
    { value: 'build' as const, label: t('form.build'), disabled: of.isText },
    { value: 'text' as const, label: t('form.text') },
  ];
  return (
    <Panel
      title={t('condition')}
      note={of.isText ? t('form.textOnly') : t(form === 'build' ? 'form.buildNote' : 'conditionNote')}
      actions={<Segmented<Form> size="small" aria-label={t('form.label')} value={form} onChange={onForm} options={options} />}
    >
      {form === 'text' ? (
        <ConditionText text={of.typed} problems={of.problems} onChange={of.setTyped} />
      ) : (
        <Suspense fallback={<StateView case="loading" rows={3} />}>
          {of.draft.isOwn ? <Builder draft={of.draft} problems={of.problems} /> : <StateView case="loading" rows={3} />}
        </Suspense>
      )}
      {of.sentence && <p className="muted condition-sentence">{of.sentence}</p>}
    </Panel>
  );
}
