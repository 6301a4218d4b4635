import { codeFieldId } from '../parts/code-field.tsx';
import { CodeForm } from '../parts/code-form.tsx';
import { ProblemSummary } from '../parts/problem-summary.tsx';
import type { StepProps } from '../parts/step-form.tsx';
import { PasskeyButton } from '../parts/passkey-button.tsx';
import { StepHeading } from '../parts/step-heading.tsx';

export function CodeStep(props: StepProps & { ways: readonly ('code' | 'passkey')[] }) {
  const { problem, ways } = props;
  const passkey = ways.includes('passkey');
  const app = ways.includes('code');
  return (
    <>
      <ProblemSummary problem={problem} fieldId={codeFieldId} />
      <StepHeading title={passkey ? 'Confirm that it is you' : 'Enter your code'}>
        <p className="quiet">
          {passkey
            ? 'Use your passkey: fingerprint, face, screen lock or security key.'
            : 'Open your authenticator app and find the code for Cordon.'}
        </p>
      </StepHeading>
      {passkey && (
        <>
          <PasskeyButton {...props} ceremony="passkey" label="Use a passkey" />
          <p className="quiet">
            {app
              ? 'Or enter a code from your authenticator app.'
              : 'No passkey at hand? Enter one of your recovery codes.'}
          </p>
        </>
      )}
      <CodeForm
        {...props}
        action="code"
        label={app ? 'Code' : 'Recovery code'}
        submitLabel="Continue"
        takes={app ? 'either' : 'recovery'}
      />
    </>
  );
}
