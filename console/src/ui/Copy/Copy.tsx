import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useText } from '@/i18n/text';

/** Puts a text on the clipboard, and says so. */
export function Copy({ text }: { text: string }) {
  const { t } = useText();
  const [done, setDone] = useState(false);

  async function copy() {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  }

  const label = done ? t('copied') : t('copy');
  return (
    <button type="button" className="plain-button copy" title={label} aria-label={label} onClick={() => void copy()}>
      {done ? <CheckOutlined /> : <CopyOutlined />}
    </button>
  );
}
