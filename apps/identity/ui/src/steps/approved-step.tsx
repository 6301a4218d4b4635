import { ProblemSummary } from '../parts/problem-summary.tsx';
import { StepForm, type StepProps } from '../parts/step-form.tsx';
import { StepHeading } from '../parts/step-heading.tsx';

const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short' });

export function ApprovedStep(props: StepProps & { code: string; usableFrom: string }) {
  const { busy, problem, onSend, code, usableFrom } = props;
  return (
    <>
      <ProblemSummary problem={problem} />
      <StepHeading title="Hand over this code">
        <p className="quiet">
          Give it to the person in private. It works from {when.format(new Date(usableFrom))}, at the link
          “Forgot your password?”, and is shown only now. The person has been told by letter.
        </p>
      </StepHeading>
      <code className="secret" aria-label="Code for the person">
        {code}
      </code>
      <StepForm
        busy={busy}
        submitLabel="Continue"
        onSubmit={() => {
          onSend('continue');
        }}
      >
        {null}
      </StepForm>
    </>
  );
}
