import { Button } from 'nhsuk-react-components';
import { useEffect, useRef, useState } from 'react';
import { requestJson } from '../api/client.ts';
import { sayDuration } from '../record/record-words.ts';
import { type SessionClock, WARNING_MS, remainingOf } from './session-clock.ts';
import { useSessionStore } from './session-context.ts';
import { useNow } from './use-now.ts';
import { useSignOut } from './use-sign-out.ts';

const SPOKEN_AT = [60, 30, 10];

/** Opens while mounted; the browser keeps the focus inside and gives it back. */
function Dialog({
  because,
  seconds,
  onStay,
}: {
  because: 'idle' | 'absolute';
  seconds: number;
  onStay: () => void;
}) {
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
        onStay();
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
        Signing you out in {sayDuration(seconds)}
      </p>
      <p className="nhsuk-u-visually-hidden" role="status">
        {SPOKEN_AT.includes(seconds) ? `Signing you out in ${sayDuration(seconds)}` : ''}
      </p>
      <div className="warning-buttons">
        <Button type="button" onClick={onStay}>
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

/**
 * Warns before the session ends. Another tab may have kept the session alive, so the server is asked before the warning is shown and
 * before the page is hidden.
 */
export function SessionWarning({ clock }: { clock: SessionClock }) {
  const store = useSessionStore();
  const now = useNow();
  const [confirmed, setConfirmed] = useState(false);
  const [dismissed, setDismissed] = useState(false);
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

  if (!near || !confirmed || (because === 'absolute' && dismissed)) return null;
  const stay = async (): Promise<void> => {
    // Any answered request is activity; this is the smallest one. Where it fails, the warning stays.
    await requestJson('GET', '/api/v1/me').catch(() => undefined);
    await store.check();
  };
  return (
    <Dialog
      because={because}
      seconds={Math.ceil(milliseconds / 1000)}
      onStay={() => {
        if (because === 'absolute') setDismissed(true);
        else void stay();
      }}
    />
  );
}
