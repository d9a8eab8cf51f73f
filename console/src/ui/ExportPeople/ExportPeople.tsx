import { lazy, Suspense } from 'react';
import type { PeopleOrder } from '@/api/queries/people';
import { StateView } from '@/ui/StateView/StateView';

export interface Exported {
  /** null = everybody. */
  condition: string | null;
  people: number;
  sort: PeopleOrder;
}

const ExportForm = lazy(() => import('./ExportForm'));

/** A list of people as a file; what it takes to choose a purpose is loaded when somebody wants one. */
export function ExportPeople(exported: Exported) {
  return (
    <Suspense fallback={<StateView case="loading" rows={1} />}>
      <ExportForm {...exported} />
    </Suspense>
  );
}
