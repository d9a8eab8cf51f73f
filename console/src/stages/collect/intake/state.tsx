import '@/ui/JobStatus/jobStatus.css';
import type { Pull, WatchedFile, WatchedFolder } from '@/api/shapes';
import { useText } from '@/i18n/text';

export type State = 'paused' | 'failed' | 'running' | 'byHand' | 'on';

const COLOURS: Record<State, string> = {
  paused: 'cancelled',
  failed: 'failed',
  running: 'running',
  byHand: 'cancelled',
  on: 'done',
};

export function pullState({ paused_at, problem, last, every_minutes }: Pull): State {
  if (last && !last.ended_at) return 'running';
  if (problem) return 'failed';
  if (paused_at) return 'paused';
  return every_minutes ? 'on' : 'byHand';
}

export function folderState({ paused_at, problem }: WatchedFolder): State {
  if (problem) return 'failed';
  return paused_at ? 'paused' : 'on';
}

/** How something that comes in by itself stands. */
export function StateWord({ state }: { state: State }) {
  const { t } = useText('intake');
  return (
    <span className="job-status" data-status={COLOURS[state]}>
      {t(`state.${state}`)}
    </span>
  );
}

const OF_FILES: Record<WatchedFile['status'], string> = {
  waiting: 'cancelled',
  taking: 'running',
  taken: 'done',
  same: 'done',
  failed: 'failed',
};

/** What became of a file. */
export function FileStatus({ status }: { status: WatchedFile['status'] }) {
  const { t } = useText('intake');
  return (
    <span className="job-status" data-status={OF_FILES[status]}>
      {t(`file.${status}`)}
    </span>
  );
}
