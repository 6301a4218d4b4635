import type { TenantChoice } from '../api.ts';
import { ProblemSummary } from '../parts/problem-summary.tsx';
import { readText, StepForm, type StepProps } from '../parts/step-form.tsx';
import { StepHeading } from '../parts/step-heading.tsx';

const roleWords: Record<string, string> = {
  'role.clinician': 'Clinician',
  'role.receptionist': 'Receptionist',
  'role.admin': 'Administrator',
  'role.corporateAdmin': 'Corporate administrator',
  'role.auditor': 'Auditor',
  'role.externalContractor': 'External contractor',
  'role.patient': 'Patient',
};

const choiceId = (index: number) => `choice-${index}`;

export function TenantStep(props: StepProps & { choices: readonly TenantChoice[] }) {
  const { busy, problem, onSend, onProblem, choices } = props;
  return (
    <>
      <ProblemSummary problem={problem} fieldId={choiceId(0)} />
      <StepHeading title="Where are you working?">
        <p className="quiet">You see the records of one organisation at a time.</p>
      </StepHeading>
      <StepForm
        busy={busy}
        submitLabel="Continue"
        onSubmit={(fields) => {
          const chosen = choices[Number(readText(fields, 'choice') || 'none')];
          if (chosen) onSend('tenant', { tenantId: chosen.tenantId, role: chosen.role });
          else onProblem({ code: 'missing', text: 'Choose an organisation' });
        }}
      >
        <fieldset>
          <legend>Organisation</legend>
          {choices.map((choice, index) => (
            <label className="choice" key={`${choice.tenantId} ${choice.role}`}>
              <input type="radio" name="choice" id={choiceId(index)} value={index} />
              <span>
                <strong>{choice.tenantName}</strong>
                <span className="quiet">{roleWords[choice.role] ?? choice.role}</span>
              </span>
            </label>
          ))}
        </fieldset>
      </StepForm>
    </>
  );
}
