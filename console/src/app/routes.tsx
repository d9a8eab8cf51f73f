import { lazy, type ComponentType } from 'react';
import { createBrowserRouter, matchRoutes, Navigate, type RouteObject } from 'react-router';
import { AppShell } from './AppShell';

/** What a screen tells its frame. */
export interface Handle {
  load(): Promise<unknown>;
  /** The screen tells of a range of dates: the header offers it. */
  ranged?: boolean;
}

// Every screen is a chunk of its own.
function screen(path: string, load: () => Promise<{ default: ComponentType }>, ranged = false): RouteObject {
  const Screen = lazy(load);
  return { path, element: <Screen />, handle: { load, ranged } satisfies Handle };
}

const routes: RouteObject[] = [
  {
    element: <AppShell />,
    children: [
      { index: true, element: <Navigate to="/overview" replace /> },
      screen('overview', () => import('@/stages/overview/Overview'), true),
      screen('collect/sources', () => import('@/stages/collect/Sources')),
      screen('collect/sources/:source', () => import('@/stages/collect/Source')),
      screen('collect/live', () => import('@/stages/collect/Live')),
      screen('collect/imports', () => import('@/stages/collect/Imports')),
      screen('collect/imports/new', () => import('@/stages/collect/NewImport')),
      screen('collect/imports/:batch', () => import('@/stages/collect/Batch')),
      screen('collect/intake', () => import('@/stages/collect/intake/Intake')),
      screen('collect/intake/pulls/:name', () => import('@/stages/collect/intake/IntakePull')),
      screen('collect/intake/folders/:name', () => import('@/stages/collect/intake/IntakeFolder')),
      screen('collect/plan', () => import('@/stages/collect/Plan')),
      screen('collect/plan/event', () => import('@/stages/collect/PlanEvent')),
      screen('collect/plan/edit', () => import('@/stages/collect/PlanEdit')),
      screen('collect/plan/apart', () => import('@/stages/collect/Apart')),
      screen('collect/goods', () => import('@/stages/collect/Goods')),
      screen('collect/goods/item', () => import('@/stages/collect/Item')),
      screen('collect/context', () => import('@/stages/collect/Context')),
      screen('collect/links', () => import('@/stages/collect/Links')),
      screen('collect/links/:code', () => import('@/stages/collect/LinkPage')),
      screen('profile/people', () => import('@/stages/profile/People')),
      screen('profile/people/:person', () => import('@/stages/profile/Person')),
      screen('profile/tags', () => import('@/stages/profile/Tags')),
      screen('profile/tags/:tag', () => import('@/stages/profile/TagPage')),
      screen('segment/audiences', () => import('@/stages/segment/Audiences')),
      screen('segment/audiences/new', () => import('@/stages/segment/NewAudience')),
      screen('segment/audiences/:audience', () => import('@/stages/segment/Audience')),
      screen('segment/compare', () => import('@/stages/segment/Compare')),
      screen('system/jobs', () => import('@/stages/system/Jobs')),
      screen('system/account', () => import('@/stages/system/Account')),
      screen('system/jobs/:job', () => import('@/stages/system/Job')),
      screen('*', () => import('./Unknown')),
    ],
  },
];

export const router = createBrowserRouter(routes);

/** Begin to load the screen of an address before it is drawn. */
export function preload(path: string): void {
  for (const { route } of matchRoutes(routes, path) ?? []) void (route.handle as Handle | undefined)?.load();
}
