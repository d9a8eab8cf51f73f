import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { everywhere } from '@/i18n/catalogue';
import { sources } from '../sources';

const texts = new Map(sources('src', '.ts', '.tsx').map(({ path, text }) => [path, text]));

function file(from: string, name: string): string | undefined {
  const path = name.startsWith('@/') ? join('src', name.slice(2)) : join(dirname(from), name);
  return [`${path}.ts`, `${path}.tsx`, `${path}/index.ts`].find((one) => texts.has(one));
}

/** What a file draws without waiting: itself and what it imports, but not what it loads later behind a Suspense. */
function drawn(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const [, name = ''] of (texts.get(path) ?? '').matchAll(/^(?:import|export) (?!type ).*? from '((?:@|\.)[^']+)';/gms)) {
    const next = file(path, name);
    if (next) drawn(next, seen);
  }
  return seen;
}

function partsOf(paths: Iterable<string>): string[] {
  const asked = [...paths].flatMap((path) => [...(texts.get(path) ?? '').matchAll(/useText\(([^)]*)\)/g)]);
  const parts = asked.flatMap(([, named = '']) => [...named.matchAll(/'(\w+)'/g)].map(([, part = '']) => part));
  return [...new Set(parts)].filter((part) => !(everywhere as readonly string[]).includes(part)).sort();
}

const routes = [...(texts.get('src/app/routes.tsx') ?? '').matchAll(/screen\('([^']+)', \[([^\]]*)\], \(\) => import\('([^']+)'\)/g)];

test('routes are found', () => {
  expect(routes.length).toBeGreaterThan(25);
});

test.each(routes.map(([, path = '', named = '', module = '']) => ({ path, named, module })))(
  'the route $path loads the parts of the texts that its screen tells, and no other',
  ({ named, module }) => {
    const screen = file('src/app/routes.tsx', module) ?? '';
    expect(partsOf(drawn(screen))).toEqual([...named.matchAll(/'(\w+)'/g)].map(([, part]) => part));
  },
);

test('what is drawn before any screen tells what stands everywhere', () => {
  expect(partsOf(drawn('src/main.tsx'))).toEqual([]);
});
