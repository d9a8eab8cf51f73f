import { Link, useParams } from 'react-router';
import { useHealth, useRollKey } from '@/api/queries/sources';
import type { SourceHealth } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { Facts } from '@/ui/Facts/Facts';
import { Freshness } from '@/ui/Freshness/Freshness';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Refusal } from '@/ui/Refusal/Refusal';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { When } from '@/ui/Values/Values';
import { Conservation } from './Conservation';
import { LimitsForm } from './LimitsForm';
import { PersonalData } from './PersonalData';
import { Snippets } from './Snippets';
import { SourceActions } from './SourceActions';
import { SourceConsent } from './SourceConsent';
import { SourceState } from './SourceState';
import { Spark } from './Spark';
import { useStatusWords } from './statusWords';
import { WriteKeyMade } from './WriteKeyMade';

/** One source: what it sent today and what became of it, its limits, its key. */
export default function Source() {
  const { t } = useText('sources', 'live');
  const name = useParams().source ?? '';
  const format = useFormats();
  const health = useHealth();
  const roll = useRollKey();
  const found = health.data?.sources.filter((one) => one.name === name) ?? [];
  const one = found.find(({ source }) => source) ?? found[0];
  const dialects = one?.source?.dialects ?? ['segment', 'sensors'];
  return (
    <>
      <PageHeader
        above={<Link to="/collect/sources">{t('one.back')}</Link>}
        title={name}
        purpose={
          one?.source &&
          t('one.purpose', {
            environment: one.environment === 'dev' ? t('live:environment.dev') : t('live:environment.prod'),
            dialects: dialects.map((told) => (told === 'sensors' ? t('live:dialect.sensors') : t('live:dialect.segment'))).join(' · '),
            shown: one.source.shown,
          })
        }
        actions={
          <>
            <LinkButton to={`/collect/live?${new URLSearchParams({ source: name })}`}>{t('one.live')}</LinkButton>
            {one?.source && <SourceActions source={one.source} roll={roll} />}
          </>
        }
        freshness={<Freshness call={{ path: '/api/sources/health' }} command="qianmian source health" />}
      />
      <div className="stack">
        {roll.error && <Refusal error={roll.error} />}
        {roll.data && <WriteKeyMade made={roll.data} dialects={dialects} onKept={() => roll.reset()} />}
        <Answer of={health} rows={8}>
          {({ since }) =>
            one ? (
              <>
                <Panel title={t('one.today')} note={t('one.todayNote', { at: format.minute(since) })}>
                  <Conservation of={one} />
                </Panel>
                <Details of={one} />
                <LimitsForm key={one.name} of={one} />
                <Panel title={t('one.send')} note={roll.data ? undefined : t('one.sendNote')}>
                  <Snippets dialects={dialects} />
                </Panel>
              </>
            ) : (
              <StateView case="error" what={t('one.missing', { name })} />
            )
          }
        </Answer>
      </div>
    </>
  );
}

function Details({ of }: { of: SourceHealth }) {
  const { t } = useText('sources');
  const { word } = useWords();
  const format = useFormats();
  const status = useStatusWords();
  const sum = of.minutes.reduce((all, one) => all + one, 0);
  return (
    <div className="source-grid">
      <Panel title={t('one.rate')} note={t('one.rateNote')}>
        <div className="spark-wide">
          <Spark values={of.minutes} label={t('spark', { n: format.int(sum) })} />
        </div>
        <p className="muted">{t('one.perMinute', { n: format.int(Math.max(...of.minutes)) })}</p>
      </Panel>
      <Panel title={t('column.state')}>
        <Facts
          facts={[
            [t('column.state'), <SourceState key="state" of={of} />],
            [t('column.last'), <When key="last" at={of.last_at} />],
            [t('one.pause'), of.usual_pause_seconds === null ? t('one.unknownPause') : format.duration(of.usual_pause_seconds)],
            [t('one.sdks'), of.libraries.join(' · ') || t('one.noSdks')],
            [t('one.rolled'), <When key="rolled" at={of.source?.rolled_at ?? of.source?.created_at} as="minute" />],
          ]}
        />
      </Panel>
      <Panel title={t('one.refusals')} note={t('one.refusalsNote')}>
        {of.refusals.length > 0 ? (
          <Facts facts={of.refusals.map((one) => [word('reason', one.reason), format.int(one.events)])} />
        ) : (
          <p className="muted">{of.environment === 'dev' ? t('one.devRefusals') : t('one.noRefusals')}</p>
        )}
      </Panel>
      <Panel title={t('one.traffic')} note={t('one.trafficNote')}>
        {of.flagged.length > 0 ? (
          <Facts
            facts={of.flagged.map((one) => [
              word('traffic', one.reason),
              <Link key={one.reason} to={`/collect/live?${new URLSearchParams({ source: of.name, traffic: one.reason })}`}>
                {format.int(one.events)}
              </Link>,
            ])}
          />
        ) : (
          <p className="muted">{t('one.noTraffic')}</p>
        )}
      </Panel>
      <PersonalData of={of} />
      {of.source && <SourceConsent source={of.name} />}
      <Panel title={t('one.away')} note={t('one.awayNote')}>
        {of.turned_away.length > 0 ? (
          <Facts facts={of.turned_away.map((one) => [status.word(one.status), format.int(one.requests)])} />
        ) : (
          <p className="muted">{t('one.noAway')}</p>
        )}
      </Panel>
    </div>
  );
}
