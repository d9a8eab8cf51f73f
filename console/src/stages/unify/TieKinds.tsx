import { checkTieKinds, useApplyTieKinds, useTieKinds, useTieSummary } from '@/api/queries/ties';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { DeclarationEditor } from '@/ui/Declaration/DeclarationEditor';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { FoundTies } from './FoundTies';

/** Which events tie people, beside what the last build found. */
export default function TieKinds() {
  const { t } = useText('tieKinds');
  const { word } = useWords();
  const kinds = useTieKinds();
  const summary = useTieSummary();
  const apply = useApplyTieKinds();
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        freshness={<Freshness computed={summary.data?.computed} call={{ path: '/api/ties/summary' }} command="qianmian ties summary" />}
      />
      <Answer of={kinds} rows={12}>
        {(told) => (
          <div className="stack">
            {!told.is_published && <StateView case="stale" words={t('waiting')} />}
            <div className="grid">
              <DeclarationEditor
                key={told.own?.version ?? 0}
                className="span-5"
                name="ties"
                told={told}
                unsaid="builtIn"
                check={checkTieKinds}
                apply={apply}
                section={(name) => word('tie', name)}
                effect={t('effect')}
              />
              <div className="span-7">
                <Answer of={summary} rows={9}>
                  {(found) => <FoundTies found={found} />}
                </Answer>
              </div>
            </div>
          </div>
        )}
      </Answer>
    </>
  );
}
