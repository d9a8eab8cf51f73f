import { Modal } from 'antd';
import { useEffect, useState } from 'react';
import { useText } from '@/i18n/text';
import { useNavigate } from 'react-router';
import { PALETTE_KEY } from './paletteDoor';
import { pages } from './stages';
import './shortcuts.css';

const PATIENCE_MS = 1200;

/** Keys that work wherever nobody is typing: g and a letter goes, / finds, ? lists them all. */
export function Shortcuts() {
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);

  useEffect(() => {
    let goingAt = -Infinity;
    function press(event: KeyboardEvent) {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      const page = event.timeStamp - goingAt < PATIENCE_MS ? pages.find(({ letter }) => letter === event.key) : undefined;
      goingAt = event.key === 'g' ? event.timeStamp : -Infinity;
      if (page) void navigate(page.path);
      else if (event.key === '?') setOpen(true);
      else if (event.key === '/') {
        const field = document.querySelector<HTMLElement>('input[data-filter], [data-filter] input, textarea[data-filter]');
        if (field) event.preventDefault();
        field?.focus();
      }
    }
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [navigate]);

  return <KeyList open={open} onClose={() => setOpen(false)} />;
}

function KeyList({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useText();
  const rows = [
    [PALETTE_KEY, t('keys.palette')],
    ...pages.map(({ key, letter }) => [`g ${letter}`, t('keys.go', { page: t(`nav:page.${key}`) })]),
    ['/', t('keys.filter')],
    ['j k', t('keys.rows')],
    ['Enter', t('keys.open')],
    ['Esc', t('keys.close')],
    ['?', t('keys.help')],
  ];
  return (
    <Modal open={open} footer={null} onCancel={onClose} title={t('keys.title')} width={420}>
      <dl className="shortcuts">
        {rows.map(([keys, words]) => (
          <div key={keys}>
            <dt>
              <kbd className="key">{keys}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
