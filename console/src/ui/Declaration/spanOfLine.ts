/** Where a line, from 1, begins and ends in a text. */
export function spanOfLine(text: string, line: number): [number, number] {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return [before, before + (lines[line - 1]?.length ?? 0)];
}
