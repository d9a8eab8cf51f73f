import { useFactReport } from '@/api/queries/facts';
import type { FactReport, TraitCoverage } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { text, useUrlState } from '@/lib/urlState';
import { CoverageBar } from '@/ui/CoverageBar/CoverageBar';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Freshness } from '@/ui/Freshness/Freshness';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num, Pct } from '@/ui/Values/Values';
import { Disputed } from './Disputed';
import { FactRules } from './FactRules';
import { Pairs } from './Pairs';
import { SourceTrust } from './SourceTrust';
import './facts.css';

const schema = { trait: text() };

/** What sources state of people: how far it is known, how well they agree, and by which rules it is decided. */
export default function Facts() {
  const { t } = useText('facts');
  const report = useFactReport();
  const [{ trait }, set] = useUrlState(schema);
  return (
    <>
      <PageHeader
        title={t('title')}
        purpose={t('purpose')}
        freshness={<Freshness computed={report.data?.computed} call={{ path: '/api/facts/report' }} command="qianmian facts report" />}
      />
      <div className="stack">
        <Answer of={report} rows={12}>
          {(told) =>
            told.traits.some(({ statements }) => statements > 0) ? (
              <Told told={told} opened={trait} onOpen={(name) => set({ trait: name })} />
            ) : (
              <StateView case="new" title={t('none')} words={t('noneWords')} />
            )
          }
        </Answer>
        <FactRules />
        <Disputed trait={trait} onClose={() => set({ trait: '' })} />
      </div>
    </>
  );
}

function Told({ told, opened, onOpen }: { told: FactReport; opened: string; onOpen(trait: string): void }) {
  const { t } = useText('facts');
  const { word } = useWords();
  const format = useFormats();
  const columns: Column<TraitCoverage>[] = [
    { key: 'trait', title: t('column.trait'), render: ({ trait }) => word('trait', trait) },
    { key: 'people', title: t('column.people'), render: ({ people }) => <CoverageBar part={people} all={told.people} /> },
    { key: 'compared', title: t('column.compared'), numeric: true, render: ({ compared }) => <Num value={compared} /> },
    { key: 'contradicted', title: t('column.contradicted'), numeric: true, render: (one) => <Pct part={one.contradicted} all={one.compared} /> },
    { key: 'disputed', title: t('column.disputed'), numeric: true, render: (one) => <Pct part={one.disputed} all={one.people} /> },
    { key: 'confidence', title: t('column.confidence'), numeric: true, render: ({ confidence }) => format.number(confidence) },
    { key: 'unreadable', title: t('column.unreadable'), numeric: true, render: ({ unreadable }) => <Num value={unreadable} /> },
  ];
  return (
    <>
      <Panel title={t('coverage')} note={t('coverageNote')} flush>
        <DataTable
          name="fact-traits"
          caption={t('coverage')}
          columns={columns}
          rows={told.traits.filter(({ statements }) => statements > 0)}
          rowKey={({ trait }) => trait}
          selected={opened || undefined}
          onOpen={({ trait }) => onOpen(trait)}
        />
      </Panel>
      {told.pairs.length > 0 && (
        <div className="grid">
          <SourceTrust className="span-7" sources={told.sources} />
          <Pairs className="span-5" pairs={told.pairs} />
        </div>
      )}
    </>
  );
}
