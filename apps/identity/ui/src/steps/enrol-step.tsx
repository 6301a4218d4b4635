import { codeFieldId } from '../parts/code-field.tsx';
import { CodeForm } from '../parts/code-form.tsx';
import { ProblemSummary } from '../parts/problem-summary.tsx';
import type { StepProps } from '../parts/step-form.tsx';
import { PasskeyButton } from '../parts/passkey-button.tsx';
import { QrPicture } from '../parts/qr-picture.tsx';
import { StepHeading } from '../parts/step-heading.tsx';

/** Groups of four are read and typed with fewer mistakes. */
const inGroups = (secret: string) => secret.match(/.{1,4}/g)?.join(' ') ?? secret;

export function EnrolStep(props: StepProps & { secret: string; address: string }) {
  const { problem, secret, address } = props;
  return (
    <>
      <ProblemSummary problem={problem} fieldId={codeFieldId} />
      <StepHeading title="Add a second step">
        <p className="quiet">
          Your role needs a second proof at each sign-in. Set it up once, now: a passkey on this device, or an
          authenticator app.
        </p>
      </StepHeading>
      <PasskeyButton {...props} ceremony="passkey-enrolment" label="Set up a passkey" />
      <h2>Or use an authenticator app</h2>
      <ol className="how">
        <li>Open an authenticator app on your phone, or install one.</li>
        <li>
          Add an account there: scan the picture, enter the key below it, or{' '}
          <a href={address}>open the app on this device</a>.
        </li>
        <li>Enter the code that the app shows.</li>
      </ol>
      <QrPicture text={address} label="Picture for the authenticator app; it holds the key below" />
      <code className="secret" aria-label="Key for the authenticator app">
        {inGroups(secret)}
      </code>
      <CodeForm {...props} action="enrolment" label="Code from the app" submitLabel="Confirm and continue" />
    </>
  );
}
