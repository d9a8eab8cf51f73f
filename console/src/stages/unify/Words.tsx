import { useCleaningReport } from '@/api/queries/quality';
import type { UnknownWord, WordRule } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { Num } from '@/ui/Values/Values';
import { useFieldName } from './fields';

/** What each rule about words changed, beside the commonest words that no vocabulary knows. */
export function Words() {
  const { t } = useText('quality');
  const report = useCleaningReport();
  return (
    <div className="grid">
      <Panel flush title={t('words')} note={t('wordsNote')} className="span-6">
        <Answer of={report}>{({ words }) => <Changed words={words} />}</Answer>
      </Panel>
      <Panel flush title={t('unknown')} note={t('unknownNote')} className="span-6">
        <Answer of={report}>{({ unknown }) => <Unknown words={unknown} />}</Answer>
      </Panel>
    </div>
  );
}

function Changed({ words }: { words: readonly WordRule[] }) {
  const { t } = useText('quality');
  const field = useFieldName();
  const columns: Column<WordRule>[] = [
    { key: 'rule', title: t('column.rule'), render: (one) => <span className="code">{one.rule}</span> },
    { key: 'field', title: t('column.field'), render: (one) => field(one.field) },
    { key: 'source', title: t('column.source'), render: (one) => one.source },
    { key: 'words', title: t('column.words'), numeric: true, render: (one) => <Num value={one.words} /> },
    { key: 'events', title: t('column.rows'), numeric: true, render: (one) => <Num value={one.events} /> },
  ];
  if (words.length === 0) {
    return <StateView case="new" title={t('noWords')} words={t('noWordsWords')} />;
  }
  return (
    <DataTable
      name="quality-words"
      caption={t('words')}
      columns={columns}
      rows={words}
      rowKey={(one) => [one.rule, one.field, one.source].join(' ')}
    />
  );
}

function Unknown({ words }: { words: readonly UnknownWord[] }) {
  const { t } = useText('quality');
  const field = useFieldName();
  const columns: Column<UnknownWord>[] = [
    { key: 'word', title: t('column.word'), render: (one) => <bdi className="quality-value">{one.word}</bdi> },
    { key: 'field', title: t('column.field'), render: (one) => field(one.field) },
    { key: 'source', title: t('column.source'), render: (one) => one.source },
    { key: 'events', title: t('column.rows'), numeric: true, render: (one) => <Num value={one.events} /> },
  ];
  if (words.length === 0) {
    return <StateView case="new" title={t('noUnknown')} words={null} />;
  }
  return (
    <DataTable
      name="quality-unknown"
      caption={t('unknown')}
      columns={columns}
      rows={words}
      rowKey={(one) => [one.field, one.source, one.word].join(' ')}
    />
  );
}
