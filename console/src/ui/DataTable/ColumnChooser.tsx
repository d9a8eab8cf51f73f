import { ColumnWidthOutlined } from '@ant-design/icons';
import { Button, Checkbox, Popover } from 'antd';
import { useState } from 'react';
import { useText } from '@/i18n/text';

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
    <Popover content={list} trigger="click" placement="bottomRight">
      <Button type="text" icon={<ColumnWidthOutlined />}>
        {t('table.columns')}
      </Button>
    </Popover>
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
