import account from './account.json';
import audiences from './audiences.json';
import context from './context.json';
import frame from './frame.json';
import goods from './goods.json';
import identity from './identity.json';
import imports from './imports.json';
import intake from './intake.json';
import jobs from './jobs.json';
import links from './links.json';
import live from './live.json';
import nav from './nav.json';
import overview from './overview.json';
import people from './people.json';
import plan from './plan.json';
import signIn from './signIn.json';
import sources from './sources.json';
import states from './states.json';
import tags from './tags.json';
import words from './words.json';

export default {
  account, audiences, context, frame, goods, identity, imports, intake, jobs, links, live, nav, overview, people, plan, signIn, sources, states, tags,
  words,
};
