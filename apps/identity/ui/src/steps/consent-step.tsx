import type { Consent } from '../api.ts';
import { ProblemSummary } from '../parts/problem-summary.tsx';
import { StepForm, type StepProps } from '../parts/step-form.tsx';
import { StepHeading } from '../parts/step-heading.tsx';

/** Somebody else's application asks to act for the person: who, where, and what it could do there. */
export function ConsentStep(props: StepProps & { consent: Consent; clientName: string }) {
  const { busy, problem, onSend, clientName, consent } = props;
  const { tenantId, tenantName, role, host, seesName, clinics } = consent;
  return (
    <>
      <ProblemSummary problem={problem} />
      <StepHeading title={`Allow ${clientName}?`}>
        <p>
          {clientName} at <strong>{host}</strong> is not part of your clinic’s own pages. It would act in your name
          at {tenantName}. It could:
        </p>
      </StepHeading>
      <ul>
        <li>know {seesName ? 'your name and ' : ''}that you work there</li>
        {clinics.map(({ name, writes }) => (
          <li key={name}>
            {writes ? 'read and change' : 'read, but not change,'} what you may see in {name}
          </li>
        ))}
      </ul>
      <p className="quiet">
        It stays allowed for seven days at most. “Change how I sign in” lists it, and ends it.
      </p>
      <StepForm
        busy={busy}
        submitLabel="Allow"
        onSubmit={() => {
          onSend('consent', { tenantId, role });
        }}
      >
        {null}
      </StepForm>
    </>
  );
} // prettier-ignore
