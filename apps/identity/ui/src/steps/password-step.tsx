import { useState } from 'react';
import { ProblemSummary } from '../parts/problem-summary.tsx';
import { readText, StepForm, type StepProps } from '../parts/step-form.tsx';
import { StepHeading } from '../parts/step-heading.tsx';

const emailId = 'email';
const passwordId = 'password';

export function PasswordStep({
  busy,
  problem,
  onSend,
  onProblem,
  clientName,
}: StepProps & { clientName: string }) {
  const [shown, setShown] = useState(false);
  const [missing, setMissing] = useState<typeof emailId | typeof passwordId>();

  const submit = (fields: FormData) => {
    const email = readText(fields, 'email').trim();
    const password = readText(fields, 'password');
    const field = email === '' ? emailId : password === '' ? passwordId : undefined;
    setMissing(field);
    if (field === undefined) onSend('password', { email, password, manage: fields.has('manage') });
    else
      onProblem({
        code: 'missing',
        text: field === emailId ? 'Enter your e-mail address' : 'Enter your password',
      });
  };

  return (
    <>
      <ProblemSummary problem={problem} fieldId={missing ?? emailId} />
      <StepHeading title="Sign in" first>
        <p className="quiet">to continue to {clientName}</p>
      </StepHeading>
      <StepForm busy={busy} submitLabel="Sign in" onSubmit={submit}>
        <div className="field">
          <label htmlFor={emailId}>E-mail address</label>
          <input
            id={emailId}
            name="email"
            type="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={254}
            required
            aria-invalid={problem !== undefined && missing !== passwordId}
          />
        </div>
        <div className="field">
          <label htmlFor={passwordId}>Password</label>
          <input
            id={passwordId}
            name="password"
            type={shown ? 'text' : 'password'}
            autoComplete="current-password"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={512}
            required
            aria-invalid={problem !== undefined && missing !== emailId}
          />
          <label className="toggle">
            <input
              type="checkbox"
              checked={shown}
              onChange={(event) => {
                setShown(event.target.checked);
              }}
            />
            <span>Show the password</span>
          </label>
          <label className="toggle">
            <input type="checkbox" name="manage" />
            <span>Change how I sign in</span>
          </label>
        </div>
      </StepForm>
      <p className="quiet">
        <a href="/recover">Forgot your password?</a>
      </p>
    </>
  );
}
