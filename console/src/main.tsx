import './csp';
import './theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/queryClient';
import { session } from './api/queries/session';
import { App } from './app/App';
import { preload } from './app/routes';
import { startLanguage } from './i18n';

// Who is there, the page and the words are asked for together; none waits for another.
const words = startLanguage();
void queryClient.prefetchQuery(session);
preload(location.pathname);
await words;

const root = document.getElementById('root');
if (!root) throw new Error('the page has no element #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
