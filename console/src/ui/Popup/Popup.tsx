import { Popover } from 'antd';
import { useEffect, useRef, useState, type ReactNode } from 'react';

interface Props {
  content: ReactNode;
  /** What opens it, one button. */
  children: ReactNode;
}

/** Something small beside its button: Escape closes it, and nothing behind it, and the focus goes back. */
export function Popup({ content, children }: Props) {
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    if (!open) return;
    function press(event: KeyboardEvent) {
      if (event.key !== 'Escape') return;
      event.stopImmediatePropagation();
      event.preventDefault();
      setOpen(false);
      opener.current?.querySelector<HTMLElement>('button')?.focus();
    }
    addEventListener('keydown', press, { capture: true });
    return () => removeEventListener('keydown', press, { capture: true });
  }, [open]);

  return (
    <Popover trigger="click" placement="bottomRight" open={open} onOpenChange={setOpen} destroyOnHidden content={content}>
      <span ref={opener}>{children}</span>
    </Popover>
  );
}
