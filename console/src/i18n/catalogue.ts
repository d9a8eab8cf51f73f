import type account from './zh-CN/account.json';
import type audiences from './zh-CN/audiences.json';
import type builder from './zh-CN/builder.json';
import type campaigns from './zh-CN/campaigns.json';
import type cleaning from './zh-CN/cleaning.json';
import type context from './zh-CN/context.json';
import type declaration from './zh-CN/declaration.json';
import type facts from './zh-CN/facts.json';
import type frame from './zh-CN/frame.json';
import type goods from './zh-CN/goods.json';
import type identity from './zh-CN/identity.json';
import type identityRules from './zh-CN/identityRules.json';
import type imports from './zh-CN/imports.json';
import type intake from './zh-CN/intake.json';
import type jobs from './zh-CN/jobs.json';
import type links from './zh-CN/links.json';
import type live from './zh-CN/live.json';
import type matching from './zh-CN/matching.json';
import type members from './zh-CN/members.json';
import type metrics from './zh-CN/metrics.json';
import type nav from './zh-CN/nav.json';
import type overview from './zh-CN/overview.json';
import type people from './zh-CN/people.json';
import type plan from './zh-CN/plan.json';
import type quality from './zh-CN/quality.json';
import type signIn from './zh-CN/signIn.json';
import type sources from './zh-CN/sources.json';
import type states from './zh-CN/states.json';
import type tagEditor from './zh-CN/tagEditor.json';
import type tagLife from './zh-CN/tagLife.json';
import type tags from './zh-CN/tags.json';
import type tieKinds from './zh-CN/tieKinds.json';
import type ties from './zh-CN/ties.json';
import type words from './zh-CN/words.json';

/** Every text of the console, by part. A part is a file, and a chunk in each language unless it stands everywhere. */
export interface Catalogue {
  account: typeof account;
  audiences: typeof audiences;
  builder: typeof builder;
  campaigns: typeof campaigns;
  cleaning: typeof cleaning;
  context: typeof context;
  declaration: typeof declaration;
  facts: typeof facts;
  frame: typeof frame;
  goods: typeof goods;
  identity: typeof identity;
  identityRules: typeof identityRules;
  imports: typeof imports;
  intake: typeof intake;
  jobs: typeof jobs;
  links: typeof links;
  live: typeof live;
  matching: typeof matching;
  members: typeof members;
  metrics: typeof metrics;
  nav: typeof nav;
  overview: typeof overview;
  people: typeof people;
  plan: typeof plan;
  quality: typeof quality;
  signIn: typeof signIn;
  sources: typeof sources;
  states: typeof states;
  tagEditor: typeof tagEditor;
  tagLife: typeof tagLife;
  tags: typeof tags;
  tieKinds: typeof tieKinds;
  ties: typeof ties;
  words: typeof words;
}

export type Part = keyof Catalogue;

/** What stands everywhere: one chunk a language, loaded before anything is drawn. */
export const everywhere = ['frame', 'nav', 'states', 'words'] as const satisfies Part[];
export type Everywhere = (typeof everywhere)[number];
