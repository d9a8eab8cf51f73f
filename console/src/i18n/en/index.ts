import frame from './frame.json';
import nav from './nav.json';
import states from './states.json';
import words from './words.json';

/** What stands everywhere (../catalogue.ts), in one chunk. */
export default { frame, nav, states, words };
