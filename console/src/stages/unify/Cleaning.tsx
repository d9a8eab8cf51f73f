import { checkCleaningRules, useApplyCleaningRules, useCleaningRules } from '@/api/queries/cleaning';
import { useCleaningReport } from '@/api/queries/quality';
import { Link } from 'react-router';
import { useText } from '@/i18n/text';
import { DeclarationEditor } from '@/ui/Declaration/DeclarationEditor';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { CheckButton } from './CheckButton';
import { Flags } from './Flags';
import './quality.css';

/** The rules by which data are judged, beside what they flagged at the last check. */
export default function Cleaning() {
  const { t } = useText('cleaning');
  const rules = useCleaningRules();
  const apply = useApplyCleaningRules();
  return (
    <>
      <PageHeader
        above={<Link to="/unify/quality">{t('back')}</Link>}
        title={t('title')}
        purpose={t('purpose')}
        freshness={<Freshness call={{ path: '/api/clean/rules' }} command="qianmian clean rules show" />}
      />
      <Answer of={rules} rows={12}>
        {(told) => (
          <div className="grid">
            <DeclarationEditor
              key={told.digest}
              className="span-5"
              name="cleaning"
              told={told}
              unsaid="builtIn"
              check={checkCleaningRules}
              apply={apply}
              section={(name) => t(`section.${name as 'bounds'}`)}
              effect={t('effect')}
            />
            <div className="span-7 stack">
              <LastCheck />
            </div>
          </div>
        )}
      </Answer>
    </>
  );
}

function LastCheck() {
  const { t } = useText('cleaning');
  const report = useCleaningReport();
  return (
    <Answer of={report}>
      {({ checked_at, is_current }) =>
        checked_at === null ? (
          <Panel>
            <StateView case="new" title={t('unchecked')} words={t('uncheckedWords')} action={<CheckButton />} />
          </Panel>
        ) : (
          <>
            {is_current ? <p className="muted">{t('isCurrent')}</p> : <StateView case="stale" words={t('waiting')} action={<CheckButton />} />}
            <Flags />
          </>
        )
      }
    </Answer>
  );
}
