import { ColumnWidthOutlined } from '@ant-design/icons';
import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useText } from '@/i18n/text';
import { Popup } from '@/ui/Popup/Popup';

interface Props {
  columns: readonly { key: string; title: string }[];
  hidden: readonly string[];
  onHide(hidden: string[]): void;
}

export function ColumnChooser({ columns, hidden, onHide }: Props) {
  const { t } = useText();
  const list = (
    <Checkbox.Group
      className="column-list"
      options={columns.map(({ key, title }) => ({ value: key, label: title }))}
      value={columns.map(({ key }) => key).filter((key) => !hidden.includes(key))}
      onChange={(shown) => onHide(columns.map(({ key }) => key).filter((key) => !shown.includes(key)))}
    />
  );
  return (
    <Popup content={list}>
      <Button type="text" icon={<ColumnWidthOutlined />}>
        {t('table.columns')}
      </Button>
    </Popup>
  );
}

/** The columns that this reader hides, kept on this device. */
export function useHiddenColumns(table: string) {
  const key = `qianmian.columns.${table}`;
  const [hidden, setHidden] = useState<string[]>(() => localStorage.getItem(key)?.split(' ').filter(Boolean) ?? []);
  function keep(next: string[]) {
    localStorage.setItem(key, next.join(' '));
    setHidden(next);
  }
  return [hidden, keep] as const;
}
