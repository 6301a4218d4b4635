import { ErrorBoundary, SessionContext, startPage } from '@cordon/clinic-page';
import { QueryClientProvider } from '@tanstack/react-query';
import 'nhsuk-frontend/dist/nhsuk/nhsuk-frontend.min.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { BrokenPage } from './page/broken-page.tsx';
import './portal.css';
import './dark.css';

const { session, queries } = startPage({ staleTime: Infinity, locks: false });

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(
  <StrictMode>
    <SessionContext value={session}>
      <QueryClientProvider client={queries}>
        <ErrorBoundary fallback={<BrokenPage />}>
          <App />
        </ErrorBoundary>
      </QueryClientProvider>
    </SessionContext>
  </StrictMode>,
);
