import { lazy, type ComponentType } from 'react';
import { createBrowserRouter, matchRoutes, Navigate, type RouteObject } from 'react-router';
import type { Part } from '@/i18n/catalogue';
import { loadPart } from '@/i18n/parts';
import { AppShell } from './AppShell';

/** What a screen tells its frame. */
export interface Handle {
  load(): Promise<unknown>;
  /** The screen tells of a range of dates: the header offers it. */
  ranged?: boolean;
}

type Module = { default: ComponentType };

// Every screen is a chunk of its own, and comes together with the parts of the texts that it tells.
function screen(path: string, parts: Part[], code: () => Promise<Module>, ranged = false): RouteObject {
  const load = async () => (await Promise.all([code(), ...parts.map((part) => loadPart(part))]))[0];
  const Screen = lazy(load);
  return { path, element: <Screen />, handle: { load, ranged } satisfies Handle };
}

const routes: RouteObject[] = [
  {
    element: <AppShell />,
    children: [
      { index: true, element: <Navigate to="/overview" replace /> },
      screen('overview', ['overview', 'people'], () => import('@/stages/overview/Overview'), true),
      screen('collect/sources', ['live', 'sources'], () => import('@/stages/collect/Sources')),
      screen('collect/sources/:source', ['live', 'sources'], () => import('@/stages/collect/Source')),
      screen('collect/live', ['live'], () => import('@/stages/collect/Live')),
      screen('collect/imports', ['imports'], () => import('@/stages/collect/Imports')),
      screen('collect/imports/new', ['imports'], () => import('@/stages/collect/NewImport')),
      screen('collect/imports/:batch', ['imports'], () => import('@/stages/collect/Batch')),
      screen('collect/intake', ['intake'], () => import('@/stages/collect/intake/Intake')),
      screen('collect/intake/pulls/:name', ['intake'], () => import('@/stages/collect/intake/IntakePull')),
      screen('collect/intake/folders/:name', ['intake'], () => import('@/stages/collect/intake/IntakeFolder')),
      screen('collect/plan', ['plan'], () => import('@/stages/collect/Plan')),
      screen('collect/plan/event', ['plan'], () => import('@/stages/collect/PlanEvent')),
      screen('collect/plan/edit', ['plan'], () => import('@/stages/collect/PlanEdit')),
      screen('collect/plan/apart', ['plan'], () => import('@/stages/collect/Apart')),
      screen('collect/goods', ['goods', 'people'], () => import('@/stages/collect/Goods')),
      screen('collect/goods/item', ['goods', 'people'], () => import('@/stages/collect/Item')),
      screen('collect/context', ['context', 'goods'], () => import('@/stages/collect/Context')),
      screen('collect/links', ['links'], () => import('@/stages/collect/Links')),
      screen('collect/links/:code', ['links'], () => import('@/stages/collect/LinkPage')),
      screen('unify/rules', ['declaration', 'identityRules'], () => import('@/stages/unify/IdentityRules')),
      screen('unify/facts', ['declaration', 'facts'], () => import('@/stages/unify/facts/Facts')),
      screen('unify/quality', ['quality'], () => import('@/stages/unify/Quality')),
      screen('unify/quality/rules', ['cleaning', 'declaration', 'quality'], () => import('@/stages/unify/Cleaning')),
      screen('unify/quality/field', ['quality'], () => import('@/stages/unify/QualityField')),
      screen('unify/ties', ['declaration', 'tieKinds'], () => import('@/stages/unify/TieKinds')),
      screen('unify/matching', ['declaration', 'matching'], () => import('@/stages/unify/matching/Matching')),
      screen('profile/people', ['identity', 'people'], () => import('@/stages/profile/People')),
      screen('profile/people/:person', ['facts', 'identity', 'journey', 'people', 'tagLife', 'ties'], () => import('@/stages/profile/Person')),
      screen('unify/review', ['identity', 'people'], () => import('@/stages/profile/identity/Review')),
      screen('profile/tags', ['people', 'tagLife', 'tags'], () => import('@/stages/profile/Tags')),
      screen('profile/checkup', ['tagLife', 'tags'], () => import('@/stages/profile/life/TagCheckups')),
      screen('profile/tags/new', ['people', 'tagEditor', 'tags'], () => import('@/stages/profile/editor/TagEditor')),
      screen('profile/tags/:tag/edit', ['people', 'tagEditor', 'tags'], () => import('@/stages/profile/editor/TagEditor')),
      screen('profile/tags/:tag', ['people', 'tagLife', 'tags'], () => import('@/stages/profile/TagPage')),
      screen('segment/audiences', ['audiences', 'members', 'people'], () => import('@/stages/segment/Audiences')),
      screen('segment/audiences/new', ['audiences', 'members', 'people'], () => import('@/stages/segment/NewAudience')),
      screen('segment/audiences/:audience', ['audiences', 'members', 'people'], () => import('@/stages/segment/Audience')),
      screen('segment/clusters', ['clusters', 'people'], () => import('@/stages/segment/clusters/Clusters')),
      screen('segment/patterns', ['patterns', 'people'], () => import('@/stages/segment/patterns/Patterns')),
      screen('segment/patterns/:pattern', ['audiences', 'members', 'patterns', 'people'], () => import('@/stages/segment/patterns/PatternPage')),
      screen('segment/journey', ['journey', 'people'], () => import('@/stages/segment/journey/Journey')),
      screen('segment/compare', ['audiences', 'people'], () => import('@/stages/segment/Compare')),
      screen('segment/overlap', ['members', 'people'], () => import('@/stages/segment/members/Overlap')),
      screen('act/campaigns', ['audiences', 'campaigns'], () => import('@/stages/act/Campaigns')),
      screen('act/campaigns/:campaign', ['campaigns', 'people'], () => import('@/stages/act/CampaignPage')),
      screen('act/syncs', ['syncs'], () => import('@/stages/act/Syncs')),
      screen('act/syncs/:sync', ['campaigns', 'members', 'syncs'], () => import('@/stages/act/SyncPage')),
      screen('measure/metrics', ['metrics'], () => import('@/stages/measure/Metrics')),
      screen('measure/metrics/:metric', ['metrics', 'people'], () => import('@/stages/measure/MetricPage'), true),
      screen('system/jobs', ['jobs'], () => import('@/stages/system/Jobs')),
      screen('system/account', ['account'], () => import('@/stages/system/Account')),
      screen('system/jobs/:job', ['jobs'], () => import('@/stages/system/Job')),
      screen('*', [], () => import('./Unknown')),
    ],
  },
];

export const router = createBrowserRouter(routes);

/** Begin to load the screen of an address before it is drawn. */
export function preload(path: string): void {
  for (const { route } of matchRoutes(routes, path) ?? []) void (route.handle as Handle | undefined)?.load();
}
