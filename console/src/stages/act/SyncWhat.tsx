import { Link } from 'react-router';
import type { Sync } from '@/api/shapes';
import { useText } from '@/i18n/text';

/** Of whom or what a receiver is told. */
export function SyncWhat({ sync }: { sync: Sync }) {
  const { t } = useText('syncs');
  if (sync.audience === null) return <>{t('tagsOnly', { tags: sync.tags.join(', ') })}</>;
  return (
    <Link to={`/segment/audiences/${sync.audience}`}>
      <bdi>{sync.audience_name}</bdi>
    </Link>
  );
}
