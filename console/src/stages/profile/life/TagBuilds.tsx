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
const MEASURES = ['coverage', 'values', 'changed', 'median'] as const;
type Measure = (typeof MEASURES)[number];
const schema = { measure: oneOf(['', ...MEASURES] as const, '') };
/** As many lines as there are colours that can be told apart. */
const MOST_LINES = 6;
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

function Builds({ tag, history: { builds, words } }: { tag: Tag; history: TagHistory }) {
  const { t } = useText('tagLife');
  const format = useFormats();
  const { title, tagValue } = useWords();
  const [{ measure }, set] = useUrlState(schema);
  const isDate = tag.type === 'date' || tag.type === 'instant';
  const names = { coverage: t('history.coverage'), values: t('history.values'), changed: t('history.changed'), median: t(isDate ? 'history.medianAge' : 'history.median') };
  const has = MEASURES.filter((one) => one === 'coverage' || (one === 'values' ? words.length > 0 : builds.some((build) => value(build, one) !== null)));
  const shown = has.find((one) => one === measure) ?? (words.length > 0 ? 'values' : 'coverage');
  const commonest = words.toSorted((one, other) => (other.people.at(-1) ?? 0) - (one.people.at(-1) ?? 0)).slice(0, MOST_LINES);
  const byDate = new Map(builds.map((build) => [build.built_on, build])); // the last of a date
  const dates = everyDate(builds.map((build) => build.built_on));
  const show = (of: Measure) => (known: number | null) => (of === 'median' ? format.number(known) : of === 'changed' || of === 'values' ? format.int(known) : format.percent(known));
  const columns = [
    { key: 'date', title: t('history.date'), render: (build: Build) => format.minute(build.built_at) },
    { key: 'people', title: t('history.people'), numeric: true, render: (build: Build) => format.int(build.people) },
    { key: 'covered', title: t('history.covered'), numeric: true, render: (build: Build) => format.int(build.covered) },
    ...has.filter((one) => one !== 'values').map((one) => ({ key: one as string, title: names[one], numeric: true, render: (build: Build) => show(one)(value(build, one)) })),
  ];
  const line = { step: true, show: show(shown), showShort: show(shown) };
  const series =
    shown === 'values'
      ? commonest.map(({ value: said, people }) => ({ ...line, key: said, title: tagValue(tag, said), values: held(dates, new Map(builds.map((build, at) => [build.built_on, people[at] ?? null]))) }))
      : [{ ...line, key: shown, title: names[shown], values: held(dates, new Map([...byDate].map(([date, build]) => [date, value(build, shown)])), shown !== 'changed'), bars: shown === 'changed' }];
  return (
    <Chart
      label={t('history.chart', { tag: title(tag), measure: names[shown] })}
      dates={dates}
      series={series}
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
function held(dates: readonly string[], told: ReadonlyMap<string, number | null>, holds = true): (number | null)[] {
  let last: number | null = null;
  return dates.map((date) => {
    const known = told.get(date);
    if (known !== undefined) last = known;
    else if (!holds) return null;
    return last;
  });
}

function value(build: Build, measure: Measure): number | null {
  if (measure === 'changed') return build.changed_people;
  if (measure === 'median') return build.quantiles[MEDIAN] ?? null;
  return build.people ? build.covered / build.people : null;
}
