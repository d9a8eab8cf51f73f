import { CloseOutlined } from '@ant-design/icons';
import { Select } from 'antd';
import type { ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { AudienceBox } from './AudienceBox';
import { ClauseBox } from './ClauseBox';
import { CountBox } from './CountBox';
import { MAX_HOPS, type FriendsRow, type Group, type ReachRow, type Row } from './draft';
import { JourneyBox } from './JourneyBox';
import { NotToggle } from './NotToggle';
import { SpanBox } from './SpanBox';
import { StepBox } from './StepBox';
import { Steps } from './Steps';
import { TiesBox } from './TiesBox';
import { WindowBox } from './WindowBox';

/** Draws the group that stands inside a row. */
export type Nest = (group: Group, label: string, onChange: (group: Group) => void) => ReactNode;

interface Props {
  row: Row;
  /** How it is joined to the row before it. */
  joint: Group['joint'] | undefined;
  nest: Nest;
  onChange(row: Row): void;
  onRemove(): void;
}

/** One part of a condition, read as a sentence. */
export function RowBox({ row, joint, nest, onChange, onRemove }: Props) {
  const { t } = useText('builder');
  const kind = t(`kind.${row.kind}`);
  return (
    <li className="build-row" data-row={row.id}>
      <span className="build-joint muted">{joint && t(joint)}</span>
      {row.kind === 'group' ? (
        nest(row, kind, onChange)
      ) : (
        <div role="group" aria-label={kind} className="build-sentence">
          <Sentence row={row} nest={nest} onChange={onChange} />
        </div>
      )}
      <button type="button" className="plain-button build-remove" aria-label={t('remove', { kind })} onClick={onRemove}>
        <CloseOutlined />
      </button>
    </li>
  );
}

type Said = Exclude<Row, Group>;

function Sentence({ row, nest, onChange }: { row: Said; nest: Nest; onChange(row: Row): void }) {
  const { t } = useText('builder');
  const start = (
    <>
      <NotToggle isOn={row.not} onChange={(not) => onChange({ ...row, not })} />
      <span className="build-kind muted">{t(`kind.${row.kind}`)}</span>
    </>
  );
  switch (row.kind) {
    case 'tag':
      return (
        <div className="build-line">
          {start}
          <ClauseBox clause={row.clause} onChange={(clause) => onChange({ ...row, clause })} />
        </div>
      );
    case 'did':
      return (
        <StepBox step={row.step} before={start} onChange={(step) => onChange({ ...row, step })}>
          <CountBox of="times" count={row.count} onChange={(count) => onChange({ ...row, count })} />
          <WindowBox window={row.window} onChange={(window) => onChange({ ...row, window })} />
        </StepBox>
      );
    case 'sequence':
      return (
        <>
          <div className="build-line">
            {start}
            <SpanBox span={row.span} onChange={(span) => onChange({ ...row, span })} />
            <WindowBox window={row.window} onChange={(window) => onChange({ ...row, window })} />
          </div>
          <Steps steps={row.steps} onChange={(steps) => onChange({ ...row, steps })} />
        </>
      );
    case 'audience':
      return (
        <div className="build-line">
          {start}
          <AudienceBox row={row} onChange={onChange} />
        </div>
      );
    case 'journey':
      return (
        <div className="build-line">
          {start}
          <JourneyBox row={row} onChange={onChange} />
        </div>
      );
    case 'friends':
    case 'within':
      return (
        <>
          <div className="build-line">
            {start}
            {row.kind === 'within' && <Hops row={row} onChange={onChange} />}
            <TiesBox ties={row.ties} onChange={(ties) => onChange({ ...row, ties })} />
            {row.kind === 'friends' ? <Friends row={row} onChange={onChange} /> : <span>{t('hops.somebody')}</span>}
          </div>
          {nest(row.group, t(`inside.${row.kind}`), (group) => onChange({ ...row, group }))}
        </>
      );
  }
}

function Friends({ row, onChange }: { row: FriendsRow; onChange(row: Row): void }) {
  return <CountBox of="people" count={row.count} onChange={(count) => onChange({ ...row, count })} />;
}

function Hops({ row, onChange }: { row: ReachRow; onChange(row: Row): void }) {
  const { t } = useText('builder');
  const options = Array.from({ length: MAX_HOPS }, (_, at) => ({ value: at + 1, label: t('hops.n', { n: at + 1 }) }));
  return (
    <Select<number>
      className="build-word"
      popupMatchSelectWidth={false}
      aria-label={t('hops.label')}
      value={row.hops}
      onChange={(hops) => onChange({ ...row, hops })}
      options={options}
    />
  );
}
