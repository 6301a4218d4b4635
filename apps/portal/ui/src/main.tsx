import { QueryClientProvider } from '@tanstack/react-query';
import 'nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/queries.ts';
import { App } from './app.tsx';
import { ErrorBoundary } from './page/error-boundary.tsx';
import './portal.css';
import { SessionContext } from './session/session-context.ts';
import { createSessionStore } from './session/session-store.ts';

const session = createSessionStore();
const queries = createQueryClient({ onActivity: session.touch, onEnded: session.end });

// The record leaves the page's memory with the session.
session.subscribe(() => {
  if (session.current().phase === 'ended') queries.clear();
});

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(
  <StrictMode>
    <SessionContext value={session}>
      <QueryClientProvider client={queries}>
        <ErrorBoundary>
          <App />
        </ErrorBoundary>
      </QueryClientProvider>
    </SessionContext>
  </StrictMode>,
);
