import {
  ArrowRightOutlined,
  BlockOutlined,
  ApiOutlined,
  AuditOutlined,
  BookOutlined,
  CalendarOutlined,
  CloudSyncOutlined,
  CloudUploadOutlined,
  DashboardOutlined,
  DeploymentUnitOutlined,
  DiffOutlined,
  FieldTimeOutlined,
  ForkOutlined,
  FunctionOutlined,
  KeyOutlined,
  MergeCellsOutlined,
  NodeIndexOutlined,
  ProfileOutlined,
  QrcodeOutlined,
  SafetyCertificateOutlined,
  SendOutlined,
  ShareAltOutlined,
  ShoppingOutlined,
  SolutionOutlined,
  TagsOutlined,
  TeamOutlined,
  UsergroupAddOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';

export type PageKey =
  | 'overview' | 'sources' | 'live' | 'imports' | 'intake' | 'plan' | 'goods' | 'context' | 'links' | 'quality' | 'people' | 'review' | 'tags' | 'audiences' | 'clusters' | 'patterns' | 'journey' | 'compare' | 'overlap'
  | 'campaigns' | 'syncs' | 'identityRules' | 'ties' | 'facts' | 'matching' | 'metrics' | 'jobs' | 'account';
export type StageKey = 'overview' | 'collect' | 'unify' | 'profile' | 'segment' | 'act' | 'measure' | 'system';

interface Page {
  key: PageKey;
  path: string;
  icon: ReactNode;
  /** The letter, or digit, that follows `g` to come here. */
  letter: string;
}

interface Stage {
  key: StageKey;
  pages: Page[];
}

/** The stages in the order in which data flow; only what exists stands here. */
export const stages: readonly Stage[] = [
  { key: 'overview', pages: [{ key: 'overview', path: '/overview', icon: <DashboardOutlined />, letter: 'o' }] },
  {
    key: 'collect',
    pages: [
      { key: 'sources', path: '/collect/sources', icon: <ApiOutlined />, letter: 's' },
      { key: 'live', path: '/collect/live', icon: <FieldTimeOutlined />, letter: 'l' },
      { key: 'imports', path: '/collect/imports', icon: <CloudUploadOutlined />, letter: 'i' },
      { key: 'intake', path: '/collect/intake', icon: <CloudSyncOutlined />, letter: 'd' },
      { key: 'plan', path: '/collect/plan', icon: <ProfileOutlined />, letter: 'e' },
      { key: 'goods', path: '/collect/goods', icon: <ShoppingOutlined />, letter: 'c' },
      { key: 'context', path: '/collect/context', icon: <CalendarOutlined />, letter: 'x' },
      { key: 'links', path: '/collect/links', icon: <QrcodeOutlined />, letter: 'q' },
    ],
  },
  {
    key: 'unify',
    pages: [
      { key: 'quality', path: '/unify/quality', icon: <SafetyCertificateOutlined />, letter: 'u' },
      { key: 'identityRules', path: '/unify/rules', icon: <ForkOutlined />, letter: 'w' },
      { key: 'ties', path: '/unify/ties', icon: <ShareAltOutlined />, letter: 'n' },
      { key: 'matching', path: '/unify/matching', icon: <MergeCellsOutlined />, letter: 'm' },
      { key: 'facts', path: '/unify/facts', icon: <SolutionOutlined />, letter: 'f' },
      { key: 'review', path: '/unify/review', icon: <AuditOutlined />, letter: 'r' },
    ],
  },
  {
    key: 'profile',
    pages: [
      { key: 'people', path: '/profile/people', icon: <TeamOutlined />, letter: 'p' },
      { key: 'tags', path: '/profile/tags', icon: <TagsOutlined />, letter: 't' },
    ],
  },
  {
    key: 'segment',
    pages: [
      { key: 'audiences', path: '/segment/audiences', icon: <UsergroupAddOutlined />, letter: 'a' },
      { key: 'clusters', path: '/segment/clusters', icon: <DeploymentUnitOutlined />, letter: 'y' },
      { key: 'patterns', path: '/segment/patterns', icon: <NodeIndexOutlined />, letter: 'z' },
      { key: 'journey', path: '/segment/journey', icon: <ArrowRightOutlined />, letter: '1' },
      { key: 'compare', path: '/segment/compare', icon: <DiffOutlined />, letter: 'v' },
      { key: 'overlap', path: '/segment/overlap', icon: <BlockOutlined />, letter: 'b' },
    ],
  },
  {
    key: 'act',
    pages: [
      { key: 'campaigns', path: '/act/campaigns', icon: <SendOutlined />, letter: 'g' },
      { key: 'syncs', path: '/act/syncs', icon: <CloudSyncOutlined />, letter: '2' },
    ],
  },
  {
    key: 'measure',
    pages: [{ key: 'metrics', path: '/measure/metrics', icon: <BookOutlined />, letter: 'h' }],
  },
  {
    key: 'system',
    pages: [
      { key: 'jobs', path: '/system/jobs', icon: <FunctionOutlined />, letter: 'j' },
      { key: 'account', path: '/system/account', icon: <KeyOutlined />, letter: 'k' },
    ],
  },
];

export const pages: readonly Page[] = stages.flatMap((stage) => stage.pages);
