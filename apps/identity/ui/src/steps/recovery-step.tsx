import { ProblemSummary } from '../parts/problem-summary.tsx';
import { StepForm, type StepProps } from '../parts/step-form.tsx';
import { StepHeading } from '../parts/step-heading.tsx';

export function RecoveryStep({ busy, problem, onSend, codes }: StepProps & { codes: readonly string[] }) {
  return (
    <>
      <ProblemSummary problem={problem} />
      <StepHeading title="Keep your recovery codes">
        <p className="quiet">
          If you lose your phone, each of these signs you in once in place of a code. They are shown only now:
          write them down, or keep them in a password manager.
        </p>
      </StepHeading>
      <ul className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <StepForm
        busy={busy}
        submitLabel="I have kept them"
        onSubmit={() => {
          onSend('continue');
        }}
      >
        {null}
      </StepForm>
    </>
  );
}
