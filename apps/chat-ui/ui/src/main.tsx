import { ErrorBoundary } from '@cordon/clinic-page';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './styles/base.css';
import './styles/messages.css';
import './styles/composer.css';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary
      fallback={<p role="alert">The chat stopped working. Load the page again, or telephone the clinic.</p>}
    >
      <App />
    </ErrorBoundary>
  </StrictMode>,
);
