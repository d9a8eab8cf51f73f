import { Link } from 'react-router';
import { useQuality } from '@/api/queries/quality';
import { useText } from '@/i18n/text';

/** Alerts on the quality of the data that nobody looks after yet; nothing until that is known. */
export function QualityState() {
  const { t } = useText('overview');
  const { data } = useQuality();
  if (!data) return null;
  const waiting = data.alerts.filter((one) => one.is_open && !one.acknowledged_by).length;
  const words = !data.checked_at ? t('quality.unchecked') : waiting === 0 ? t('quality.none') : t('quality.some', { count: waiting });
  return (
    <>
      <dt>{t('quality.title')}</dt>
      <dd>
        <Link to="/unify/quality">{words}</Link>
      </dd>
    </>
  );
}
