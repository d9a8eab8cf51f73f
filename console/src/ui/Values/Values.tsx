import { Tooltip } from 'antd';
import { useFormats } from '@/i18n/place';
import { useNow } from '@/lib/now';
import { NONE } from '@/lib/format';

type Numeric = number | string | null | undefined;

/** A count; in short form the exact one appears on hover. */
export function Num({ value, short = false }: { value: Numeric; short?: boolean }) {
  const format = useFormats();
  const exact = format.int(value);
  const shown = short ? format.compact(value) : exact;
  const text = <span className="number">{shown}</span>;
  return shown === exact ? text : <Tooltip title={exact}>{text}</Tooltip>;
}

export function Money({ value, short = false }: { value: Numeric; short?: boolean }) {
  const format = useFormats();
  const exact = format.money(value);
  const shown = short ? format.compactMoney(value) : exact;
  const text = <span className="number">{shown}</span>;
  return shown === exact ? text : <Tooltip title={exact}>{text}</Tooltip>;
}

/** A share of a whole; below thirty it shows the two numbers and no percentage. */
export function Pct({ part, all }: { part: number; all: number }) {
  const format = useFormats();
  return (
    <Tooltip title={all > 0 ? `${format.int(part)} / ${format.int(all)}` : undefined}>
      <span className="number">{format.share(part, all)}</span>
    </Tooltip>
  );
}

/** An instant: how long ago under a day, else the minute; the full stamp on hover. */
export function When({ at, as = 'ago' }: { at: string | null | undefined; as?: 'ago' | 'minute' | 'clock' | 'second' | 'age' }) {
  const format = useFormats();
  const now = useNow();
  if (!at) return <span className="muted">{NONE}</span>;
  const shown = as === 'ago' || as === 'age' ? format[as](at, now) : format[as](at);
  return (
    <Tooltip title={format.stamp(at)}>
      <time className="number" dateTime={at}>
        {shown}
      </time>
    </Tooltip>
  );
}
