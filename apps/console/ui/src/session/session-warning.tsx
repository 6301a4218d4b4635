import { AlertDialog } from '@base-ui/react/alert-dialog';
import { type SessionClock, useSessionEnd, useSignOut } from '@cordon/clinic-page';
import { ConfirmLink } from './confirm-link.tsx';

/** Warns before the session ends. */
export function SessionWarning({ clock }: { clock: SessionClock }) {
  const { near, because, countdown, spoken, waiting, goOn } = useSessionEnd(clock);
  const signOut = useSignOut();
  return (
    <AlertDialog.Root
      open={near}
      onOpenChange={(open) => {
        if (!open) goOn();
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="dialog-backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog-title">
            {because === 'idle' ? 'Are you still there?' : 'Your session is about to end'}
          </AlertDialog.Title>
          <AlertDialog.Description className="dialog-text">
            {because === 'idle'
              ? 'To keep patients’ records private, the console locks when nothing happens for a while. What you are doing is kept.'
              : 'A session cannot be extended past its full length. Sign in again to go on; what you are doing is kept.'}
          </AlertDialog.Description>
          <p className="dialog-countdown" aria-hidden="true">
            {because === 'idle' ? 'Locking' : 'Ending'} in {countdown}
          </p>
          <p className="visually-hidden" role="status">
            {spoken === '' ? '' : `${because === 'idle' ? 'Locking' : 'Ending'} in ${spoken}`}
          </p>
          <div className="button-row">
            <AlertDialog.Close className="button button-primary" disabled={waiting}>
              {because === 'idle' ? (waiting ? 'One moment…' : 'Stay here') : 'Continue'}
            </AlertDialog.Close>
            {because === 'absolute' && (
              <ConfirmLink ask="sign-in" className="button">
                Sign in again now
              </ConfirmLink>
            )}
            <button
              type="button"
              className="button"
              onClick={() => {
                signOut.mutate();
              }}
            >
              Sign out now
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
