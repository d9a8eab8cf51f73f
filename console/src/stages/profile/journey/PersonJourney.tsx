import { usePersonJourneys } from '@/api/queries/journeys';
import type { PersonJourney as Told } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import './personJourney.css';

const stages = ['awakened', 'comparing', 'deciding', 'bought', 'engaging', 'loyal'] as const;

/** Where a person stands with each category: the stage, since when, and the event that led there. */
export function PersonJourney({ person }: { person: string }) {
  const { t } = useText('journey');
  const told = usePersonJourneys(person);
  return (
    <Panel title={t('title')} note={t('personNote')}>
      <Answer of={told} rows={2}>
        {({ journeys }) =>
          journeys.length === 0 ? (
            <p className="muted journey-empty">{t('personNone')}</p>
          ) : (
            <ul className="journey-tracks">
              {journeys.map((one) => (
                <Track key={one.category} journey={one} />
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  );
}

function Track({ journey: { category, now, stays } }: { journey: Told }) {
  const { t } = useText('journey');
  const format = useFormats();
  const { word } = useWords();
  const reached = new Set(stays.map((stay) => stay.stage));
  const last = now ?? stays.at(-1);
  const day = (at: string) => format.date(format.localDate(new Date(at)));
  const by = last && (last.event ? word('event', last.event) : t(`cause.${last.cause === 'refund' ? 'refund' : 'lapse'}`));
  return (
    <li className="journey-track">
      <span className="journey-name">{category}</span>
      <ol className="journey-steps" aria-label={t('track', { category })}>
        {stages.map((stage) => (
          <li key={stage} className="journey-step" data-now={stage === now?.stage} data-reached={reached.has(stage)} aria-current={stage === now?.stage ? 'step' : undefined}>
            {word('journey', stage)}
          </li>
        ))}
      </ol>
      <span className="muted">
        {now ? t('since', { date: day(now.began_at), by, until: day(now.ended_at) }) : last && t('ended', { date: day(last.ended_at), stage: word('journey', last.stage) })}
      </span>
    </li>
  );
}
