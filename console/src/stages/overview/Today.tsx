import type { ReactNode } from 'react';
import { useText } from '@/i18n/text';
import type { Day } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { Panel } from '@/ui/Panel/Panel';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Money, Num } from '@/ui/Values/Values';
import { againstWeek } from './againstWeek';
import type { DayTitles } from './titles';
import './today.css';

interface Props {
  titles: DayTitles;
  days: readonly Day[];
  lastEventAt: string | null;
  className: string;
}

/** The latest date beside the mean of the seven dates before it. */
export function Today({ titles, days, lastEventAt, className }: Props) {
  const { t } = useText('overview');
  const format = useFormats();
  const day = days.at(-1);
  if (!day) return null;
  return (
    <Panel
      title={t('today.title', { date: format.date(day.on) })}
      note={lastEventAt && t('today.upTo', { at: format.clock(lastEventAt) })}
      className={`today-panel ${className}`}
    >
      <dl className="today">
        <Line name={titles.net} value={<Money value={day.net} />} mean={<MeanOf days={days} metric="net" />} />
        <Line name={titles.orders} value={<Num value={day.orders} />} mean={<MeanOf days={days} metric="orders" />} />
        <Line
          name={titles.buyers}
          value={<PeopleCount people={day.buyers} condition={day.condition} label={titles.buyers} />}
          mean={<MeanOf days={days} metric="buyers" />}
        />
        <Line name={titles.events} value={<Num value={day.events} />} mean={<MeanOf days={days} metric="events" />} />
      </dl>
      <p className="muted today-note">{t('today.note')}</p>
    </Panel>
  );
}

function Line({ name, value, mean }: { name: string; value: ReactNode; mean: ReactNode }) {
  return (
    <div className="today-line">
      <dt>{name}</dt>
      <dd className="today-value">{value}</dd>
      <dd className="today-mean">{mean}</dd>
    </div>
  );
}

// The direction is told by sign and arrow, not by colour: more is not always good.
function MeanOf({ days, metric }: { days: readonly Day[]; metric: 'net' | 'orders' | 'buyers' | 'events' }) {
  const { t } = useText('overview');
  const format = useFormats();
  const found = againstWeek(days.map((day) => Number(day[metric])));
  if (!found) return <span className="muted">{t('today.noWeek')}</span>;
  const mean = metric === 'net' ? format.compactMoney(found.mean) : format.number(Math.round(found.mean * 10) / 10);
  return (
    <>
      <span className="number">{found.change === null ? null : format.signed(found.change)}</span>
      <span className="muted number">{t('today.mean', { mean })}</span>
    </>
  );
}
