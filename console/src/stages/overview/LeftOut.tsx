import { Link } from 'react-router';
import type { Overview } from '@/api/shapes';
import { useFormats } from '@/i18n/place';
import { useRuleName } from '@/i18n/ruleName';
import { useText } from '@/i18n/text';

/** How many flagged events of the dates are not counted, and why. */
export function LeftOut({ reasons }: { reasons: Overview['left_out'] }) {
  const { t } = useText('overview');
  const format = useFormats();
  const rule = useRuleName();
  const count = reasons.reduce((sum, one) => sum + one.events, 0);
  return (
    <>
      <dt>{t('leftOut.title')}</dt>
      <dd>
        <Link to="/unify/quality">{count === 0 ? t('leftOut.none') : t('leftOut.some', { count, n: format.int(count) })}</Link>
        {reasons.map((one) => (
          <div key={one.reason} className="muted">
            {rule(one.reason)} <span className="number">{format.int(one.events)}</span>
          </div>
        ))}
      </dd>
    </>
  );
}
