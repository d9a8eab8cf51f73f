import type { MatchRun } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { Panel } from '@/ui/Panel/Panel';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { StateView } from '@/ui/StateView/StateView';
import { Num } from '@/ui/Values/Values';
import { Weights } from './Weights';

interface Props {
  last: MatchRun | null;
  /** Of the declaration that holds; 0 = none does. */
  version: number;
}

/** What the last run came to, and the way to whom it proposed. */
export function LastRun({ last, version }: Props) {
  const { t } = useText('matching');
  const format = useFormats();
  if (!last) {
    return (
      <Panel title={t('last')}>
        <StateView case="new" title={t('never')} words={t('neverWords')} />
      </Panel>
    );
  }
  return (
    <Panel
      title={t('last')}
      note={t('lastNote', { at: format.minute(last.ended_at), version: last.version })}
      actions={<LinkButton to="/unify/review">{t('review')}</LinkButton>}
    >
      <div className="stack">
        {version > 0 && version !== last.version && <StateView case="stale" words={t('outdated')} />}
        <Stats>
          <Stat label={t('total')} value={<Num value={last.total} />} />
          <Stat label={t('added')} value={<Num value={last.added} />} />
          {last.two_accounts > 0 && <Stat label={t('twoAccounts')} value={<Num value={last.two_accounts} />} note={t('twoAccountsNote')} />}
          {last.refused > 0 && <Stat label={t('refused')} value={<Num value={last.refused} />} note={t('refusedNote')} />}
          {last.answers > 0 && <Stat label={t('answers')} value={<Num value={last.answers} />} />}
        </Stats>
        {last.weights.length > 0 && <Weights run={last} />}
      </div>
    </Panel>
  );
}
