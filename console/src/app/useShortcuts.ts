import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { pages } from './stages';

const PATIENCE_MS = 1200;

/** Keys that work wherever nobody is typing: g and a letter goes, / finds, ? lists them all. */
export function useShortcuts(onHelp: () => void): void {
  const navigate = useNavigate();
  useEffect(() => {
    let goingAt = -Infinity;
    function press(event: KeyboardEvent) {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      const page = event.timeStamp - goingAt < PATIENCE_MS ? pages.find(({ letter }) => letter === event.key) : undefined;
      goingAt = event.key === 'g' ? event.timeStamp : -Infinity;
      if (page) void navigate(page.path);
      else if (event.key === '?') onHelp();
      else if (event.key === '/') {
        const field = document.querySelector<HTMLElement>('input[data-filter], [data-filter] input, textarea[data-filter]');
        if (field) event.preventDefault();
        field?.focus();
      }
    }
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [navigate, onHelp]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
