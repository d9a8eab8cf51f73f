import { SearchOutlined } from '@ant-design/icons';
import { useText } from '@/i18n/text';
import { Link, useMatches } from 'react-router';
import { AccountMenu } from './AccountMenu';
import { AppearanceMenu } from './AppearanceMenu';
import { LanguageMenu } from './LanguageMenu';
import { Mark } from './Mark';
import { open, PALETTE_KEY } from './doors';
import type { Handle } from './routes';
import { useSignedIn } from './SessionGate';
import { TimeRange } from './TimeRange';

export function Header() {
  const { t } = useText();
  const { shop } = useSignedIn();
  const ranged = useMatches().some(({ handle }) => (handle as Handle | undefined)?.ranged);
  return (
    <header className="header">
      <div className="header-shop">
        <Link to="/overview" className="row" aria-label={t('home')}>
          <Mark />
        </Link>
        <span className="header-product">{t('product')}</span>
        <span className="header-name ellipsis">{shop.name}</span>
        <span className="header-zone" title={t('zone')}>
          {shop.time_zone}
        </span>
      </div>
      <button type="button" className="header-find" onClick={() => open('palette')}>
        <span className="row">
          <SearchOutlined aria-hidden /> {t('palette.open')}
        </span>
        <kbd className="key">{PALETTE_KEY}</kbd>
      </button>
      <div className="row">
        {ranged && <TimeRange />}
        <LanguageMenu />
        <AppearanceMenu />
        <AccountMenu />
      </div>
    </header>
  );
}
