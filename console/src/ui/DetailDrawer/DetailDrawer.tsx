import { Drawer } from 'antd';
import type { ReactNode } from 'react';

interface Props {
  open: boolean;
  title: ReactNode;
  wide?: boolean;
  onClose(): void;
  children: ReactNode;
}

/** Detail beside the page: the page stays, Escape closes, the focus returns to what opened it. */
export function DetailDrawer({ open, title, wide = false, onClose, children }: Props) {
  return (
    <Drawer open={open} title={title} size={wide ? 720 : 480} onClose={onClose} destroyOnHidden mask={{ blur: false }}>
      {children}
    </Drawer>
  );
}
