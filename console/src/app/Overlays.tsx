import { lazy, Suspense, useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { PEOPLE_PARAM } from '@/ui/PeopleCount/openPeople';
import { onPalette } from './paletteDoor';
import { useShortcuts } from './useShortcuts';

const CommandPalette = lazy(() => import('./CommandPalette'));
const KeyList = lazy(() => import('./KeyList'));
const PeopleDrawer = lazy(() => import('@/ui/PeopleCount/PeopleDrawer'));

/** What may lie over any screen; each is loaded when it is first asked for. */
export function Overlays() {
  const palette = useDoor();
  const keys = useDoor();
  const [params] = useSearchParams();
  const people = useEver(params.has(PEOPLE_PARAM));
  useEffect(() => onPalette(palette.show), [palette.show]);
  useShortcuts(keys.show);
  return (
    <Suspense fallback={null}>
      {palette.ever && <CommandPalette open={palette.open} onClose={palette.hide} />}
      {keys.ever && <KeyList open={keys.open} onClose={keys.hide} />}
      {people && <PeopleDrawer />}
    </Suspense>
  );
}

function useDoor() {
  const [open, setOpen] = useState(false);
  const [doors] = useState({ show: () => setOpen(true), hide: () => setOpen(false) });
  return { open, ever: useEver(open), ...doors };
}

// Once shown it stays mounted, so that it can close gently and give the focus back.
function useEver(now: boolean): boolean {
  const [ever, setEver] = useState(now);
  if (now && !ever) setEver(true);
  return ever || now;
}
