import type { LiveEvent } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { Facts } from '@/ui/Facts/Facts';
import { JsonView } from '@/ui/JsonView/JsonView';
import { When } from '@/ui/Values/Values';
import { Fate } from './Fate';

/** One event as it arrived, and what becomes of it. */
export function LiveDrawer({ event, onClose }: { event: LiveEvent | undefined; onClose(): void }) {
  const { t } = useText('live');
  return (
    <DetailDrawer wide open={event !== undefined} title={<Name event={event} />} onClose={onClose}>
      {event && (
        <div className="stack live-event">
          <Outcome event={event} />
          <Facts
            facts={[
              [t('column.received'), <When key="received" at={event.received_at} as="second" />],
              [t('one.occurred'), <When key="occurred" at={event.occurred_at} as="minute" />],
              [t('column.source'), event.source],
              [t('one.environment'), event.environment === 'dev' ? t('environment.dev') : t('environment.prod')],
              [t('one.dialect'), event.dialect === 'sensors' ? t('dialect.sensors') : t('dialect.segment')],
              [t('column.library'), event.library],
              [t('one.id'), <code key="id">{event.event_id}</code>],
            ]}
          />
          <h3>
            {t('one.holds')} <span className="panel-note">{t('one.masked')}</span>
          </h3>
          {event.event ? <JsonView value={event.event} /> : <p className="muted">{t('one.unshown')}</p>}
        </div>
      )}
    </DetailDrawer>
  );
}

function Outcome({ event }: { event: LiveEvent }) {
  const { t } = useText('live');
  const { word } = useWords();
  const facts: [string, React.ReactNode][] = [[t('column.fate'), <Fate key="fate" fate={event.fate} />]];
  if (event.reason) facts.push([t('one.reason'), word('reason', event.reason)]);
  if (event.traffic) facts.push([t('column.traffic'), word('traffic', event.traffic)]);
  facts.push([t('column.why'), event.why]);
  if (event.hint) facts.push([t('one.hint'), event.hint]);
  return <Facts facts={facts} />;
}

/** The name of an event in words; those that cannot be read say so. */
export function Name({ event }: { event: LiveEvent | undefined }) {
  const { t } = useText('live');
  const { word } = useWords();
  if (!event) return null;
  return event.name ? <bdi>{word('event', event.name)}</bdi> : <span className="muted">{t('unreadable')}</span>;
}
