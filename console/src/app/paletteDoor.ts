const NAME = 'qianmian:palette';

export const PALETTE_KEY = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K';

export function openPalette(): void {
  dispatchEvent(new Event(NAME));
}

/** Call back whenever the palette is asked for, by its button or by its key. */
export function onPalette(open: () => void): () => void {
  function key(event: KeyboardEvent) {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      open();
    }
  }
  addEventListener(NAME, open);
  addEventListener('keydown', key);
  return () => {
    removeEventListener(NAME, open);
    removeEventListener('keydown', key);
  };
}
