import type { AudienceBuild } from '@/api/shapes';
import { Chart, type Series } from '@/charts/Chart';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useOpenPeople } from '@/ui/PeopleCount/openPeople';
import { total } from './total';

/** Members after each build that changed anything, beside who entered and left; a click opens who entered. */
export function MembersChart({ audience, builds }: { audience: number; builds: readonly AudienceBuild[] }) {
  const { t } = useText('members');
  const format = useFormats();
  const open = useOpenPeople();
  const inOrder = [...builds].reverse();
  const at = new Map(inOrder.map((one) => [String(one.build), one]));
  const of = (key: 'people' | 'entered' | 'left', values: number[]): Series => ({
    key,
    title: t(key),
    bars: key !== 'people',
    step: key === 'people',
    values,
    show: format.int,
    showShort: format.axis,
  });
  const series = [
    of('people', inOrder.map((one) => one.people)),
    of('entered', inOrder.map((one) => total(one.entered))),
    of('left', inOrder.map((one) => total(one.left))),
  ];
  return (
    <Chart
      label={t('title')}
      dates={inOrder.map((one) => String(one.build))}
      series={series}
      showDate={(build) => format.minute(at.get(build)?.counted_at)}
      showFullDate={(build) => `${t('buildOf', { n: build })} · ${format.minute(at.get(build)?.counted_at)}`}
      onOpen={(place) => {
        const one = inOrder[place];
        if (one && total(one.entered) > 0) open(`audience(${audience}, entered_in = ${one.build})`);
      }}
      table={<ul className="members-list">{inOrder.map((one) => <li key={one.build}>{`${t('buildOf', { n: one.build })}: ${format.int(one.people)}`}</li>)}</ul>}
    />
  );
}
