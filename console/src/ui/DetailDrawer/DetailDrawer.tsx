import { Drawer } from 'antd';
import type { ReactNode } from 'react';
import './detailDrawer.css';

interface Props {
  open: boolean;
  title: ReactNode;
  wide?: boolean;
  /** Told once it stands, such as to put the focus into a field; else the focus is on the whole. */
  onOpened?(): void;
  onClose(): void;
  children: ReactNode;
}

/** Detail beside the page: the page stays, Escape closes, the focus returns to what opened it. */
export function DetailDrawer({ open, title, wide = false, onOpened, onClose, children }: Props) {
  return (
    <Drawer
      className="detail"
      open={open}
      title={title}
      size={wide ? 720 : 480}
      autoFocus={!onOpened}
      afterOpenChange={(now) => now && onOpened && setTimeout(onOpened)} // after the drawer's own care of the focus
      onClose={onClose}
      destroyOnHidden
      mask={{ blur: false }}
    >
      {children}
    </Drawer>
  );
}
