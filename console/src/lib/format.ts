/**
 * Numbers, money and time in words of a language. The only place that uses Intl.
 *
 * An empty value is an en dash, zero is zero; money comes as a decimal text and is never made a float that is added up.
 */
export type Language = 'zh-CN' | 'en';

export interface Place {
  language: Language;
  zone: string;
  currency: string;
}

export const NONE = '–';
/** Below this many people a share says more than it knows. */
export const FEW = 30;

type Numeric = number | string | null | undefined;
type Instant = string | number | Date | null | undefined;

const DAY = 86_400_000;
/** From here on a card shows a number in short; an axis does from ten thousand. */
const MILLION = 1_000_000;

export type Formats = ReturnType<typeof formats>;

export function formats({ language, zone, currency }: Place) {
  const number = (options?: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, options);
  const time = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
  const cash = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  const integer = number({ maximumFractionDigits: 0 });
  const decimal = number({ maximumFractionDigits: 2 });
  const short = number({ notation: 'compact', maximumFractionDigits: 1 });
  const money = number(cash);
  const shortMoney = number({ ...cash, notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 1 });
  const coarseMoney = number({ ...cash, minimumFractionDigits: 0, maximumFractionDigits: 0 });
  const percent = number({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
    const toMinute = { day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const month = language === 'en' ? 'short' : 'numeric';
  const minute = time({ month, ...toMinute });
  const second = time({ year: 'numeric', month, ...toMinute, second: '2-digit' });
  const zoneName = time({ timeZoneName: 'short' });
  const minuteOfYear = time({ year: 'numeric', month, ...toMinute });
  const yearIn = time({ year: 'numeric' });
  // This year goes without saying; the full stamp is always on hover.
  const toldMinute = (known: Date) => (yearIn.format(known) === yearIn.format(new Date()) ? minute : minuteOfYear).format(known);
  const clock = time({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const tick = time({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  // A date is no instant: it is told as it stands, in no zone.
  const day = new Intl.DateTimeFormat(language, { timeZone: 'UTC', year: 'numeric', month: 'short', day: 'numeric' });
  const shortDay = new Intl.DateTimeFormat(language, { timeZone: 'UTC', month: 'numeric', day: 'numeric' });
  const localDay = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });

  // Swedes write the clock as ISO does.
  const clockOnWall = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const offsetName = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });

  function offset(known: Date): string {
    const name = offsetName.formatToParts(known).find((part) => part.type === 'timeZoneName')?.value ?? '';
    return name.replace('GMT', '') || '+00:00';
  }

  // Chinese would put the zone between date and time.
  function nameOfZone(known: Date): string {
    return zoneName.formatToParts(known).find((part) => part.type === 'timeZoneName')?.value ?? '';
  }

  // The larger unit whole, the smaller rounded and left out when it is nothing.
  function two([large, amount]: [string, number], [small, rest]: [string, number]): string {
    const first = unit(language, large, Math.floor(amount));
    return Math.round(rest) === 0 ? first : `${first} ${unit(language, small, Math.round(rest))}`;
  }

  return {
    place: { language, zone, currency },
    currencySign: money.formatToParts(0).find((part) => part.type === 'currency')?.value ?? currency,
    int: (value: Numeric) => whole(value, (known) => integer.format(known)),
    number: (value: Numeric) => whole(value, (known) => decimal.format(known)),
    compact: (value: Numeric) => whole(value, (known) => (Math.abs(known) < MILLION ? integer : short).format(known)),
    money: (value: Numeric) => whole(value, (known) => money.format(known)),
    compactMoney: (value: Numeric) =>
      whole(value, (known) => (Math.abs(known) < 10_000 ? money : Math.abs(known) < MILLION ? coarseMoney : shortMoney).format(known)),
    axis: (value: Numeric) => whole(value, (known) => (Math.abs(known) < 10_000 ? integer : short).format(known)),
    axisMoney: (value: Numeric) =>
      whole(value, (known) => (Math.abs(known) < 10_000 ? coarseMoney : shortMoney).format(known)),
    percent: (value: Numeric) => whole(value, (known) => percent.format(known)),
    /** A part of a whole: percent, or "n / m" when the whole is too small for one. */
    share: (part: number, all: number) =>
      all === 0 ? NONE : all < FEW ? `${integer.format(part)} / ${integer.format(all)}` : percent.format(part / all),
    signed: (value: Numeric) =>
      whole(value, (known) => `${known > 0 ? '▲ +' : known < 0 ? '▼ ' : ''}${percent.format(known)}`),
    stamp: (value: Instant) => instant(value, (known) => `${second.format(known)} ${nameOfZone(known)}`),
    minute: (value: Instant) => instant(value, toldMinute),
    clock: (value: Instant) => instant(value, (known) => clock.format(known)),
    second: (value: Instant) => instant(value, (known) => tick.format(known)),
    /** The local date, `YYYY-MM-DD`, as conditions write it. */
    localDate: (value: Date) => localDay.format(value),
    /** What the clock on the wall shows at an instant, `YYYY-MM-DDTHH:mm`; empty if it is none. */
    wallClock: (value: string) => {
      const known = new Date(value);
      return Number.isNaN(known.getTime()) ? '' : clockOnWall.format(known).replace(' ', 'T');
    },
    /** The instant at which the clock on the wall shows this, with its offset, as conditions write it. */
    instantAt: (wall: string) => {
      const near = offset(new Date(`${wall}Z`));
      return `${wall}:00${offset(new Date(`${wall}${near}`))}`;
    },
    /** A date without an instant, `YYYY-MM-DD`, in words. */
    date: (value: string | null | undefined) => (value ? day.format(new Date(`${value.slice(0, 10)}T00:00:00Z`)) : NONE),
    shortDate: (value: string) => shortDay.format(new Date(`${value.slice(0, 10)}T00:00:00Z`)),
    /** How long ago under a day, else the minute. */
    ago: (value: Instant, now: number) =>
      instant(value, (known) => {
        const seconds = (known.getTime() - now) / 1000;
        if (Math.abs(seconds) * 1000 >= DAY) return toldMinute(known);
        if (Math.abs(seconds) < 60) return relative.format(0, 'second');
        if (Math.abs(seconds) < 3600) return relative.format(Math.round(seconds / 60), 'minute');
        return relative.format(Math.round(seconds / 3600), 'hour');
      }),
    /** The age of a value in the largest fitting unit. */
    age: (value: Instant, now: number) =>
      instant(value, (known) => {
        const days = Math.round((known.getTime() - now) / DAY);
        if (days === 0) return relative.format(0, 'day');
        if (Math.abs(days) < 60) return relative.format(days, 'day');
        return relative.format(Math.round(days / 30), 'month');
      }),
    duration: (seconds: Numeric) =>
      whole(seconds, (known) => {
        if (known === 0) return unit(language, 'second', 0);
        if (known < 1) return unit(language, 'millisecond', Math.round(known * 1000));
        if (known < 60) return unit(language, 'second', Math.round(known * 10) / 10);
        if (known < 3600) return two(['minute', known / 60], ['second', known % 60]);
        return two(['hour', known / 3600], ['minute', (known % 3600) / 60]);
      }),
    bytes: (value: Numeric) => whole(value, (known) => (known < 1e6 ? unit(language, 'kilobyte', Math.ceil(known / 1e3)) : unit(language, 'megabyte', Math.round(known / 1e5) / 10))),
    /** An hour of the day as the span that it names. */
    hour: (value: number) => `${String(value).padStart(2, '0')}:00–${String((value + 1) % 24).padStart(2, '0')}:00`,
    compare: new Intl.Collator(language, { numeric: true }).compare,
  };
}

/** Characters in the order of pinyin, whatever the language of the page. */
export const chineseOrder = new Intl.Collator('zh-CN-u-co-pinyin').compare;

function whole(value: Numeric, show: (known: number) => string): string {
  if (value === null || value === undefined || value === '') return NONE;
  const known = Number(value);
  return Number.isFinite(known) ? show(known) : NONE;
}

function instant(value: Instant, show: (known: Date) => string): string {
  if (value === null || value === undefined || value === '') return NONE;
  const known = new Date(value);
  return Number.isNaN(known.getTime()) ? NONE : show(known);
}

function unit(language: Language, name: string, value: number): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
}
