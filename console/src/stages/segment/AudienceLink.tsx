import { Link } from 'react-router';
import type { SavedAudience } from '@/api/shapes';

/** The name of an audience, which leads to its page. Somebody typed it: it may run from right to left. */
export function AudienceLink({ audience }: { audience: SavedAudience }) {
  return (
    <Link to={`/segment/audiences/${audience.audience}`} title={audience.name}>
      <bdi>{audience.name}</bdi>
    </Link>
  );
}
