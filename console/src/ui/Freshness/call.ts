/** A call of the API, as somebody else could make it. */
export interface Call {
  method?: 'GET' | 'POST';
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: object;
}

/** The call as a command of the shell; what an author wrote stays one word of it. */
export function curl({ method = 'GET', path, query = {}, body }: Call, origin: string): string {
  const url = new URL(path, origin);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') url.searchParams.set(name, String(value));
  }
  const parts = [`curl${method === 'GET' ? '' : ` -X ${method}`} ${quote(url.href)}`, `  -H "Authorization: Bearer $QIANMIAN_TOKEN"`];
  if (body) parts.push(`  -H 'Content-Type: application/json'`, `  -d ${quote(JSON.stringify(body))}`);
  return parts.join(' \\\n');
}

/** A word that the shell hands on as it is. */
export function quote(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
