import { useText } from '@/i18n/text';
import { Link } from 'react-router';
import { StateView } from '@/ui/StateView/StateView';

/** Says so when the numbers are older than what was imported. */
export function Unbuilt({ batches }: { batches: number }) {
  const { t } = useText('overview');
  if (batches === 0) return null;
  return (
    <StateView
      case="stale"
      words={t('unbuilt.words', { count: batches })}
      action={<Link to="/system/jobs?build=1">{t('states:stale.build')}</Link>}
    />
  );
}
