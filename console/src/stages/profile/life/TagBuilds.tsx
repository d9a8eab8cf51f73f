import { Segmented } from 'antd';
import { useTagHistory } from '@/api/queries/tagLife';
import type { Tag, TagHistory } from '@/api/shapes';
import { Chart } from '@/charts/Chart';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { oneOf, useUrlState } from '@/lib/urlState';
import { DataTable } from '@/ui/DataTable/DataTable';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { everyDate } from './everyDate';
import { TagDrift } from './TagDrift';

type Build = TagHistory['builds'][number];
const MEASURES = ['coverage', 'changed', 'median'] as const;
type Measure = (typeof MEASURES)[number];
const schema = { measure: oneOf(MEASURES, 'coverage') };
const MEDIAN = 2;

/** A tag over the builds, and whether it drifted. */
export function TagBuilds({ tag }: { tag: Tag }) {
  const { t } = useText('tagLife');
  const history = useTagHistory(tag.name);
  return (
    <Panel title={t('history.title')} note={t('history.note')}>
      <Answer of={history} rows={8}>
        {(told) => (
          <>
            <TagDrift history={told} />
            {told.builds.length > 1 ? <Builds tag={tag} history={told} /> : <p className="muted">{t('history.one')}</p>}
          </>
        )}
      </Answer>
    </Panel>
  );
}

function Builds({ tag, history: { builds } }: { tag: Tag; history: TagHistory }) {
  const { t } = useText('tagLife');
  const format = useFormats();
  const { title } = useWords();
  const [{ measure }, set] = useUrlState(schema);
  const isDate = tag.type === 'date' || tag.type === 'instant';
  const names = { coverage: t('history.coverage'), changed: t('history.changed'), median: t(isDate ? 'history.medianAge' : 'history.median') };
  const has = MEASURES.filter((one) => one === 'coverage' || builds.some((build) => value(build, one) !== null));
  const shown = has.find((one) => one === measure) ?? 'coverage';
  const byDate = new Map(builds.map((build) => [build.built_on, build])); // the last of a date
  const dates = everyDate(builds.map((build) => build.built_on));
  const show = (of: Measure) => (known: number | null) => (of === 'median' ? format.number(known) : of === 'changed' ? format.int(known) : format.percent(known));
  const columns = [
    { key: 'date', title: t('history.date'), render: (build: Build) => format.minute(build.built_at) },
    { key: 'people', title: t('history.people'), numeric: true, render: (build: Build) => format.int(build.people) },
    { key: 'covered', title: t('history.covered'), numeric: true, render: (build: Build) => format.int(build.covered) },
    ...has.map((one) => ({ key: one, title: names[one], numeric: true, render: (build: Build) => show(one)(value(build, one)) })),
  ];
  return (
    <Chart
      label={t('history.chart', { tag: title(tag), measure: names[shown] })}
      dates={dates}
      series={[{ key: shown, title: names[shown], values: held(dates, byDate, shown), bars: shown === 'changed', step: true, show: show(shown), showShort: show(shown) }]}
      showDate={format.shortDate}
      showFullDate={format.date}
      height={220}
      table={<DataTable name="tag-builds" caption={t('history.title')} columns={columns} rows={[...builds].reverse()} rowKey={(build) => build.built_at} />}
      tools={
        has.length > 1 && (
          <Segmented
            aria-label={t('history.measure')}
            value={shown}
            onChange={(next: Measure) => set({ measure: next })}
            options={has.map((one) => ({ value: one, label: names[one] }))}
          />
        )
      }
    />
  );
}

/** What a build told holds until the next one; what changed is of its own date. */
function held(dates: readonly string[], byDate: ReadonlyMap<string, Build>, measure: Measure): (number | null)[] {
  let last: number | null = null;
  return dates.map((date) => {
    const build = byDate.get(date);
    if (build || measure === 'changed') last = value(build, measure);
    return last;
  });
}

function value(build: Build | undefined, measure: Measure): number | null {
  if (!build) return null;
  if (measure === 'changed') return build.changed_people;
  if (measure === 'median') return build.quantiles[MEDIAN] ?? null;
  return build.people ? build.covered / build.people : null;
}
