import { Segmented } from 'antd';
import { useText } from '@/i18n/text';
import type { ItemDay, ItemPage } from '@/api/shapes';
import { Chart, type Series } from '@/charts/Chart';
import { useFormats } from '@/i18n/place';
import { oneOf, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Panel } from '@/ui/Panel/Panel';
import { useOpenPeople } from '@/ui/PeopleCount/openPeople';
import { Money, Num } from '@/ui/Values/Values';

const metrics = ['price', 'stock', 'pieces', 'net'] as const;
const schema = { course: oneOf(metrics, 'price') };
const titles = { price: 'priceAndCost', stock: 'column.stock', pieces: 'column.sold', net: 'column.money' } as const;

/** How an item went, date by date: price and cost as steps, stock, what was sold. */
export function ItemCourse({ page: { course: days, marks }, className }: { page: ItemPage; className: string }) {
  const { t } = useText('goods');
  const format = useFormats();
  const open = useOpenPeople();
  const [{ course }, set] = useUrlState(schema);
  const known = (value: string | number | null) => (value === null ? null : Number(value));
  const money = { show: format.money, showShort: format.axisMoney };
  const count = { show: format.int, showShort: format.axis };
  const series: Series[] = {
    price: (['price', 'cost'] as const).map((key) => ({
      ...money,
      key,
      title: t(`column.${key}`),
      step: true,
      values: days.map((day) => known(day[key])),
    })),
    stock: [{ ...count, key: 'stock', title: t('column.stock'), step: true, values: days.map((day) => day.stock) }],
    pieces: [{ ...count, key: 'pieces', title: t('column.sold'), bars: true, values: days.map((day) => day.pieces) }],
    net: [{ ...money, key: 'net', title: t('column.money'), bars: true, values: days.map((day) => known(day.net)) }],
  }[course];
  return (
    <Panel title={t('course')} note={t('courseNote')} className={className}>
      <Chart
        label={t('courseOf', { metric: t(titles[course]) })}
        marks={marks}
        dates={days.map((day) => day.on)}
        series={series}
        showDate={format.shortDate}
        showFullDate={format.date}
        unfinished
        onOpen={(at) => {
          const condition = days[at]?.condition;
          if (condition) open(condition);
        }}
        table={<Days days={days} />}
        tools={
          <Segmented
            aria-label={t('metricOf')}
            value={course}
            onChange={(next) => set({ course: next })}
            options={metrics.map((value) => ({ value, label: t(titles[value]) }))}
          />
        }
      />
    </Panel>
  );
}

function Days({ days }: { days: readonly ItemDay[] }) {
  const { t } = useText('goods');
  const format = useFormats();
  const columns: Column<ItemDay>[] = [
    { key: 'on', title: t('column.on'), render: (day) => format.date(day.on) },
    { key: 'price', title: t('column.price'), numeric: true, render: (day) => <Money value={day.price} /> },
    { key: 'cost', title: t('column.cost'), numeric: true, render: (day) => <Money value={day.cost} /> },
    { key: 'stock', title: t('column.stock'), numeric: true, render: (day) => <Num value={day.stock} /> },
    { key: 'pieces', title: t('column.sold'), numeric: true, render: (day) => <Num value={day.pieces} /> },
    { key: 'net', title: t('column.money'), numeric: true, render: (day) => <Money value={day.net} /> },
  ];
  return <DataTable name="item-days" caption={t('course')} columns={columns} rows={days.toReversed()} rowKey={(day) => day.on} />;
}
