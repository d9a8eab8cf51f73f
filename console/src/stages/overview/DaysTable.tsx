import { useText } from '@/i18n/text';
import type { Day } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Money, Num } from '@/ui/Values/Values';
import type { DayTitles } from './titles';

/** The days behind the trend, the latest first. */
export function DaysTable({ titles, days }: { titles: DayTitles; days: readonly Day[] }) {
  const { t } = useText('overview');
  const format = useFormats();
  const columns: Column<Day>[] = [
    { key: 'on', title: t('date'), render: (day) => format.date(day.on) },
    { key: 'net', title: titles.net, numeric: true, render: (day) => <Money value={day.net} /> },
    { key: 'orders', title: titles.orders, numeric: true, render: (day) => <Num value={day.orders} /> },
    {
      key: 'buyers',
      title: titles.buyers,
      numeric: true,
      render: (day) => <PeopleCount people={day.buyers} condition={day.condition} label={format.date(day.on)} />,
    },
    { key: 'events', title: titles.events, numeric: true, render: (day) => <Num value={day.events} /> },
  ];
  return <DataTable name="days" caption={t('trend.title')} columns={columns} rows={days.toReversed()} rowKey={(day) => day.on} />;
}
