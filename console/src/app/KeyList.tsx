import { Checkbox, Modal } from 'antd';
import { useState } from 'react';
import { useText } from '@/i18n/text';
import { PALETTE_KEY } from './doors';
import { pages } from './stages';
import { setSingleKeys, singleKeys } from './useShortcuts';
import './keyList.css';

/** Which keys do what. */
export default function KeyList({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useText();
  const [on, setOn] = useState(singleKeys);
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
      <Checkbox
        checked={on}
        onChange={({ target }) => {
          setSingleKeys(target.checked);
          setOn(target.checked);
        }}
      >
        {t('keys.single')}
      </Checkbox>
    </Modal>
  );
}
