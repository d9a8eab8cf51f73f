import type { ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { Link, useLocation, useSearchParams } from 'react-router';
import { useFormats } from '@/i18n/place';
import { Num } from '@/ui/Values/Values';
import { EVERYBODY, withPeople } from './openPeople';

interface Props {
  people: number;
  /** Whom the number counts: null = everybody with a profile. */
  condition: string | null;
  short?: boolean;
  /** Shown instead of the number, such as a bar. */
  children?: ReactNode;
  label?: string;
  className?: string;
}

/** A number of people that opens these people. */
export function PeopleCount({ people, condition, short, children, label, className }: Props) {
  const { t } = useText('people');
  const format = useFormats();
  const [params] = useSearchParams();
  const { pathname } = useLocation();
  const next = withPeople(params, condition ?? EVERYBODY);
  const count = t('count', { count: people, n: format.int(people) });
  return (
    <Link
      className={className ?? 'number'}
      to={{ pathname, search: `?${next}` }}
      aria-label={label ? `${label}: ${count}` : count}
      title={t('openPeople')}
    >
      {children ?? <Num value={people} short={short} />}
    </Link>
  );
}
