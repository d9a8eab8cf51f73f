import { lazy, Suspense, useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useEver } from '@/lib/ever';
import { PEOPLE_PARAM } from '@/ui/PeopleCount/openPeople';
import { onOpen, type Door } from './doors';
import { useShortcuts } from './useShortcuts';

const CommandPalette = lazy(() => import('./CommandPalette'));
const KeyList = lazy(() => import('./KeyList'));
const PeopleDrawer = lazy(() => import('@/ui/PeopleDrawer/PeopleDrawer'));

/** What may lie over any screen; each is loaded when it is first asked for. */
export function Overlays() {
  const palette = useDoor('palette');
  const keys = useDoor('keys');
  const [params] = useSearchParams();
  const people = useEver(params.has(PEOPLE_PARAM));
  useShortcuts();
  return (
    <Suspense fallback={null}>
      {palette.ever && <CommandPalette open={palette.shown} onClose={palette.hide} />}
      {keys.ever && <KeyList open={keys.shown} onClose={keys.hide} />}
      {people && <PeopleDrawer />}
    </Suspense>
  );
}

function useDoor(door: Door) {
  const [shown, setShown] = useState(false);
  useEffect(() => onOpen(door, () => setShown(true)), [door]);
  return { shown, ever: useEver(shown), hide: () => setShown(false) };
}
