import { useState } from 'react';
import { redeem, type Problem } from './api.ts';
import { NewPasswordForm, newPasswordId } from './parts/new-password-form.tsx';
import { ProblemSummary } from './parts/problem-summary.tsx';
import { StepHeading } from './parts/step-heading.tsx';
import { takeToken } from './take-token.ts';

/** Nobody who is invited has a second step yet, so the password stands alone for a moment; the server says the same. */
const shortest = 15;

/** The link of an invitation: an account's first password, and then the way to the first sign-in. */
export function Invitation() {
  const [token] = useState(takeToken);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const [signInAt, setSignInAt] = useState<string>();
  const isOver = token === '' || problem?.code === 'identity-recovery-refused';

  const choose = async (password: string) => {
    setBusy(true);
    setProblem(undefined);
    const answer = await redeem(token, password);
    setBusy(false);
    if (answer.ok) setSignInAt((answer.body as { signInAt: string }).signInAt);
    else setProblem(answer.problem);
  };

  return (
    <main className="card">
      <p className="brand">Cordon</p>
      {signInAt !== undefined ? (
        <StepHeading title="Your password is set">
          <p>Sign in with it now. Have your phone at hand: most roles then set up a second step.</p>
          <p>
            <a className="primary" href={signInAt}>
              Sign in
            </a>
          </p>
        </StepHeading>
      ) : isOver ? (
        <StepHeading title="This invitation is not valid" first={token === ''}>
          <p>
            It was used, is too old, or a newer one has taken its place. Ask whoever invited you for another
            link. If you have chosen a password already, sign in with it.
          </p>
        </StepHeading>
      ) : (
        <>
          <ProblemSummary problem={problem} fieldId={newPasswordId} />
          <StepHeading title="Welcome to Cordon" first>
            <p className="quiet">
              You are invited. First choose a password that nobody else knows; after that you sign in with
              your e-mail address.
            </p>
          </StepHeading>
          <NewPasswordForm
            busy={busy}
            invalid={problem !== undefined}
            shortest={shortest}
            submitLabel="Keep this password"
            onPassword={(password) => {
              void choose(password);
            }}
          />
        </>
      )}
    </main>
  );
}
