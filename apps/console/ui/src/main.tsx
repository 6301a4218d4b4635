import { SessionContext, startPage } from '@cordon/clinic-page';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { ReturnScreen } from './session/return-screen.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/controls.css';
import './styles/surfaces.css';
import './styles/tables.css';
import './styles/pages.css';
import './styles/records.css';
import './styles/board.css';

const { session, queries } = startPage({ staleTime: 30_000, locks: true });

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <SessionContext value={session}>
        <QueryClientProvider client={queries}>
          {window.location.pathname === '/unlocked' ? <ReturnScreen /> : <App />}
        </QueryClientProvider>
      </SessionContext>
    </CSPProvider>
  </StrictMode>,
);
