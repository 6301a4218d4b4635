import { CodeField, missingCode, readCode } from './code-field.tsx';
import { readText, StepForm, type StepProps } from './step-form.tsx';

/** One code, of the authenticator app or, where it `recovers`, of the list that was kept. */
export function CodeForm(
  props: StepProps & {
    action: 'code' | 'enrolment';
    label: string;
    submitLabel: string;
    recovers?: boolean;
  },
) {
  const { action, busy, problem, onSend, onProblem, recovers = false } = props;
  return (
    <StepForm
      busy={busy}
      submitLabel={props.submitLabel}
      onSubmit={(fields) => {
        const code = readCode(readText(fields, 'code'));
        if (code === undefined) onProblem(missingCode);
        else onSend(action, { code });
      }}
    >
      <CodeField
        label={props.label}
        invalid={problem?.code === 'identity-code-refused'}
        recovers={recovers}
      />
    </StepForm>
  );
}
