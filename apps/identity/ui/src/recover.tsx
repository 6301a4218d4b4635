import { useState } from 'react';
import { redeem, requestLink, type Problem } from './api.ts';
import { NewPasswordForm, newPasswordId } from './parts/new-password-form.tsx';
import { ProblemSummary } from './parts/problem-summary.tsx';
import { readText, StepForm } from './parts/step-form.tsx';
import { StepHeading } from './parts/step-heading.tsx';
import { takeToken } from './take-token.ts';

type Stage = 'ask' | 'sent' | 'choose' | 'changed';

const emailId = 'email';
const codeId = 'recovery-code';

export function Recover() {
  const [token, setToken] = useState(takeToken);
  const [stage, setStage] = useState<Stage>(token === '' ? 'ask' : 'choose');
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);

  const run = async (reply: ReturnType<typeof requestLink>, next: Stage) => {
    setBusy(true);
    setProblem(undefined);
    const answer = await reply;
    setBusy(false);
    if (answer.ok) setStage(next);
    else setProblem(answer.problem);
  };

  return (
    <main className="card">
      <p className="brand">Cordon</p>
      {stage === 'ask' && (
        <>
          <ProblemSummary problem={problem} fieldId={emailId} />
          <StepHeading title="Forgot your password?" first>
            <p className="quiet">Patients get a link by e-mail. Staff ask their administrator for a code.</p>
          </StepHeading>
          <StepForm
            busy={busy}
            submitLabel="Send me a link"
            onSubmit={(fields) => {
              void run(requestLink(readText(fields, emailId).trim()), 'sent');
            }}
          >
            <div className="field">
              <label htmlFor={emailId}>E-mail address</label>
              <input
                id={emailId}
                name={emailId}
                type="email"
                autoComplete="username"
                maxLength={254}
                required
              />
            </div>
          </StepForm>
          <h2>You have a code from your administrator</h2>
          <StepForm
            busy={busy}
            submitLabel="Use the code"
            onSubmit={(fields) => {
              setToken(readText(fields, codeId).trim());
              setStage('choose');
            }}
          >
            <div className="field">
              <label htmlFor={codeId}>Code</label>
              <input
                id={codeId}
                name={codeId}
                type="text"
                autoComplete="one-time-code"
                maxLength={64}
                required
              />
            </div>
          </StepForm>
        </>
      )}
      {stage === 'sent' && (
        <StepHeading title="Look into your mailbox">
          <p>
            If the address belongs to a patient’s account, a link is on its way. It works for half an hour.
          </p>
        </StepHeading>
      )}
      {stage === 'choose' && (
        <>
          <ProblemSummary problem={problem} fieldId={newPasswordId} />
          <StepHeading title="Choose a new password" first />
          <NewPasswordForm
            busy={busy}
            invalid={problem !== undefined}
            shortest={undefined}
            submitLabel="Keep this password"
            onPassword={(password) => {
              void run(redeem(token, password), 'changed');
            }}
          />
          {problem?.code === 'identity-recovery-refused' && (
            <p>
              <button
                type="button"
                className="link-button"
                onClick={() => {
                  setProblem(undefined);
                  setStage('ask');
                }}
              >
                Enter another code, or ask for a new link
              </button>
            </p>
          )}
        </>
      )}
      {stage === 'changed' && (
        <StepHeading title="Your password was changed">
          <p>You are signed out everywhere. Go back to where you came from and sign in with the new one.</p>
        </StepHeading>
      )}
    </main>
  );
}
