import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

test('the types of the API are those of openapi.json', async () => {
  const made = await openapiTS(new URL('../../openapi.json', import.meta.url));
  expect(readFileSync(join(root, 'src/api/schema.d.ts'), 'utf8')).toBe(COMMENT_HEADER + astToString(made));
});
