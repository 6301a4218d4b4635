import { CodeField, codeFieldId, missingCode, readCode } from '../parts/code-field.tsx';
import { ProblemSummary } from '../parts/problem-summary.tsx';
import { readText, StepForm, type StepProps } from '../parts/step-form.tsx';
import { StepHeading } from '../parts/step-heading.tsx';

/** Groups of four are read and typed with fewer mistakes. */
const inGroups = (secret: string) => secret.match(/.{1,4}/g)?.join(' ') ?? secret;

export function EnrolStep(props: StepProps & { secret: string; address: string }) {
  const { busy, problem, onSend, onProblem, secret, address } = props;
  return (
    <>
      <ProblemSummary problem={problem} fieldId={codeFieldId} />
      <StepHeading title="Add a second step">
        <p className="quiet">
          Your role needs a code from an authenticator app at each sign-in. Set it up once, now.
        </p>
      </StepHeading>
      <ol className="how">
        <li>Open an authenticator app on your phone, or install one.</li>
        <li>
          Add an account there by entering this key, or <a href={address}>open the app on this device</a>.
        </li>
        <li>Enter the code that the app shows.</li>
      </ol>
      <code className="secret" aria-label="Key for the authenticator app">
        {inGroups(secret)}
      </code>
      <StepForm
        busy={busy}
        submitLabel="Confirm and continue"
        onSubmit={(fields) => {
          const code = readCode(readText(fields, 'code'));
          if (code === undefined) onProblem(missingCode);
          else onSend('enrolment', { code });
        }}
      >
        <CodeField label="Code from the app" invalid={problem !== undefined} />
      </StepForm>
    </>
  );
}
