import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** Where the open people stand in the address. */
export const PEOPLE_PARAM = 'people';
export const EVERYBODY = '*';

/** Opens the people who meet a condition, beside whatever is on the screen. */
export function useOpenPeople(): (condition: string) => void {
  const [, setParams] = useSearchParams();
  return useCallback(
    (condition) =>
      setParams((current) => {
        const next = new URLSearchParams(current);
        next.set(PEOPLE_PARAM, condition);
        return next;
      }),
    [setParams],
  );
}
