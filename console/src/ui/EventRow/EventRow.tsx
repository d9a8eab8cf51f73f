import { DownOutlined, RightOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useRuleName } from '@/i18n/ruleName';
import { useText } from '@/i18n/text';
import { Link } from 'react-router';
import type { TimelineEvent } from '@/api/shapes';
import { useWords } from '@/i18n/words';
import { itemPath } from '@/lib/itemPath';
import { JsonView } from '@/ui/JsonView/JsonView';
import { Money, When } from '@/ui/Values/Values';
import { moment } from './moment';
import './eventRow.css';

/** Something that happened, in one line; everything it said below, on request. */
export function EventRow({ event }: { event: TimelineEvent }) {
  const { t } = useText('people');
  const { word } = useWords();
  const rule = useRuleName();
  const [open, setOpen] = useState(false);
  const { item } = event;
  const said = saidIn(event.properties);
  return (
    <li className="event" data-moment={moment(event.name)} data-left-out={event.left_out !== null || undefined}>
      <div className="event-line">
        <button
          type="button"
          className="plain-button event-toggle"
          aria-expanded={open}
          aria-label={t('event.details', { event: word('event', event.name) })}
          onClick={() => setOpen(!open)}
        >
          {open ? <DownOutlined /> : <RightOutlined />}
        </button>
        <span className="event-time">
          <When at={event.occurred_at} as="clock" />
        </span>
        <span className="event-name">{word('event', event.name)}</span>
        <span className="event-what ellipsis">
          {item && (
            <Link to={itemPath(item)}>{item.title || item.item_id}</Link>
          )}
          {!item && said && <span className="muted">{said}</span>}
          {!item && !said && event.order_id && <span className="code muted">{event.order_id}</span>}
        </span>
        <span className="event-amount">
          {event.amount !== null && <Money value={event.amount} />}
          {event.left_out !== null && <span className="muted">{t('event.leftOut', { why: rule(event.left_out) })}</span>}
        </span>
      </div>
      {open && (
        <dl className="event-facts">
          <Fact name={t('event.id')} value={`${event.source} / ${event.event_id}`} code />
          <Fact name={t('event.order')} value={event.order_id} code />
          <Fact name={t('event.device')} value={word('value', event.device_type)} />
          <Fact name={t('event.region')} value={event.region} />
          {event.properties && Object.keys(event.properties).length > 0 && (
            <>
              <dt>{t('event.properties')}</dt>
              <dd>
                <JsonView value={event.properties} />
              </dd>
            </>
          )}
        </dl>
      )}
    </li>
  );
}

// What somebody typed or wrote says more than any number of the event.
function saidIn(properties: TimelineEvent['properties']): string | null {
  const said = properties?.query ?? properties?.text;
  return typeof said === 'string' ? said : null;
}

function Fact({ name, value, code = false }: { name: string; value: string | null | undefined; code?: boolean }) {
  if (!value) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd className={code ? 'code' : undefined}>{value}</dd>
    </>
  );
}
