import { ProblemSummary } from '../parts/problem-summary.tsx';
import { StepForm, type StepProps } from '../parts/step-form.tsx';
import { StepHeading } from '../parts/step-heading.tsx';

export function InvitedStep({ busy, problem, onSend }: StepProps) {
  return (
    <>
      <ProblemSummary problem={problem} />
      <StepHeading title="The invitation is on its way">
        <p className="quiet">
          A letter leads to a password of the person’s own. It works for three days; invite again if it is
          missed.
        </p>
      </StepHeading>
      <StepForm
        busy={busy}
        submitLabel="Back"
        onSubmit={() => {
          onSend('manage');
        }}
      >
        {null}
      </StepForm>
    </>
  );
}
