import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { open } from './doors';
import { pages } from './stages';

const KEY = 'qianmian.keys';
const PATIENCE_MS = 1200;

/** Whether single keys do something; who dictates or has a tremor turns them off. */
export function singleKeys(): boolean {
  return localStorage.getItem(KEY) !== 'off';
}

export function setSingleKeys(on: boolean): void {
  localStorage.setItem(KEY, on ? 'on' : 'off');
}

/** The palette's key anywhere; where nobody is typing: g and a letter goes, / finds, j and k step, ? lists them all. */
export function useShortcuts(): void {
  const navigate = useNavigate();
  useEffect(() => {
    let goingAt = -Infinity;
    function press(event: KeyboardEvent) {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        open('palette');
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || !singleKeys()) return;
      const page = event.timeStamp - goingAt < PATIENCE_MS ? pages.find(({ letter }) => letter === event.key) : undefined;
      goingAt = event.key === 'g' ? event.timeStamp : -Infinity;
      if (page) void navigate(page.path);
      else if (event.key === '?') open('keys');
      else if (event.key === '/') findField(event);
      else if (event.key === 'j' || event.key === 'k') stepRow(event);
    }
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [navigate]);
}

function findField(event: KeyboardEvent): void {
  const field = document.querySelector<HTMLElement>('input[data-filter], [data-filter] input, textarea[data-filter], button[data-filter]');
  if (!field) return;
  event.preventDefault();
  field.focus();
}

// To the next row of the table that has the focus, else to the row that is open, else to the first.
function stepRow(event: KeyboardEvent): void {
  if (document.querySelector('[role=dialog]')) return;
  const rows = [...document.querySelectorAll<HTMLElement>('[data-rows] > tr')];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const open = rows.findIndex((row) => row.ariaSelected === 'true');
  const next = at >= 0 ? rows[at + (event.key === 'j' ? 1 : -1)] : rows[Math.max(0, open)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
