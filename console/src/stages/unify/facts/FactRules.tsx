import { checkFactRules, useApplyFactRules, useFactRules } from '@/api/queries/facts';
import { useText } from '@/i18n/text';
import { DeclarationEditor } from '@/ui/Declaration/DeclarationEditor';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';

/** The rules by which facts are checked. */
export function FactRules() {
  const { t } = useText('facts');
  const rules = useFactRules();
  const apply = useApplyFactRules();
  return (
    <Answer of={rules} rows={12}>
      {(told) => (
        <div className="stack">
          {!told.is_published && <StateView case="stale" words={t('waiting')} />}
          <DeclarationEditor
            key={told.own?.version ?? 0}
            name="facts"
            told={told}
            unsaid="builtIn"
            check={checkFactRules}
            apply={apply}
            section={(name) => t(`section.${name as 'traits'}`)}
            effect={t('effect')}
          />
        </div>
      )}
    </Answer>
  );
}
