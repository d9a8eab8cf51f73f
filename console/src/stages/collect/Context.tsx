import { Input, Segmented } from 'antd';
import { useFacts } from '@/api/queries/context';
import type { Fact } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useText } from '@/i18n/text';
import { NONE } from '@/lib/format';
import { oneOf, text, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { MoreRows } from '@/ui/DataTable/MoreRows';
import { LinkButton } from '@/ui/LinkButton/LinkButton';
import { PageHeader } from '@/ui/PageHeader/PageHeader';
import { Panel } from '@/ui/Panel/Panel';
import { Answer } from '@/ui/StateView/Answer';
import { StateView } from '@/ui/StateView/StateView';
import { When } from '@/ui/Values/Values';
import { shown } from './ItemFacts';

const KINDS = ['', 'calendar', 'policy', 'region'] as const;
const schema = { q: text(), kind: oneOf(KINDS, '') };

/** Regions, the calendar and policies: what is true around the shop, whoever its people are. */
export default function Context() {
  const { t } = useText('context');
  const format = useFormats();
  const [{ q, kind }, set] = useUrlState(schema);
  const facts = useFacts(q, kind);
  const columns: Column<Fact>[] = [
    { key: 'name', title: t('name'), render: (fact) => <strong>{fact.name}</strong> },
    { key: 'kind', title: t('kind'), render: (fact) => t(`kinds.${fact.kind}`) },
    { key: 'first', title: t('first'), render: (fact) => (fact.first_on ? format.date(fact.first_on) : NONE) },
    { key: 'last', title: t('last'), render: (fact) => (fact.last_on ? format.date(fact.last_on) : NONE) },
    { key: 'parent', title: t('parent'), render: (fact) => fact.parent_name ?? fact.parent ?? NONE },
    { key: 'attributes', title: t('attributes'), render: (fact) => told(fact.attributes) || NONE },
    { key: 'source', title: t('source'), render: (fact) => fact.source },
    { key: 'updated', title: t('updated'), render: (fact) => <When at={fact.updated_at} /> },
  ];
  return (
    <>
      <PageHeader title={t('title')} purpose={t('purpose')} actions={<LinkButton to="/collect/imports/new">{t('bring')}</LinkButton>} />
      <Panel flush>
        <Answer of={facts} rows={12}>
          {({ pages }) => {
            const rows = pages.flatMap((page) => page.facts);
            const kinds = pages[0]?.kinds ?? {};
            const all = Object.values(kinds).reduce((sum, one) => sum + one, 0);
            return (
              <>
                <DataTable
                  name="context"
                  caption={t('title')}
                  columns={columns}
                  rows={rows}
                  rowKey={(fact) => `${fact.source}/${fact.kind}/${fact.fact_id}`}
                  tools={
                    <div className="row">
                      <Input.Search
                        className="search-box"
                        allowClear
                        data-filter
                        defaultValue={q}
                        maxLength={200}
                        aria-label={t('search')}
                        placeholder={t('search')}
                        onSearch={(value) => set({ q: value.trim() })}
                      />
                      <Segmented
                        aria-label={t('filter')}
                        value={kind}
                        onChange={(next) => set({ kind: next })}
                        options={KINDS.map((one) => ({
                          value: one,
                          label: one ? `${t(`kinds.${one}`)} ${format.int(kinds[one])}` : `${t('any')} ${format.int(all)}`,
                        }))}
                      />
                    </div>
                  }
                  foot={rows.length > 0 && <MoreRows shown={rows.length} total={pages[0]?.total ?? 0} query={facts} />}
                />
                {rows.length === 0 &&
                  (q || kind ? (
                    <StateView
                      case="filtered"
                      filter={[q, kind && t(`kinds.${kind}`)].filter(Boolean).join(' · ')}
                      onClear={() => set({ q: '', kind: '' })}
                    />
                  ) : (
                    <StateView case="new" title={t('none')} words={t('noneWords')} />
                  ))}
              </>
            );
          }}
        </Answer>
      </Panel>
    </>
  );
}

function told(attributes: Fact['attributes']): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name} ${shown(value)}`)
    .join(' · ');
}
