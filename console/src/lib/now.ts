import { useSyncExternalStore } from 'react';

const MINUTE = 60_000;

let now = Date.now();

/** The present minute: every relative time on the screen moves on together. */
export function useNow(): number {
  return useSyncExternalStore(listen, () => now);
}

function listen(tell: () => void): () => void {
  const timer = setInterval(() => {
    now = Date.now();
    tell();
  }, MINUTE);
  return () => clearInterval(timer);
}
