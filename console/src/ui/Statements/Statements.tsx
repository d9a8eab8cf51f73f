import type { Statement } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { When } from '@/ui/Values/Values';
import './statements.css';

type Vote = 'counts' | 'against' | 'passed';

interface Props {
  caption: string;
  said: readonly Statement[];
  /** Values are not told here. */
  hidden?: boolean;
}

/** Who said what of a trait, when, and what counted. */
export function Statements({ caption, said, hidden = false }: Props) {
  const { t } = useText('facts');
  const { word } = useWords();
  const columns: Column<Statement>[] = [
    { key: 'source', title: t('column.source'), render: ({ source }) => source },
    {
      key: 'value',
      title: t('column.value'),
      render: ({ value }) => (value === null && !hidden ? <span className="muted">{t('unread')}</span> : word('traitValue', value)),
    },
    { key: 'stated', title: t('column.stated'), render: ({ stated_at }) => <When at={stated_at} as="minute" /> },
    {
      key: 'counts',
      title: t('column.counts'),
      render: (one) => (
        <span className="statement-vote" data-vote={voteOf(one)}>
          {t(`vote.${voteOf(one)}`)}
        </span>
      ),
    },
  ];
  return (
    <DataTable
      name="statements"
      caption={caption}
      columns={columns}
      rows={said}
      rowKey={(one) => `${one.source} ${one.stated_at} ${one.value ?? ''} ${one.vote}`}
    />
  );
}

function voteOf({ counts, supports }: Statement): Vote {
  if (!counts) return 'passed';
  return supports ? 'counts' : 'against';
}
