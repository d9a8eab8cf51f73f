import createClient from 'openapi-fetch';
import type { paths } from './schema';

/** The header that a page of another site cannot send: the server asks for it on every change. */
export const OWN_PAGE = { 'X-Qianmian-Console': '1' } as const;

export const api = createClient<paths>({ baseUrl: location.origin, headers: OWN_PAGE });

/** Errors and problems are told in the language of the page. */
export const spoken = () => ({ 'Accept-Language': document.documentElement.lang });

api.use({
  onRequest({ request }) {
    for (const [name, language] of Object.entries(spoken())) request.headers.set(name, language);
    return request;
  },
});

/** An error as the API tells it: what happened, and what to do next. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly what: string,
    readonly hint: string,
    readonly retryAfterSeconds: number | null = null,
    /** Of the text that was handed in, from 1. */
    readonly line: number | null = null,
    /** Dotted key of the declaration that it is about. */
    readonly key: string | null = null,
  ) {
    super(what);
    this.name = 'ApiError';
  }
}

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer of a call, or its error thrown. */
export async function answer<T>(call: Promise<Outcome<T>>): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, 'unreachable', '', '');
  });
  if (response.ok) return data as T;
  throw toldError(response, error);
}

export function toldError(response: Response, body: unknown): ApiError {
  const told = (typeof body === 'object' && body !== null ? body : {}) as Partial<Record<'code' | 'what' | 'hint', string> & { line: number | null; key: string | null }>;
  const wait = Number(response.headers.get('Retry-After') ?? NaN);
  return new ApiError(
    response.status,
    told.code ?? 'unexpected',
    told.what ?? '',
    told.hint ?? '',
    Number.isFinite(wait) ? wait : null,
    told.line ?? null,
    told.key ?? null,
  );
}
