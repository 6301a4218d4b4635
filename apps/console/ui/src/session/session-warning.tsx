import { AlertDialog } from '@base-ui/react/alert-dialog';
import { type SessionClock, useSessionEnd, useSignOut } from '@cordon/clinic-page';

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
              ? 'To keep patients’ records private, you are signed out when nothing happens for a while.'
              : 'A session cannot be extended past its full length. Finish what you are doing, then sign in again.'}
          </AlertDialog.Description>
          <p className="dialog-countdown" aria-hidden="true">
            Signing out in {countdown}
          </p>
          <p className="visually-hidden" role="status">
            {spoken === '' ? '' : `Signing out in ${spoken}`}
          </p>
          <div className="button-row">
            <AlertDialog.Close className="button button-primary" disabled={waiting}>
              {because === 'idle' ? (waiting ? 'One moment…' : 'Stay signed in') : 'Continue'}
            </AlertDialog.Close>
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
