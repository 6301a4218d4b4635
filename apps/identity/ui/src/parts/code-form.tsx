import { CodeField, missingCode, readCode, type CodeKind } from './code-field.tsx';
import { readText, StepForm, type StepProps } from './step-form.tsx';

export function CodeForm(
  props: StepProps & {
    action: 'code' | 'enrolment';
    label: string;
    submitLabel: string;
    takes?: CodeKind;
  },
) {
  const { action, busy, problem, onSend, onProblem, takes = 'app' } = props;
  return (
    <StepForm
      busy={busy}
      submitLabel={props.submitLabel}
      onSubmit={(fields) => {
        const code = readCode(readText(fields, 'code'));
        if (code === undefined) onProblem(missingCode(takes));
        else onSend(action, { code });
      }}
    >
      <CodeField label={props.label} invalid={problem?.code === 'identity-code-refused'} takes={takes} />
    </StepForm>
  );
}
