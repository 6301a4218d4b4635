import { withQuery } from '@cordon/clinic-page';
import { useEffect } from 'react';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Loading } from '../parts/states.tsx';
import { Frame } from '../shell/frame.tsx';

function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Cordon console`;
  }, [title]);
}

export function CheckingScreen() {
  return (
    <Frame>
      <Loading what="the console" />
    </Frame>
  );
}

export function UnreachableScreen({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  useTitle('No connection');
  return (
    <Frame>
      <h1 className="page-heading">Clinic console</h1>
      <ProblemNotice error={error} onRetry={onRetry} />
    </Frame>
  );
}

/** Signing in leads back here. Paths hold ids only. */
function signInPath({ pathname, search }: Location): string {
  return pathname === '/' ? '/auth/sign-in' : withQuery('/auth/sign-in', { returnTo: pathname + search });
}

export function SignedOutScreen({ ended }: { ended: boolean }) {
  useTitle(ended ? 'Session ended' : 'Sign in');
  return (
    <Frame>
      <h1 className="page-heading">{ended ? 'Your session has ended' : 'Clinic console'}</h1>
      {ended ? (
        <p className="lead" role="status">
          You were signed out to keep patients’ records private. Anything you had not sent was not kept.
        </p>
      ) : (
        <p className="lead">
          For clinic staff. You need your password and a code from your authenticator app.
        </p>
      )}
      <p>
        <a className="button button-primary button-large" href={signInPath(window.location)}>
          {ended ? 'Sign in again' : 'Sign in'}
        </a>
      </p>
      {!ended && <p className="hint">Every record that is opened is written to the audit log.</p>}
    </Frame>
  );
}
