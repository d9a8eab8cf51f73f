import type { Job } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { Facts } from '@/ui/Facts/Facts';

const counts = [
  'read', 'accepted', 'events', 'lines', 'items', 'orders', 'refunds', 'people', 'buyers', 'people_folded', 'history_rows', 'moved', 'vertices',
] as const;

/** What came of a job, in the numbers that mean something outside. */
export function Result({ result }: { result: Job['result'] }) {
  const { t } = useText('jobs');
  const { word } = useWords();
  const format = useFormats();
  const found = counts.flatMap((name) => {
    const value = result[name];
    return typeof value === 'number' ? [[t(`results.${name}`), format.int(value)] as const] : [];
  });
  const steps = Object.entries(timesOf(result)).map(([step, seconds]) => [word('stage', step), format.duration(seconds)] as const);
  return (
    <>
      {found.length > 0 && <h3>{t('result')}</h3>}
      <Facts facts={found} />
      {steps.length > 0 && <h3>{t('steps')}</h3>}
      <Facts facts={steps} />
    </>
  );
}

function timesOf(result: Job['result']): Record<string, number> {
  const { seconds } = result;
  if (typeof seconds !== 'object' || seconds === null) return {};
  return Object.fromEntries(Object.entries(seconds).filter((pair): pair is [string, number] => typeof pair[1] === 'number'));
}
