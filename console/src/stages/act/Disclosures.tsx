import type { Disclosure } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { Panel } from '@/ui/Panel/Panel';
import { Num, When } from '@/ui/Values/Values';

/** Every time that people's identifiers left the workspace, and how far a delivery is. */
export function Disclosures({ disclosures, pieces, delivered }: { disclosures: Disclosure[]; pieces: number; delivered: number }) {
  const { t } = useText('campaigns');
  const format = useFormats();
  const columns: Column<Disclosure>[] = [
    { key: 'when', title: t('handed.when'), render: ({ disclosed_at }) => <When at={disclosed_at} as="minute" /> },
    { key: 'to', title: t('handed.to'), render: ({ receiver }) => (receiver === 'file' ? t('sinkFile') : <code>{receiver}</code>) },
    { key: 'people', title: t('handed.people'), numeric: true, render: ({ people }) => <Num value={people} /> },
    { key: 'who', title: t('handed.who'), render: ({ disclosed_by }) => <bdi>{disclosed_by || t('handed.byToken')}</bdi> },
  ];
  return (
    <Panel title={t('handed.title')} note={t('handed.note')}>
      {pieces > 0 && <p>{t('delivered', { people: format.int(delivered), pieces: format.int(pieces) })}</p>}
      {disclosures.length === 0 ? (
        <p className="muted">{t('handed.none')}</p>
      ) : (
        <DataTable
          name="disclosures"
          caption={t('handed.title')}
          columns={columns}
          rows={disclosures}
          rowKey={({ disclosed_at, people }) => `${disclosed_at} ${people}`}
        />
      )}
    </Panel>
  );
}
