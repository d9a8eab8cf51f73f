import { Link, useParams } from 'react-router';
import { useLink } from '@/api/queries/links';
import type { LinkPage as Told } from '@/api/shapes';
import { Chart } from '@/charts/Chart';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Stat, Stats } from '@/ui/Stat/Stat';
import { Answer } from '@/ui/StateView/Answer';
import { Num, Pct } from '@/ui/Values/Values';
import { LinkActions } from './LinkActions';
import { LinkCode } from './LinkCode';

/** One tracked link: its QR code, where it leads, and how often it was opened. */
export default function LinkPage() {
  const { t } = useText('links');
  const { code = '' } = useParams();
  const link = useLink(code);
  return (
    <>
      <PageHeader
        above={<Link to="/collect/links">{t('title')}</Link>}
        title={code}
        purpose={link.data && `${t(`kind.${link.data.link.kind as 'post'}`)} ${link.data.link.owner}`}
        actions={link.data && <LinkActions link={link.data.link} />}
        freshness={<Freshness call={{ path: `/api/links/${code}` }} command={`qianmian link show ${code}`} />}
      />
      <Answer of={link} rows={8}>
        {(told) => (
          <div className="stack">
            <Panel title={t('code')} note={t('codeNote')}>
              <LinkCode link={told.link} />
            </Panel>
            <Counts told={told} />
            <Days days={told.days} />
          </div>
        )}
      </Answer>
    </>
  );
}

function Counts({ told: { link, channels, landed, people } }: { told: Told }) {
  const { t } = useText('links');
  const { word } = useWords();
  const format = useFormats();
  const [first] = channels;
  return (
    <Stats>
      <Stat label={t('column.opened')} value={<Num value={link.opened} />} note={t('openedNote')} />
      <Stat label={t('landed')} value={<Num value={landed} />} note={<Pct part={landed} all={link.opened} />} />
      <Stat label={t('people')} value={<Num value={people} />} note={t('peopleNote')} />
      <Stat
        label={t('app')}
        value={<span className="head-value">{first ? word('value', first.channel) : NONE}</span>}
        note={first && channels.map((one) => `${word('value', one.channel)} ${format.int(one.opened)}`).join('  ')}
      />
      <Stat label={t('previewed')} value={<Num value={link.previewed} />} note={t('previewedNote')} />
      {link.unkept > 0 && <Stat label={t('unkept')} value={<Num value={link.unkept} />} note={t('unkeptNote')} />}
    </Stats>
  );
}

function Days({ days }: { days: Told['days'] }) {
  const { t } = useText('links');
  const format = useFormats();
  const columns: Column<Told['days'][number]>[] = [
    { key: 'on', title: t('date'), render: (day) => format.date(day.on) },
    { key: 'opened', title: t('column.opened'), numeric: true, render: (day) => <Num value={day.opened} /> },
  ];
  return (
    <Panel title={t('days')} note={t('daysNote')}>
      <Chart
        label={t('days')}
        dates={days.map((day) => day.on)}
        series={[
          {
            key: 'opened',
            title: t('column.opened'),
            bars: true,
            values: days.map((day) => day.opened),
            show: format.int,
            showShort: format.axis,
          },
        ]}
        showDate={format.shortDate}
        showFullDate={format.date}
        unfinished
        table={<DataTable name="link-days" caption={t('days')} columns={columns} rows={days.toReversed()} rowKey={(day) => day.on} />}
      />
    </Panel>
  );
}
