import { lazy } from 'react';
import { createBrowserRouter, Navigate } from 'react-router';
import { AppShell } from './AppShell';

const Overview = lazy(() => import('@/stages/overview/Overview'));
const Imports = lazy(() => import('@/stages/collect/Imports'));
const NewImport = lazy(() => import('@/stages/collect/NewImport'));
const Batch = lazy(() => import('@/stages/collect/Batch'));
const Goods = lazy(() => import('@/stages/collect/Goods'));
const Item = lazy(() => import('@/stages/collect/Item'));
const People = lazy(() => import('@/stages/profile/People'));
const Person = lazy(() => import('@/stages/profile/Person'));
const Tags = lazy(() => import('@/stages/profile/Tags'));
const TagPage = lazy(() => import('@/stages/profile/TagPage'));
const Audiences = lazy(() => import('@/stages/segment/Audiences'));
const Jobs = lazy(() => import('@/stages/system/Jobs'));
const Unknown = lazy(() => import('./Unknown'));

export const router = createBrowserRouter([
  {
    element: <AppShell />,
    children: [
      { index: true, element: <Navigate to="/overview" replace /> },
      { path: 'overview', element: <Overview />, handle: { ranged: true } },
      { path: 'collect/imports', element: <Imports /> },
      { path: 'collect/imports/new', element: <NewImport /> },
      { path: 'collect/imports/:batch', element: <Batch /> },
      { path: 'collect/goods', element: <Goods /> },
      { path: 'collect/goods/item', element: <Item /> },
      { path: 'profile/people', element: <People /> },
      { path: 'profile/people/:person', element: <Person /> },
      { path: 'profile/tags', element: <Tags /> },
      { path: 'profile/tags/:tag', element: <TagPage /> },
      { path: 'segment/audiences', element: <Audiences /> },
      { path: 'system/jobs', element: <Jobs /> },
      { path: '*', element: <Unknown /> },
    ],
  },
]);
