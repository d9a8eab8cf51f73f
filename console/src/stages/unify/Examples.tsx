import { useQualityExamples } from '@/api/queries/quality';
import type { QualityExample } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { DetailDrawer } from '@/ui/DetailDrawer/DetailDrawer';
import { PersonLink } from '@/ui/PersonLink/PersonLink';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { When } from '@/ui/Values/Values';
import { useFieldName } from './fields';
import { lookSchema } from './look';

/** The newest events behind a number, and whose they are. */
export function Examples() {
  const { t } = useText('quality');
  const [{ look, of, at }, set] = useUrlState(lookSchema);
  const name = useFieldName();
  const format = useFormats();
  const columns = useColumns();
  const examples = useQualityExamples(look ? { source: of, field: at, kind: look } : null);
  return (
    <DetailDrawer
      wide
      open={look !== ''}
      title={look && t('examples', { kind: t(`kind.${look}`), field: name(at) })}
      onClose={() => set({ look: '', of: '', at: '' })}
    >
      <Answer of={examples} rows={8}>
        {(told) =>
          told.examples.length === 0 ? (
            <StateView case="new" title={t('examplesNone')} words={t('stale')} />
          ) : (
            <>
              <p className="muted quality-count">{t('examplesCount', { n: format.int(told.events), people: format.int(told.people) })}</p>
              <DataTable
                name="quality-examples"
                caption={t('events')}
                columns={columns.filter(({ key }) => key !== 'value' || told.examples.some((one) => one.value !== null))}
                rows={told.examples}
                rowKey={(one) => `${one.event_id} ${one.value ?? ''}`}
              />
            </>
          )
        }
      </Answer>
    </DetailDrawer>
  );
}

function useColumns(): Column<QualityExample>[] {
  const { t } = useText('quality');
  const { word } = useWords();
  return [
    { key: 'event', title: t('column.event'), render: (one) => <bdi title={one.event_id}>{word('event', one.event)}</bdi> },
    { key: 'occurred', title: t('column.occurred'), render: (one) => <When at={one.occurred_at} as="minute" /> },
    { key: 'received', title: t('column.received'), render: (one) => <When at={one.received_at} as="minute" /> },
    { key: 'value', title: t('column.cell'), render: (one) => <bdi className="quality-value">{one.value ?? NONE}</bdi> },
    { key: 'person', title: t('column.person'), render: (one) => (one.person ? <PersonLink person={one.person} /> : NONE) },
  ];
}
