import { useText } from '@/i18n/text';
import type { Day } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import { Money, Num } from '@/ui/Values/Values';

/** The days behind the trend, the latest first. */
export function DaysTable({ days }: { days: readonly Day[] }) {
  const { t } = useText('overview');
  const format = useFormats();
  const columns: Column<Day>[] = [
    { key: 'on', title: t('date'), render: (day) => format.date(day.on) },
    { key: 'net', title: t('net'), numeric: true, render: (day) => <Money value={day.net} /> },
    { key: 'orders', title: t('orders'), numeric: true, render: (day) => <Num value={day.orders} /> },
    {
      key: 'buyers',
      title: t('buyers'),
      numeric: true,
      render: (day) => <PeopleCount people={day.buyers} condition={day.condition} label={format.date(day.on)} />,
    },
    { key: 'events', title: t('events'), numeric: true, render: (day) => <Num value={day.events} /> },
  ];
  return <DataTable name="days" caption={t('trend.title')} columns={columns} rows={days.toReversed()} rowKey={(day) => day.on} />;
}
