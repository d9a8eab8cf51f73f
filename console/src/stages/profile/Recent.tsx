import { useEffect } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useRecent } from '@/api/queries/people';
import type { RecentEvent, Recent as Told } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { EventRow } from '@/ui/EventRow/EventRow';
import { StateView } from '@/ui/StateView/StateView';
import { When } from '@/ui/Values/Values';
import './recent.css';

/** What a person did a moment ago and the profile does not have yet: on top of the time line, until a build has it. */
export function Recent({ person, build }: { person: string; build: number }) {
  const { data } = useRecent(`person:${person}`);
  const client = useQueryClient();
  const isBehind = data?.computed != null && data.computed.build > build;
  useEffect(() => {
    if (isBehind) void client.invalidateQueries({ predicate: ({ queryKey }) => ['profile', 'timeline', 'orders'].includes(String(queryKey[0])) });
  }, [isBehind, client]);
  return data ? <Received told={data} /> : null;
}

/** The same of somebody whom no build knows; nothing if nothing came. */
export function RecentOfName({ name }: { name: string }) {
  const { t } = useText('people');
  const { data } = useRecent(name);
  if (!data?.total) return null;
  return (
    <>
      <p className="recent-unknown">{t('recent.unknown')}</p>
      <Received told={data} />
    </>
  );
}

function Received({ told }: { told: Told }) {
  const { t } = useText('people');
  const format = useFormats();
  const rest = told.total - told.events.length;
  return (
    <section className="recent" aria-label={t('recent.mark')} data-some={told.total > 0}>
      <p className="recent-head">
        <span className="recent-mark">{t('recent.mark')}</span>
        <span role="status">{told.total > 0 ? t('recent.count', { count: told.total, n: format.int(told.total) }) : t('recent.none')}</span>
        {told.computed && (
          <span className="muted recent-since">
            {t('recent.since')} <When at={told.computed.computed_at} />
          </span>
        )}
      </p>
      {told.upto && <StateView case="stale" words={t('recent.upto', { at: format.stamp(told.upto) })} />}
      {byDate(told.events, (event) => format.localDate(new Date(event.occurred_at))).map(([date, events]) => (
        <div key={date}>
          <h3 className="recent-date">{format.date(date)}</h3>
          <ol>
            {events.map((event) => (
              <EventRow key={`${event.source}/${event.event_id}`} event={event} />
            ))}
          </ol>
        </div>
      ))}
      {rest > 0 && <p className="muted visit-rest">{t('timeline.rest', { n: format.int(rest) })}</p>}
    </section>
  );
}

function byDate(events: readonly RecentEvent[], dateOf: (event: RecentEvent) => string): [string, RecentEvent[]][] {
  const dates = new Map<string, RecentEvent[]>();
  for (const event of events) dates.set(dateOf(event), [...(dates.get(dateOf(event)) ?? []), event]);
  return [...dates];
}
