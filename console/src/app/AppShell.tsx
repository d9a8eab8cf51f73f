import { Suspense } from 'react';
import { useText } from '@/i18n/text';
import { Outlet, useLocation } from 'react-router';
import { StateView } from '@/ui/StateView/StateView';
import { ErrorBoundary } from './ErrorBoundary';
import { Header } from './Header';
import { Overlays } from './Overlays';
import { SessionGate } from './SessionGate';
import { StageNav } from './StageNav';
import './appShell.css';

/** What every screen stands in. */
export function AppShell() {
  return (
    <SessionGate>
      <Frame />
    </SessionGate>
  );
}

function Frame() {
  const { t } = useText();
  const { pathname } = useLocation();
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      <Header />
      <div className="shell-body">
        <StageNav />
        <main id="content" className="shell-content" tabIndex={-1}>
          <ErrorBoundary key={pathname}>
            <Suspense fallback={<StateView case="loading" rows={8} />}>
              <Outlet />
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
      <Overlays />
    </div>
  );
}
