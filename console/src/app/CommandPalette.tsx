import { Input, Modal } from 'antd';
import { useEffect, useId, useState, type KeyboardEvent } from 'react';
import { useText } from '@/i18n/text';
import { useCommands } from './useCommands';
import './commandPalette.css';

interface Props {
  open: boolean;
  onClose(): void;
}

/** Go to a screen, a person or a tag, or do something, without the mouse. */
export default function CommandPalette({ open, onClose }: Props) {
  return (
    <Modal open={open} footer={null} closable={false} destroyOnHidden onCancel={onClose} width={560} className="palette">
      {open && <Palette onDone={onClose} />}
    </Modal>
  );
}

function Palette({ onDone }: { onDone: () => void }) {
  const { t } = useText();
  const list = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [isAwaited, setAwaited] = useState(false);
  const { commands, isLoading } = useCommands(text);
  const current = commands[Math.min(at, commands.length - 1)];

  function run(command = current) {
    if (!command) return;
    onDone();
    command.run();
  }

  // Enter before the tags have come: what fits best is not known yet.
  useEffect(() => {
    if (isAwaited && !isLoading) run();
  });

  function press(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') setAt((at + 1) % Math.max(1, commands.length));
    else if (event.key === 'ArrowUp') setAt((at - 1 + commands.length) % Math.max(1, commands.length));
    else if (event.key === 'Enter' && isLoading) setAwaited(true);
    else if (event.key === 'Enter') run();
    else return;
    event.preventDefault();
  }

  return (
    <>
      <Input
        autoFocus
        variant="borderless"
        size="large"
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={current && `${list}-${current.key}`}
        aria-label={t('palette.label')}
        placeholder={t('palette.placeholder')}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          setAwaited(false);
        }}
        onKeyDown={press}
      />
      <ul id={list} role="listbox" aria-label={t('palette.label')} className="palette-list">
        {commands.map((command) => (
          <li
            key={command.key}
            id={`${list}-${command.key}`}
            role="option"
            aria-selected={command === current}
            className="palette-item"
            onMouseMove={() => setAt(commands.indexOf(command))}
            onClick={() => run(command)}
          >
            <span className="ellipsis">{command.title}</span>
            <span className="muted">{command.group}</span>
          </li>
        ))}
        {commands.length === 0 && <li className="palette-none muted">{t('palette.none')}</li>}
      </ul>
    </>
  );
}
