import type { Problem } from '@/api/shapes';

export interface Piece {
  words: string;
  wrong: boolean;
}

/** A text cut where its problems begin and end; places count characters, not UTF-16 units. */
export function marked(text: string, problems: readonly Pick<Problem, 'at' | 'length'>[]): Piece[] {
  const characters = Array.from(text);
  const wrong = characters.map(() => false);
  let beyond = false;
  for (const { at, length } of problems) {
    if (at === null || at === undefined) continue;
    if (at >= characters.length) beyond = true;
    for (let place = at; place < Math.min(characters.length, at + Math.max(1, length ?? 1)); place++) wrong[place] = true;
  }
  const pieces: Piece[] = [];
  characters.forEach((character, place) => {
    const last = pieces.at(-1);
    const bad = wrong[place] ?? false;
    if (last?.wrong === bad) last.words += character;
    else pieces.push({ words: character, wrong: bad });
  });
  return beyond ? [...pieces, { words: '', wrong: true }] : pieces;
}
