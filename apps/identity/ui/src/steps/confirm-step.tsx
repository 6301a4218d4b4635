import { CodeForm } from '../parts/code-form.tsx';
import { codeFieldId } from '../parts/code-field.tsx';
import { PasskeyButton } from '../parts/passkey-button.tsx';
import { ProblemSummary } from '../parts/problem-summary.tsx';
import type { StepProps } from '../parts/step-form.tsx';
import { StepHeading } from '../parts/step-heading.tsx';

/** Of somebody who is signed in: the second step alone, by one touch or one code. */
export function ConfirmStep(
  props: StepProps & { ways: readonly ('code' | 'passkey')[]; clientName: string; onPassword: () => void },
) {
  const { problem, ways, clientName, onPassword } = props;
  const [passkey, app] = [ways.includes('passkey'), ways.includes('code')];
  return (
    <>
      <ProblemSummary problem={problem} {...(app ? { fieldId: codeFieldId } : {})} />
      <StepHeading title="Confirm that it is you">
        <p className="quiet">
          to go on in {clientName}. {passkey ? 'A touch of your passkey is enough.' : 'The code of your authenticator app is enough.'}
        </p>
      </StepHeading>
      {passkey && <PasskeyButton {...props} ceremony="passkey" label="Use a passkey" atOnce />}
      {passkey && app && <p className="quiet">Or enter a code from your authenticator app.</p>}
      {app && <CodeForm {...props} action="code" label="Code" submitLabel="Confirm" />}
      <p className="quiet">
        <button type="button" className="link-button" onClick={onPassword}>
          Sign in with your password instead
        </button>
      </p>
    </>
  );
} // prettier-ignore
