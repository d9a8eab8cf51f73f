import { CheckCircleOutlined, CloseCircleOutlined, ExclamationCircleOutlined, QuestionCircleOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import './life.css';

export const verdicts = ['bad', 'look', 'unknown', 'good'] as const;
export type Verdict = (typeof verdicts)[number];

const icons = {
  good: <CheckCircleOutlined />,
  unknown: <QuestionCircleOutlined />,
  look: <ExclamationCircleOutlined />,
  bad: <CloseCircleOutlined />,
} satisfies Record<Verdict, ReactNode>;

export function verdictOf(told: string): Verdict {
  return verdicts.find((one) => one === told) ?? 'unknown';
}

/** A verdict by sign and word, never by colour alone. */
export function VerdictMark({ verdict, children }: { verdict: Verdict; children: ReactNode }) {
  return (
    <span className="verdict" data-verdict={verdict}>
      <span aria-hidden>{icons[verdict]}</span> {children}
    </span>
  );
}
