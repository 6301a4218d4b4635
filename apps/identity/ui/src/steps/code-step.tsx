import { CodeField, codeFieldId, missingCode, readCode } from '../parts/code-field.tsx';
import { ProblemSummary } from '../parts/problem-summary.tsx';
import { readText, StepForm, type StepProps } from '../parts/step-form.tsx';
import { StepHeading } from '../parts/step-heading.tsx';

export function CodeStep({ busy, problem, onSend, onProblem }: StepProps) {
  return (
    <>
      <ProblemSummary problem={problem} fieldId={codeFieldId} />
      <StepHeading title="Enter your code">
        <p className="quiet">Open your authenticator app and find the code for Cordon.</p>
      </StepHeading>
      <StepForm
        busy={busy}
        submitLabel="Continue"
        onSubmit={(fields) => {
          const code = readCode(readText(fields, 'code'));
          if (code === undefined) onProblem(missingCode);
          else onSend('code', { code });
        }}
      >
        <CodeField label="Code" invalid={problem !== undefined} recovers />
      </StepForm>
    </>
  );
}
