import { useEffect, useState } from 'react';
import { useTagEntries, useTagText } from '@/api/queries/tagDefinitions';
import { useText } from '@/i18n/text';
import { useDebounced } from '@/lib/debounced';
import { Declaration } from '@/ui/Declaration/Declaration';
import { Refusal } from '@/ui/Refusal/Refusal';
import { Answer } from '@/ui/StateView/Answer';
import { finished } from './entry';
import { UNNAMED, type Written } from './useTried';

const STILL_MS = 300;

interface Props {
  written: Written;
  isNew: boolean;
  /** Told what the text says, once it can be read; null while it cannot. */
  onRead(read: Written | null): void;
}

/** The same tag as text: what is changed here stands in the form, and the other way round. */
export function EntryText({ written, isNew, onRead }: Props) {
  const [{ name, entry }] = useState(written);
  const text = useTagText(name || UNNAMED, finished(entry));
  return <Answer of={text}>{(told) => <Editor first={told.text} name={isNew ? null : name} onRead={onRead} />}</Answer>;
}

function Editor({ first, name, onRead }: { first: string; name: string | null; onRead: Props['onRead'] }) {
  const { t } = useText('tagEditor');
  const [typed, setTyped] = useState<string | null>(null);
  const settled = useDebounced(typed, STILL_MS);
  const read = useTagEntries(settled ?? '', { enabled: settled !== null });
  const isSettled = settled === typed && !read.isFetching;
  const [only, ...others] = Object.entries(read.data?.entries ?? {});
  const isOne = only !== undefined && others.length === 0 && (name === null || only[0] === name);
  const error = isSettled ? read.error : null;

  useEffect(() => {
    if (settled !== null && isSettled && isOne) onRead({ name: only[0] === UNNAMED ? '' : only[0], entry: only[1] });
    // Only what was read moves the form.
    // eslint-disable-next-line
  }, [read.data, isSettled]);

  function write(text: string) {
    setTyped(text);
    onRead(null);
  }

  return (
    <>
      <Declaration label={t('yaml')} text={typed ?? first} error={error} onText={write}>
        {read.data && isSettled && !isOne && <p role="alert">{name === null ? t('oneTag') : t('thisTag', { name })}</p>}
      </Declaration>
      {error && <Refusal error={error} />}
    </>
  );
}
