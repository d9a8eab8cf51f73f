/** What is wrong with a tag, and where. */
export interface Fault {
  code: string;
  /** Key of the entry, such as `layers.0.when`; empty = the name; null = nowhere in it. */
  at: string | null;
  words: string;
}

// What a screen reads of the client's errors.
interface Told {
  code?: string;
  what?: string;
  hint?: string;
  key?: string | null;
}

/** What an error of the server tells of a tag, without the document and the key, which the field tells itself. */
export function fault(error: Error & Told, name: string): Fault {
  const { code = '', what = '', hint = '', key = null } = error;
  const place = `tags.${name}`;
  const isHere = key === place || key?.startsWith(`${place}.`);
  // A condition's error draws where it stands below its first line.
  const [said = ''] = (key && what.includes(key) ? what.slice(what.indexOf(key) + key.length).replace(/^\s*[:\uff1a]\s*/, '') : what).split('\n');
  return { code, at: isHere && key ? key.slice(place.length + 1) : null, words: [said, hint].filter(Boolean).join(' ') };
}
