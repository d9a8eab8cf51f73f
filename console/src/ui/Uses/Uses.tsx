import { Link } from 'react-router';
import type { Use } from '@/api/shapes';

const pages: Record<string, string> = { audience: '/segment/audiences', sync: '/act/syncs', campaign: '/act/campaigns' };

/** What uses an audience or a tag, each as a way to it. */
export function Uses({ uses }: { uses: Use[] }) {
  return (
    <>
      {uses.map(({ kind, number, name }, at) => (
        <span key={`${kind} ${number}`}>
          {at > 0 && ' · '}
          <Link to={`${pages[kind]}/${number}`}>
            <bdi>{name}</bdi>
          </Link>
        </span>
      ))}
    </>
  );
}
