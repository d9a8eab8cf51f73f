import type { ReactNode } from 'react';
import { useFormats } from '@/i18n/place';
import { PeopleCount } from '@/ui/PeopleCount/PeopleCount';
import './barList.css';

export interface Bar {
  key: string;
  label: ReactNode;
  /** The label as plain words, for whoever hears the page. */
  spoken: string;
  people: number;
  /** Whom it counts: null = everybody; left out = they cannot be listed yet. */
  condition?: string | null;
  /** Beyond the commonest: drawn quieter. */
  rest?: boolean;
}

/** People by value, one bar each; every bar opens its people, if they can be listed. */
export function BarList({ bars, of }: { bars: readonly Bar[]; of: number }) {
  const format = useFormats();
  const longest = Math.max(1, ...bars.filter((bar) => !bar.rest).map((bar) => bar.people));
  return (
    <ul className="bars">
      {bars.map(({ key, label, spoken, people, condition, rest }) => (
        <li key={key} className={rest ? 'bar bar-rest' : 'bar'}>
          <Row people={people} condition={condition} spoken={spoken}>
            <span className="bar-label" title={spoken}>
              {label}
            </span>
            <span className="bar-track">
              <span className="bar-fill" style={{ width: `${Math.min(100, (people / longest) * 100)}%` }} />
            </span>
            <span className="bar-people number">{format.int(people)}</span>
            <span className="bar-share number">{format.share(people, of)}</span>
          </Row>
        </li>
      ))}
    </ul>
  );
}

function Row({ people, condition, spoken, children }: Pick<Bar, 'people' | 'condition' | 'spoken'> & { children: ReactNode }) {
  if (condition === undefined) return <div className="bar-link bar-still">{children}</div>;
  return (
    <PeopleCount people={people} condition={condition} label={spoken} className="bar-link">
      {children}
    </PeopleCount>
  );
}
