import { useSignOut } from '@cordon/clinic-page';
import { useEffect, useRef } from 'react';
import { sayBadge, useAlertBadge } from '../alerts/use-alert-badge.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Frame } from '../shell/frame.tsx';
import { ConfirmLink } from './confirm-link.tsx';

/** Stands in front of the pages while nobody has shown who sits there. It says nothing of any patient. */
export function LockScreen({ ended }: { ended: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const signOut = useSignOut();
  const badge = useAlertBadge();
  const waiting = ended ? '' : sayBadge(badge);
  useEffect(() => {
    const before = document.title;
    heading.current?.focus();
    return () => {
      document.title = before;
    };
  }, []);
  useEffect(() => {
    const count = !ended && badge.open > 0 ? `(${badge.open}) ` : '';
    document.title = `${count}${ended ? 'Session ended' : 'Locked'} – Cordon console`;
  }, [ended, badge.open]);
  return (
    <Frame>
      <h1 ref={heading} tabIndex={-1} className="page-heading">
        {ended ? 'Your session has ended' : 'Locked'}
      </h1>
      <p className="lead">
        {ended
          ? 'Sign in again to go on. What you were doing is kept here for you.'
          : 'Patients’ records are out of sight. Unlock with a touch of your passkey or a code, and go on where you were.'}
      </p>
      <p role="status" className={waiting === '' ? undefined : 'lock-badge'}>
        {waiting}
      </p>
      <p className="button-row">
        <ConfirmLink ask={ended ? 'sign-in' : 'factor'} className="button button-primary button-large">
          {ended ? 'Sign in again' : 'Unlock'}
        </ConfirmLink>
        <button
          type="button"
          className="button button-large"
          disabled={signOut.isPending || signOut.isSuccess}
          onClick={() => {
            signOut.mutate();
          }}
        >
          Sign out
        </button>
      </p>
      <p className="hint">
        A new tab opens for it and closes again.
        {!ended && (
          <>
            {' '}
            No passkey or code?{' '}
            <ConfirmLink ask="sign-in" className="">
              Sign in with your password
            </ConfirmLink>
          </>
        )}
      </p>
      {signOut.isError && <ProblemNotice error={signOut.error} />}
    </Frame>
  );
}
