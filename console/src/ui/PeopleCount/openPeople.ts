import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** Where the open people stand in the address. */
export const PEOPLE_PARAM = 'people';
/** Where the row of a table that is looked at stands: one thing lies beside a page at a time. */
export const PEEK_PARAM = 'peek';
export const EVERYBODY = '*';

/** An address with the people of a condition open. */
export function withPeople(params: URLSearchParams, condition: string): URLSearchParams {
  const next = new URLSearchParams(params);
  next.delete(PEEK_PARAM);
  next.set(PEOPLE_PARAM, condition);
  return next;
}

/** Opens the people who meet a condition, beside whatever is on the screen. */
export function useOpenPeople(): (condition: string) => void {
  const [, setParams] = useSearchParams();
  return useCallback(
    (condition) => setParams((current) => withPeople(current, condition)),
    [setParams],
  );
}
