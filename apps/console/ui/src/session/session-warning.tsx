import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useEffect, useState } from 'react';
import { getJson } from '../api/client.ts';
import { formatCountdown } from '../parts/format.ts';
import { type SessionClock, WARNING_MS, remainingOf } from './session-clock.ts';
import { useSessionStore } from './session-context.ts';
import { useNow } from './use-now.ts';
import { useSignOut } from './use-sign-out.ts';

const SPOKEN_AT = [60, 30, 10];

/**
 * Warns before the session ends. Another tab may have kept the session alive, so the server is asked before the warning is
 * shown and before the page is hidden.
 */
export function SessionWarning({ clock }: { clock: SessionClock }) {
  const store = useSessionStore();
  const signOut = useSignOut();
  const now = useNow();
  const [confirmed, setConfirmed] = useState(false);
  const [dismissed, setDismissed] = useState(false);
  const [staying, setStaying] = useState(false);
  const { milliseconds, because } = remainingOf(clock, now);
  const near = milliseconds <= WARNING_MS;
  const over = milliseconds === 0;

  useEffect(() => {
    if (!near || over) return;
    let current = true;
    void store.check().finally(() => {
      if (current) setConfirmed(true);
    });
    return () => {
      current = false;
      setConfirmed(false);
    };
  }, [near, over, store]);

  useEffect(() => {
    if (!over) return;
    void store.check().finally(() => {
      const state = store.current();
      if (state.phase === 'active' && remainingOf(state.clock, Date.now()).milliseconds < 1000) store.end();
    });
  }, [over, store]);

  const open = near && confirmed && !(because === 'absolute' && dismissed);
  const seconds = Math.ceil(milliseconds / 1000);

  const stay = async (): Promise<void> => {
    setStaying(true);
    try {
      // Any answered request is activity; this is the smallest one.
      await getJson('/api/v1/me');
      await store.check();
    } finally {
      setStaying(false);
    }
  };

  return (
    <AlertDialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next && because === 'absolute') setDismissed(true);
        else if (!next) void stay().catch(() => undefined);
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
            Signing out in {formatCountdown(seconds)}
          </p>
          <p className="visually-hidden" role="status">
            {SPOKEN_AT.includes(seconds) ? `Signing out in ${formatCountdown(seconds)}` : ''}
          </p>
          <div className="button-row">
            <AlertDialog.Close className="button button-primary" disabled={staying}>
              {because === 'idle' ? (staying ? 'One moment…' : 'Stay signed in') : 'Continue'}
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
