import { startAuthentication, startRegistration, WebAuthnError } from '@simplewebauthn/browser';
import { useEffect, useRef } from 'react';
import { readOptions, type Problem } from '../api.ts';
import type { StepProps } from './step-form.tsx';

type Ceremony = 'passkey' | 'passkey-enrolment';

function describe(error: unknown): Problem {
  if (error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED')
    return { code: 'passkey', text: 'This device has a passkey for your account already.' };
  return { code: 'passkey', text: 'The passkey was not used. Try again, or choose another way.' };
}

async function run(ceremony: Ceremony, options: unknown): Promise<object> {
  return ceremony === 'passkey'
    ? startAuthentication({
        optionsJSON: options as Parameters<typeof startAuthentication>[0]['optionsJSON'],
      })
    : startRegistration({ optionsJSON: options as Parameters<typeof startRegistration>[0]['optionsJSON'] });
}

/**
 * The browser asks the person itself. With `atOnce` it asks as soon as the page is there, for people who came to be asked; the
 * button asks again.
 */
export function PasskeyButton(props: StepProps & { ceremony: Ceremony; label: string; atOnce?: boolean }) {
  const { ceremony, busy, onSend, onProblem, atOnce = false } = props;
  const asked = useRef(!atOnce);
  const start = async () => {
    const reply = await readOptions(ceremony);
    if (!reply.ok) onProblem(reply.problem);
    else {
      try {
        onSend(ceremony, await run(ceremony, reply.body));
      } catch (error) {
        onProblem(describe(error));
      }
    }
  };
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    void start();
  });
  return (
    <button
      type="button"
      className="primary"
      aria-disabled={busy}
      onClick={() => {
        if (!busy) void start();
      }}
    >
      {props.label}
    </button>
  );
}
