import { useEffect, useState } from 'react';
import type { LiveEvent } from '../shapes';
import { answer, api } from '../client';

const PAUSE_MS = 700;
const AFTER_ERROR_MS = 3_000;
const MOST = 300;

export interface Wanted {
  source: string;
  environment: string;
  name: string;
  traffic: string;
}

interface Seen {
  events: readonly LiveEvent[];
  passed: number;
  /** Whether anything was answered yet. */
  ready: boolean;
  error: Error | null;
}

const NOTHING: Seen = { events: [], passed: 0, ready: false, error: null };

/** Events as they arrive, newest first; a page that nobody sees, or that is paused, asks for nothing. */
export function useLive({ source, environment, name, traffic }: Wanted, paused: boolean): Seen & { clear(): void } {
  const [seen, setSeen] = useState(NOTHING);
  const [cursor] = useState({ now: '' });
  const hidden = useHidden();

  useEffect(() => {
    cursor.now = '';
    setSeen(NOTHING);
  }, [cursor, source, environment, name, traffic]);

  useEffect(() => {
    if (paused || hidden) return;
    const over = new AbortController();
    let timer = 0;
    async function look() {
      let wait = PAUSE_MS;
      try {
        const query = { source, environment, name, traffic, cursor: cursor.now, limit: 100 };
        const told = await answer(api.GET('/api/live', { params: { query }, signal: over.signal }));
        cursor.now = told.cursor;
        setSeen((before) => ({
          events: told.events.length ? [...told.events, ...before.events].slice(0, MOST) : before.events,
          passed: before.passed + told.passed,
          ready: true,
          error: null,
        }));
      } catch (error) {
        if (over.signal.aborted) return;
        wait = AFTER_ERROR_MS;
        setSeen((before) => ({ ...before, error: error as Error }));
      }
      timer = window.setTimeout(() => void look(), wait);
    }
    void look();
    return () => {
      over.abort();
      clearTimeout(timer);
    };
  }, [cursor, source, environment, name, traffic, paused, hidden]);

  return { ...seen, clear: () => setSeen({ ...NOTHING, ready: true }) };
}

function useHidden(): boolean {
  const [hidden, setHidden] = useState(document.hidden);
  useEffect(() => {
    const tell = () => setHidden(document.hidden);
    document.addEventListener('visibilitychange', tell);
    return () => document.removeEventListener('visibilitychange', tell);
  }, []);
  return hidden;
}
