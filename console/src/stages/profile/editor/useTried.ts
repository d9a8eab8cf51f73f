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
export function useTried(written: Written, refused: Error | null): Tried {
  const { t } = useText('tagEditor');
  const settled = useDebounced(written, STILL_MS);
  const name = settled.name || UNNAMED;
  const entry = finished(settled.entry);
  const trial = useTrial(name, { ...entry, title: entry.title ?? name }, { enabled: missing(settled.entry).length === 0 });
  const isSettled = settled === written && !trial.isFetching;
  const error = refused ?? (settled === written ? trial.error : null);
  const found = error ? fault(error, written.name || UNNAMED) : null;
  const isUnbuilt = found?.code === 'not_built';
  return {
    data: trial.data,
    isBusy: !isSettled,
    isUnbuilt,
    lacks: missing(written.entry).map((lack) => (typeof lack === 'number' ? t('lack.layer', { n: lack }) : t(`lack.${lack}` as 'lack.kind'))),
    refusal: found && !isUnbuilt ? found.words || t('failed') : '',
    fault: found,
  };
}
