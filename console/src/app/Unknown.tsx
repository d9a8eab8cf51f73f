import { useText } from '@/i18n/text';
import { Link, useLocation } from 'react-router';
import { StateView } from '@/ui/StateView/StateView';

/** An address that leads nowhere. */
export default function Unknown() {
  const { t } = useText('states');
  const { pathname } = useLocation();
  return <StateView case="new" title={t('unknown.title')} words={<code>{pathname}</code>} action={<Link to="/overview">{t('unknown.home')}</Link>} />;
}
