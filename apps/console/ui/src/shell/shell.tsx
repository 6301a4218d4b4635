import { useSessionStore, useSignOut } from '@cordon/clinic-page';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { CordonMark } from '../parts/icons.tsx';
import { nameOfRole, sectionsOf } from '../parts/roles.ts';
import { Link } from '../routing/link.tsx';
import type { Route } from '../routing/routes.ts';
import { Navigation } from './navigation.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { useWorkplace } from './workplace-context.ts';

export function Shell({ route, children }: { route: Route; children: ReactNode }) {
  const { me, clinic } = useWorkplace();
  const signOut = useSignOut();
  const session = useSessionStore();
  const lock = useMutation({ mutationFn: () => session.lock() });
  const place = clinic?.name ?? (me.role === 'role.corporateAdmin' ? 'All clinics' : 'No clinic');
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to main content
      </a>
      <header className="sidebar">
        <Link to={{ page: 'home' }} className="brand">
          <CordonMark />
          Cordon
        </Link>
        <Navigation sections={sectionsOf(me.role)} route={route} />
        <div className="whereabouts">
          <p className="whereabouts-clinic">
            <span className="visually-hidden">Clinic: </span>
            {place}
          </p>
          <p>{me.tenantName}</p>
          <p>
            <span className="visually-hidden">Signed in as: </span>
            {nameOfRole(me.role)}
          </p>
          <Link
            to={{ page: 'sessions' }}
            className="rail-link"
            aria-current={route.page === 'sessions' ? 'page' : undefined}
          >
            Your sessions
          </Link>
          <div className="whereabouts-actions">
            <button
              type="button"
              className="button button-on-dark"
              disabled={lock.isPending}
              onClick={() => {
                lock.mutate();
              }}
            >
              Lock
            </button>
            <button
              type="button"
              className="button button-on-dark"
              disabled={signOut.isPending || signOut.isSuccess}
              onClick={() => {
                signOut.mutate();
              }}
            >
              {signOut.isPending || signOut.isSuccess ? 'Signing out…' : 'Sign out'}
            </button>
          </div>
        </div>
      </header>
      <main className="main" id="main" tabIndex={-1}>
        <OfflineBanner />
        {lock.isError && <ProblemNotice error={lock.error} />}
        {signOut.isError && (
          <ProblemNotice error={signOut.error}>
            <p>You are still signed in. Close the browser if you cannot sign out.</p>
          </ProblemNotice>
        )}
        {children}
      </main>
    </div>
  );
}
