type Cell = string | number | null;

/** Rows as CSV, which a spreadsheet opens with its Chinese right; a text that it would take for a formula stays a text. */
export function csv(rows: readonly (readonly Cell[])[]): Blob {
  return new Blob(['\uFEFF', rows.map((row) => row.map(cell).join(',')).join('\r\n'), '\r\n'], { type: 'text/csv;charset=utf-8' });
}

export function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number' || /^-?\d+(\.\d+)?$/.test(value)) return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${text.replaceAll('"', '""')}"`;
}
