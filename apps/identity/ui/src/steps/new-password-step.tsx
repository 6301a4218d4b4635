import { NewPasswordForm, newPasswordId } from '../parts/new-password-form.tsx';
import { ProblemSummary } from '../parts/problem-summary.tsx';
import type { StepProps } from '../parts/step-form.tsx';
import { StepHeading } from '../parts/step-heading.tsx';

export function NewPasswordStep({ busy, problem, onSend, shortest }: StepProps & { shortest: number }) {
  return (
    <>
      <ProblemSummary problem={problem} fieldId={newPasswordId} />
      <StepHeading title="Choose your own password">
        <p className="quiet">Somebody else set the one you signed in with. From now on only you know it.</p>
      </StepHeading>
      <NewPasswordForm
        busy={busy}
        invalid={problem !== undefined}
        shortest={shortest}
        submitLabel="Keep this password"
        onPassword={(password) => {
          onSend('new-password', { password });
        }}
      />
    </>
  );
}
