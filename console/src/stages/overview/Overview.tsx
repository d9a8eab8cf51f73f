import { useText } from '@/i18n/text';
import { useOverview } from '@/api/queries/overview';
import { useSignedIn } from '@/app/SessionGate';
import { useFormats } from '@/i18n/place';
import { datesOf, rangeSchema } from '@/lib/range';
import { useUrlState } from '@/lib/urlState';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Answer } from '@/ui/StateView/Answer';
import { DataState } from './DataState';
import { Lifecycle } from './Lifecycle';
import { RecentJobs } from './RecentJobs';
import { titlesOf } from './titles';
import { Today } from './Today';
import { Totals } from './Totals';
import { TrendPanel } from './TrendPanel';
import { Unbuilt } from './Unbuilt';

/** The operator's home: what happened, how it compares, what needs attention. */
export default function Overview() {
  const { t } = useText('overview');
  const format = useFormats();
  const { computed } = useSignedIn();
  const [{ range }] = useUrlState(rangeSchema);
  const dates = computed ? datesOf(range, computed.today) : {};
  const overview = useOverview(dates);
  const told = overview.data;
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={told && t('purpose', { from: format.date(told.from_on), to: format.date(told.to_on) })}
        freshness={<Freshness computed={told?.computed} call={{ path: '/api/overview', query: dates }} />}
      />
      <Answer of={overview} rows={12}>
        {(data) => (
          <div className="stack">
            <Unbuilt batches={data.freshness.unbuilt_batches} />
            <Totals overview={data} />
            <div className="grid">
              <TrendPanel titles={titlesOf(data.metrics)} days={data.days} marks={data.marks} className="span-8" />
              <Today titles={titlesOf(data.metrics)} days={data.days} lastEventAt={data.freshness.last_event_at} className="span-4" />
              <Lifecycle overview={data} className="span-5" />
              <RecentJobs jobs={data.jobs} className="span-4" />
              <DataState overview={data} className="span-3" />
            </div>
          </div>
        )}
      </Answer>
    </>
  );
}
