import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/query-client.ts';
import { App } from './app.tsx';
import { SessionContext } from './session/session-context.ts';
import { createSessionStore } from './session/session-store.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/controls.css';
import './styles/surfaces.css';
import './styles/tables.css';
import './styles/pages.css';
import './styles/records.css';

const session = createSessionStore();
const queries = createQueryClient({ onActivity: session.touch, onEnded: session.end });

// Records leave the page's memory with the session.
session.subscribe(() => {
  if (session.current().phase === 'ended') queries.clear();
});

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <SessionContext value={session}>
        <QueryClientProvider client={queries}>
          <App />
        </QueryClientProvider>
      </SessionContext>
    </CSPProvider>
  </StrictMode>,
);
