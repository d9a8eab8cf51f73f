import { CheckCircleOutlined, CloseCircleOutlined, LoadingOutlined, MinusCircleOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { Job } from '@/api/shapes';
import { useWords } from '@/i18n/words';
import './jobStatus.css';

const icons: Record<string, ReactNode> = {
  running: <LoadingOutlined />,
  done: <CheckCircleOutlined />,
  failed: <CloseCircleOutlined />,
  died: <CloseCircleOutlined />,
  cancelled: <MinusCircleOutlined />,
};

/** The state of a job, by sign and word. */
export function JobStatus({ job }: { job: Pick<Job, 'status'> }) {
  const { word } = useWords();
  return (
    <span className="job-status" data-status={job.status}>
      <span aria-hidden>{icons[job.status]}</span> {word('status', job.status)}
    </span>
  );
}
