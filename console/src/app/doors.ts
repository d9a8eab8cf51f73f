/** What may be opened from anywhere. */
export type Door = 'palette' | 'keys';

export const PALETTE_KEY = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K';

export function open(door: Door): void {
  dispatchEvent(new Event(`qianmian:${door}`));
}

/** Call back whenever a door is to open; returns how to stop. */
export function onOpen(door: Door, show: () => void): () => void {
  addEventListener(`qianmian:${door}`, show);
  return () => removeEventListener(`qianmian:${door}`, show);
}
