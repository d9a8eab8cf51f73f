import type { ReactNode } from 'react';
import './stat.css';

interface Props {
  label: ReactNode;
  /** The number itself, which opens its people where it counts people. */
  value: ReactNode;
  /** What the number means or what it compares with. */
  note?: ReactNode;
}

export function Stat({ label, value, note }: Props) {
  return (
    <div className="stat">
      <div className="stat-label">{label}</div>
      <div className="stat-value">{value}</div>
      {note && <div className="stat-note">{note}</div>}
    </div>
  );
}

/** Numbers side by side that belong to one question. */
export function Stats({ children }: { children: ReactNode }) {
  return <div className="stats">{children}</div>;
}
