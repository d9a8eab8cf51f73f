import { useReport } from '@/api/queries/campaigns';
import type { Campaign, Estimate, Report } from '@/api/shapes';
import { Chart } from '@/charts/Chart';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { NONE } from '@/lib/format';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { Money, Num, When } from '@/ui/Values/Values';
import { EstimateBar } from './EstimateBar';

const ARMS = ['treatment', 'holdout'] as const;
const DAY_MS = 86_400_000;

/** What a campaign brought: a verdict, both arms, the difference with its interval, and how it came about. */
export function CampaignReport({ campaign }: { campaign: Campaign }) {
  const report = useReport(campaign.campaign);
  return (
    <Answer of={report} rows={10}>
      {(told) => (
        <>
          <Outcome report={told} spend={campaign.spend} />
          {told.days.length > 0 && <Curve report={told} />}
        </>
      )}
    </Answer>
  );
}

function Outcome({ report, spend }: { report: Report; spend: Campaign['spend'] }) {
  const { t } = useText('campaigns');
  const format = useFormats();
  return (
    <Panel title={t('report.title')} note={t('report.note')}>
      <p className="campaign-verdict" role="status">
        {t(`report.verdict.${report.verdict as 'more'}`)}{' '}
        <span className="muted">
          {t('report.until')} <When at={report.seen_until} as="minute" />
        </span>
      </p>
      {report.verdict !== 'not_built' && <Estimates report={report} spend={spend} />}
      <Arms report={report} />
      {report.gone > 0 && <p className="muted">{t('report.gone', { n: format.int(report.gone) })}</p>}
    </Panel>
  );
}

function Estimates({ report: { effect, gain }, spend }: { report: Report; spend: Campaign['spend'] }) {
  const { t } = useText('campaigns');
  const format = useFormats();
  if (!effect) return null;
  const plus = (shown: string, value: number) => `${value > 0 ? '+' : ''}${shown}`;
  const points = (value: number) => t('report.points', { n: plus(format.number((value * 100).toFixed(1)), value) });
  const nothing = t('report.nothing');
  return (
    <div className="estimates">
      <Told label={t('report.difference')} of={effect.conversion} show={points} none={nothing} />
      <Told label={t('report.extraConverted')} of={effect.extra_converted} show={(value) => plus(format.int(value), value)} none={nothing} />
      <Told label={t('report.extraRevenue')} of={effect.extra_revenue} show={(value) => plus(format.money(value), value)} none={nothing} />
      <Told label={t('report.gain')} of={gain} show={format.number} none={spend === null ? t('report.noSpend') : nothing} />
    </div>
  );
}

interface ToldProps {
  label: string;
  of: Estimate | null;
  show(value: number): string;
  none: string;
}

function Told({ label, of, show, none }: ToldProps) {
  const { t } = useText('campaigns');
  if (!of)
    return (
      <div>
        <div className="stat-label">{label}</div>
        <div className="estimate-number">{NONE}</div>
        <div className="muted">{none}</div>
      </div>
    );
  const interval = t('report.interval', { low: show(of.low), high: show(of.high) });
  return (
    <div>
      <div className="stat-label">{label}</div>
      <div className="estimate-number">{show(of.value)}</div>
      <EstimateBar of={of} label={`${label}: ${show(of.value)}, ${interval}`} />
      <div className="muted number">{interval}</div>
    </div>
  );
}

function Arms({ report }: { report: Report }) {
  const { t } = useText('campaigns');
  const format = useFormats();
  type Row = { arm: (typeof ARMS)[number] } & Report['treatment'];
  const rows: Row[] = ARMS.map((arm) => ({ arm, ...report[arm] }));
  const columns: Column<Row>[] = [
    { key: 'arm', title: t('report.arm'), render: ({ arm }) => t(`column.${arm}`) },
    { key: 'people', title: t('report.people'), numeric: true, render: ({ people }) => <Num value={people} /> },
    { key: 'converted', title: t('report.converted'), numeric: true, render: ({ converted }) => <Num value={converted} /> },
    { key: 'share', title: t('report.share'), numeric: true, render: ({ converted, people }) => format.share(converted, people) },
    { key: 'mean', title: t('report.mean'), numeric: true, render: ({ mean }) => <Money value={mean} /> },
  ];
  return <DataTable name="arms" caption={t('report.title')} columns={columns} rows={rows} rowKey={({ arm }) => arm} />;
}

function Curve({ report }: { report: Report }) {
  const { t } = useText('campaigns');
  const format = useFormats();
  const dates = report.days.map(({ day }) => format.localDate(new Date(Date.parse(report.at) + day * DAY_MS)));
  const shares = (arm: (typeof ARMS)[number]) => report.days.map((day) => (report[arm].people ? day[arm] / report[arm].people : null));
  type Row = Report['days'][number];
  const columns: Column<Row>[] = [
    { key: 'day', title: t('report.curve'), render: ({ day }) => t('report.day', { n: day }) },
    ...ARMS.map((arm) => ({
      key: arm,
      title: t(`column.${arm}`),
      numeric: true,
      render: (row: Row) => format.share(row[arm], report[arm].people),
    })),
  ];
  return (
    <Panel title={t('report.curve')} note={t('report.curveNote')}>
      <Chart
        label={t('report.curve')}
        dates={dates}
        series={ARMS.map((arm) => ({
          key: arm,
          title: t(`column.${arm}`),
          values: shares(arm),
          show: format.percent,
          showShort: format.percent,
        }))}
        showDate={format.shortDate}
        showFullDate={format.date}
        table={<DataTable name="campaign-days" caption={t('report.curve')} columns={columns} rows={report.days} rowKey={({ day }) => String(day)} />}
      />
    </Panel>
  );
}
