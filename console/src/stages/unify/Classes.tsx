import type { QualityFieldPage } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Panel } from '@/ui/Panel/Panel';
import { StateView } from '@/ui/StateView/StateView';

type ClassShare = QualityFieldPage['classes'][number];
const REST = '…';

/** Which values a field has lately, beside the weeks before. */
export function Classes({ page: { quality, classes } }: { page: QualityFieldPage }) {
  const { t } = useText('quality');
  const format = useFormats();
  const name = useClassName(quality.field);
  const recent = classes.reduce((sum, one) => sum + one.recent, 0);
  const before = classes.reduce((sum, one) => sum + one.before, 0);
  const columns: Column<ClassShare>[] = [
    { key: 'name', title: t('column.cell'), render: (one) => <bdi>{name(one.name)}</bdi> },
    { key: 'recent', title: t('recent'), numeric: true, render: (one) => format.share(one.recent, recent) },
    { key: 'before', title: t('before'), numeric: true, render: (one) => format.share(one.before, before) },
  ];
  return (
    <Panel flush title={t('classes')} note={t('classesNote')} className="span-5">
      {classes.length === 0 ? (
        <StateView case="new" title={t('noClasses')} words={null} />
      ) : (
        <DataTable name="quality-classes" caption={t('classes')} columns={columns} rows={classes} rowKey={(one) => one.name} />
      )}
    </Panel>
  );
}

/** A class in words: an hour, a span of sizes or of delays, or the word itself. */
function useClassName(field: string): (name: string) => string {
  const { t } = useText('quality');
  const format = useFormats();
  const { word } = useWords();
  return (name) => {
    if (name === REST) return t('rest');
    if (field === 'occurred_at') return format.hour(Number(name));
    const least = 2 ** Number(name);
    if (field === 'received_at') return `${format.duration(least - 1)} – ${format.duration(2 * least - 1)}`;
    if (field === 'total' || /^(lines|properties)\./.test(field)) return Number.isNaN(least) ? name : `${format.number(least)} – ${format.number(2 * least)}`;
    return field === 'name' ? word('event', name) : field === 'traffic' ? word('traffic', name) : name;
  };
}
