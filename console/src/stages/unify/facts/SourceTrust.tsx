import type { SourceAgreement } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Panel } from '@/ui/Panel/Panel';
import { Num } from '@/ui/Values/Values';

/** How often each source says what the others resolve, beside its declared trust. */
export function SourceTrust({ className, sources }: { className: string; sources: readonly SourceAgreement[] }) {
  const { t } = useText('facts');
  const { word } = useWords();
  const format = useFormats();
  const columns: Column<SourceAgreement>[] = [
    { key: 'trait', title: t('column.trait'), render: ({ trait }) => word('trait', trait) },
    { key: 'source', title: t('column.source'), render: ({ source }) => source },
    { key: 'trust', title: t('column.trust'), numeric: true, render: ({ trust }) => format.number(trust) },
    { key: 'seen', title: t('column.seen'), render: (one) => <Seen of={one} /> },
    { key: 'both', title: t('column.both'), numeric: true, render: ({ people }) => <Num value={people} /> },
  ];
  return (
    <Panel className={className} title={t('sources')} note={t('sourcesNote')} flush>
      <DataTable
        name="fact-sources"
        caption={t('sources')}
        columns={columns}
        rows={sources}
        rowKey={({ trait, source }) => `${trait} ${source}`}
      />
    </Panel>
  );
}

/** The interval as a bar from 0 to 1, with the declared trust as a line. */
function Seen({ of: { trust, agree, people, low, high } }: { of: SourceAgreement }) {
  const format = useFormats();
  return (
    <span className="facts-seen">
      <span className="facts-track" aria-hidden>
        <span className="facts-interval" style={{ left: `${low * 100}%`, width: `${(high - low) * 100}%` }} />
        <span className="facts-trust" style={{ left: `${trust * 100}%` }} />
      </span>
      <span className="number">{format.number(agree / people)}</span>
      <span className="muted number">
        {format.number(low)}–{format.number(high)}
      </span>
    </span>
  );
}
