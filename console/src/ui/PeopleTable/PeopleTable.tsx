import { lazy, Suspense, type ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { peopleOrders, type PeopleOrder } from '@/api/queries/people';
import type { Found, FoundPage } from '@/api/shapes';
import { useWords } from '@/i18n/words';
import { NONE } from '@/lib/format';
import { useEver } from '@/lib/ever';
import { text, useUrlState } from '@/lib/urlState';
import { DataTable, type Column } from '@/ui/DataTable/DataTable';
import { MoreRows } from '@/ui/DataTable/MoreRows';
import { PEEK_PARAM } from '@/ui/PeopleCount/openPeople';
import { PersonLink } from '@/ui/PersonLink/PersonLink';
import { Money, Num, When } from '@/ui/Values/Values';

interface Props {
  name: string;
  pages: readonly FoundPage[];
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): unknown };
  sort: PeopleOrder;
  onSort(by: PeopleOrder): void;
  tools?: ReactNode;
  /** Shown when nobody is found. */
  none: ReactNode;
}

const PersonPeek = lazy(() => import('@/ui/PersonPeek/PersonPeek'));
const schema = { [PEEK_PARAM]: text() };

/** People side by side, sorted by the server; a row opens somebody beside the list. */
export function PeopleTable({ name, pages, query, sort, onSort, tools, none }: Props) {
  const { t } = useText('people');
  const [{ peek }, set] = useUrlState(schema);
  const looked = useEver(peek !== '');
  const columns = useColumns();
  const people = pages.flatMap((page) => page.people);
  const total = pages[0]?.total ?? 0;
  return (
    <>
      <DataTable
        name={name}
        caption={t('title')}
        columns={columns}
        rows={people}
        rowKey={(one) => one.person}
        onOpen={(one) => set({ peek: one.person })}
        selected={peek}
        sorted={{ by: sort, descending: sort !== 'person', onSort: (by) => onSort(peopleOrders.find((order) => order === by) ?? sort) }}
        tools={tools}
        foot={people.length > 0 && <MoreRows shown={people.length} total={total} query={query} />}
      />
      {people.length === 0 && none}
      <Suspense fallback={null}>{looked && <PersonPeek person={peek} onClose={() => set({ peek: '' })} />}</Suspense>
    </>
  );
}

function useColumns(): Column<Found>[] {
  const { t } = useText('people');
  const { word } = useWords();
  return [
    {
      key: 'person',
      title: t('column.person'),
      sort: 'person',
      render: (one) => <PersonLink person={one.person} identifiers={one.identifiers} />,
    },
    { key: 'lifecycle', title: t('column.lifecycle'), optional: true, render: (one) => word('value', one.lifecycle) },
    { key: 'rfm', title: t('column.rfm'), optional: true, render: (one) => word('value', one.rfm) },
    { key: 'orders', title: t('column.orders'), numeric: true, sort: 'orders_total', render: (one) => <Num value={one.orders_total} /> },
    { key: 'net', title: t('column.net'), numeric: true, sort: 'net_revenue', render: (one) => <Money value={one.net_revenue} /> },
    { key: 'last', title: t('column.last'), sort: 'last_seen_at', render: (one) => <When at={one.last_seen_at} as="minute" /> },
    { key: 'category', title: t('column.category'), optional: true, render: (one) => one.preferred_category ?? NONE },
    { key: 'region', title: t('column.region'), optional: true, render: (one) => one.region ?? NONE },
    { key: 'channel', title: t('column.channel'), optional: true, render: (one) => word('value', one.channel) },
    { key: 'first', title: t('column.first'), optional: true, render: (one) => <When at={one.first_seen_at} as="minute" /> },
  ];
}
