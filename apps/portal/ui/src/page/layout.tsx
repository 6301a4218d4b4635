import { useOnline } from '@cordon/clinic-page';
import type { ReactNode } from 'react';
import { Navigation } from './navigation.tsx';

/** Header, main part and footer of every screen; `organisation` is known once somebody is signed in. */
export function Layout({
  organisation,
  action,
  children,
}: {
  organisation?: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  const online = useOnline();
  return (
    <div className="page">
      <a className="nhsuk-skip-link" href="#main">
        Skip to main content
      </a>
      <header className="page-header">
        <div className="nhsuk-width-container page-header-row">
          <p className="page-name">
            <span className="page-service">Patient portal</span>
            {organisation !== undefined && <span className="page-organisation">{organisation}</span>}
          </p>
          {action}
        </div>
      </header>
      {organisation !== undefined && <Navigation />}
      <div className="nhsuk-width-container">
        <main className="nhsuk-main-wrapper" id="main" tabIndex={-1}>
          <div role="status">
            {!online && <p className="offline">You are offline. What you see may be out of date.</p>}
          </div>
          <div className="nhsuk-grid-row">
            <div className="nhsuk-grid-column-two-thirds">{children}</div>
          </div>
        </main>
      </div>
    </div>
  );
}
