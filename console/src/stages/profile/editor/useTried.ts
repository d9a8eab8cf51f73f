import { useTrial } from '@/api/queries/tagDefinitions';
import type { TagEntry, TagTrial } from '@/api/shapes';
import { useText } from '@/i18n/text';
import { useDebounced } from '@/lib/debounced';
import { fault, type Fault } from './fault';
import { finished, missing } from './entry';

const STILL_MS = 400;
/** Under which a tag is tried that has no name yet. */
export const UNNAMED = 'a_tag_without_a_name';

export interface Written {
  name: string;
  entry: TagEntry;
}

export interface Tried {
  data: TagTrial | undefined;
  isBusy: boolean;
  isUnbuilt: boolean;
  /** What has to be filled in first, in words. */
  lacks: string[];
  /** Why it cannot be tried, in words. */
  refusal: string;
  /** Where that is. */
  fault: Fault | null;
}

/** A tag tried on some people whenever what is written stands still; the error of a save stands before that of the trial. */
export function useTried(written: Written, isNew: boolean, refused: Error | null): Tried {
  const { t } = useText('tagEditor');
  // What it is called changes nothing of what it says.
  const name = isNew ? UNNAMED : written.name;
  const { about: _about, note: _note, ...said } = finished(written.entry);
  const typed = JSON.stringify({ ...said, title: name });
  const settled = useDebounced(typed, STILL_MS);
  const lacks = missing(written.entry);
  const isSettled = settled === typed;
  const trial = useTrial(name, JSON.parse(settled) as TagEntry, { enabled: lacks.length === 0 && isSettled });
  const error = isSettled ? trial.error : null;
  const found = refused ? fault(refused, written.name) : error ? fault(error, name) : null;
  const isUnbuilt = found?.code === 'not_built';
  return {
    data: trial.data,
    isBusy: !isSettled || trial.isFetching,
    isUnbuilt,
    lacks: lacks.map((lack) => (typeof lack === 'number' ? t('lack.layer', { n: lack }) : t(`lack.${lack}` as 'lack.kind'))),
    refusal: found && !isUnbuilt ? found.words || t('failed') : '',
    fault: found,
  };
}
