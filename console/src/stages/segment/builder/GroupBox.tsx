import { Segmented } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useText } from '@/i18n/text';
import { AddBar } from './AddBar';
import { changed, emptyRow, without, type Group, type RowKind } from './draft';
import { NotToggle } from './NotToggle';
import { RowBox } from './RowBox';

interface Props {
  group: Group;
  /** What the group is, for who hears the page. */
  label: string;
  depth: number;
  onChange(group: Group): void;
}

const HUES = 4;

/** Several parts of a condition, of which all or any must hold. */
export function GroupBox({ group, label, depth, onChange }: Props) {
  const { t } = useText('builder');
  const own = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const [added, setAdded] = useState(0);
  const { rows, joint } = group;

  // Whoever adds a row goes on in it.
  useEffect(() => {
    own.current?.querySelector<HTMLElement>(`[data-row="${added}"] input`)?.focus();
  }, [added]);

  function add(kind: RowKind) {
    const row = emptyRow(kind);
    onChange({ ...group, rows: [...rows, row] });
    setAdded(row.id);
  }

  function remove(id: number) {
    onChange({ ...group, rows: without(rows, id) });
    bar.current?.querySelector('button')?.focus();
  }

  return (
    <div ref={own} role="group" aria-label={label} className="build-group">
      <div className="build-line">
        <NotToggle isOn={group.not} onChange={(not) => onChange({ ...group, not })} />
        <Segmented<Group['joint']>
          size="small"
          aria-label={t('joint')}
          value={joint}
          onChange={(next) => onChange({ ...group, joint: next })}
          options={[
            { value: 'and', label: t('all') },
            { value: 'or', label: t('any') },
          ]}
        />
      </div>
      <div className="build-inside" data-hue={depth % HUES}>
        <ul>
          {rows.map((row, at) => (
            <RowBox
              key={row.id}
              row={row}
              joint={at === 0 ? undefined : joint}
              nest={(inner, name, change) => <GroupBox group={inner} label={name} depth={depth + 1} onChange={change} />}
              onChange={(next) => onChange({ ...group, rows: changed(rows, next) })}
              onRemove={() => remove(row.id)}
            />
          ))}
        </ul>
        <div ref={bar}>
          <AddBar isFirst={depth === 0} onAdd={add} />
        </div>
      </div>
    </div>
  );
}
