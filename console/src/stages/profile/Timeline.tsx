import { Button } from 'antd';
import { Link } from 'react-router';
import { useRuleName } from '@/i18n/ruleName';
import { useText } from '@/i18n/text';
import { useTimeline } from '@/api/queries/people';
import type { VisitSession } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { EventRow } from '@/ui/EventRow/EventRow';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import './timeline.css';

/** What a person did, visit by visit, the latest first. */
export function Timeline({ person }: { person: string }) {
  const { t } = useText('people');
  const timeline = useTimeline(person);
  return (
    <Answer of={timeline} rows={10}>
      {({ pages }) => {
        const sessions = pages.flatMap((page) => page.sessions);
        if (sessions.length === 0) return <StateView case="new" title={t('timeline.none')} words={t('timeline.noneWords')} />;
        return (
          <>
            <LeftOut reasons={pages[0]?.left_out ?? []} />
            <ol>
              {sessions.map((session) => (
                <Visit key={session.began_at} session={session} />
              ))}
            </ol>
            {timeline.hasNextPage && (
              <div className="timeline-more">
                <Button block loading={timeline.isFetchingNextPage} onClick={() => void timeline.fetchNextPage()}>
                  {t('timeline.more')}
                </Button>
              </div>
            )}
          </>
        );
      }}
    </Answer>
  );
}

function LeftOut({ reasons }: { reasons: readonly { reason: string; events: number }[] }) {
  const { t } = useText('people');
  const format = useFormats();
  const rule = useRuleName();
  if (reasons.length === 0) return null;
  const told = reasons.map((one) => `${rule(one.reason)} ${format.int(one.events)}`).join(' · ');
  return (
    <p className="muted visit-rest">
      {t('timeline.leftOut', { told })} <Link to="/unify/quality">{t('timeline.leftOutLink')}</Link>
    </p>
  );
}

function Visit({ session }: { session: VisitSession }) {
  const { t } = useText('people');
  const { word } = useWords();
  const format = useFormats();
  const seconds = (Date.parse(session.ended_at) - Date.parse(session.began_at)) / 1000;
  const [first] = session.events;
  const where = [word('value', first?.channel), word('value', first?.device_type), first?.region].filter((part) => part && part !== NONE);
  return (
    <li className="visit">
      <h3 className="visit-head">
        <span>
          <span className="number">{format.minute(session.began_at)}</span>
          <span className="muted">{where.map((part) => ` · ${part}`)}</span>
        </span>
        <span className="muted number">
          {t('timeline.rows', { count: session.rows, n: format.int(session.rows) })}
          {seconds > 0 && ` · ${format.duration(seconds)}`}
        </span>
      </h3>
      <ol>
        {session.events.map((event) => (
          <EventRow key={`${event.source}/${event.event_id}`} event={event} />
        ))}
      </ol>
      {session.rows > session.events.length && (
        <p className="muted visit-rest">{t('timeline.rest', { n: format.int(session.rows - session.events.length) })}</p>
      )}
    </li>
  );
}
