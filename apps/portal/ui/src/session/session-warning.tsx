import { type SessionClock, type SessionEnd, useSessionEnd, useSignOut } from '@cordon/clinic-page';
import { Button } from 'nhsuk-react-components';
import { useEffect, useRef } from 'react';

/** Opens while mounted; the browser keeps the focus inside and gives it back. */
function Dialog({ because, countdown, spoken, waiting, goOn }: SessionEnd) {
  const dialog = useRef<HTMLDialogElement>(null);
  const signOut = useSignOut();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => {
      element?.close();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="warning"
      role="alertdialog"
      aria-labelledby="warning-title"
      aria-describedby="warning-text"
      onCancel={(event) => {
        event.preventDefault();
        goOn();
      }}
    >
      <h2 id="warning-title" className="nhsuk-heading-m">
        {because === 'idle' ? 'Are you still there?' : 'You will be signed out soon'}
      </h2>
      <p id="warning-text">
        {because === 'idle'
          ? 'To keep your record private, we sign you out when nothing happens for a while.'
          : 'You have been signed in for as long as we allow. Sign in again if you need more time.'}
      </p>
      <p className="warning-countdown" aria-hidden="true">
        Signing you out in {countdown}
      </p>
      <p className="nhsuk-u-visually-hidden" role="status">
        {spoken === '' ? '' : `Signing you out in ${spoken}`}
      </p>
      <div className="warning-buttons">
        <Button type="button" disabled={waiting} onClick={goOn}>
          {because === 'idle' ? 'Stay signed in' : 'Continue'}
        </Button>
        <Button
          type="button"
          secondary
          onClick={() => {
            signOut.mutate();
          }}
        >
          Sign out now
        </Button>
      </div>
    </dialog>
  );
}

/** Warns before the session ends. */
export function SessionWarning({ clock }: { clock: SessionClock }) {
  const end = useSessionEnd(clock);
  return end.near ? <Dialog {...end} /> : null;
}
