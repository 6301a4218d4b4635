import { useCallback, useEffect, useState } from 'react';
import { readState, send, type Action, type Answer, type Problem, type Step } from './api.ts';
import { ProblemSummary } from './parts/problem-summary.tsx';
import type { StepProps } from './parts/step-form.tsx';
import { StepHeading } from './parts/step-heading.tsx';
import { CodeStep } from './steps/code-step.tsx';
import { ConfirmStep } from './steps/confirm-step.tsx';
import { ConsentStep } from './steps/consent-step.tsx';
import { EnrolStep } from './steps/enrol-step.tsx';
import { ApprovedStep } from './steps/approved-step.tsx';
import { InvitedStep } from './steps/invited-step.tsx';
import { ManageStep } from './steps/manage-step.tsx';
import { NewPasswordStep } from './steps/new-password-step.tsx';
import { PasswordStep } from './steps/password-step.tsx';
import { RecoveryStep } from './steps/recovery-step.tsx';
import { TenantStep } from './steps/tenant-step.tsx';

interface View {
  readonly step: Step | undefined;
  readonly clientName: string;
  readonly problem: Problem | undefined;
  readonly busy: boolean;
}

/** After these nothing can be entered any more. */
const final = new Set(['identity-interaction-unknown', 'identity-no-access']);

/** The address comes from our own server; one that leads elsewhere is not followed all the same. */
function leave(redirectTo: string): void {
  const target = new URL(redirectTo, window.location.origin);
  if (target.origin === window.location.origin) window.location.assign(target);
}

/** Where nothing more is asked, the sign-in ends without a further click. */
const settle = (answer: Answer): Answer | Promise<Answer> =>
  answer.ok && answer.step.step === 'continue' ? send('continue') : answer;

export function SignIn() {
  const [view, setView] = useState<View>({
    step: undefined,
    clientName: 'Cordon',
    problem: undefined,
    busy: true,
  });

  const show = useCallback((answer: Answer) => {
    if (!answer.ok) {
      setView((before) => ({ ...before, problem: answer.problem, busy: false }));
      return;
    }
    const { step, clientName } = answer;
    const leaving = step.step === 'done';
    setView((before) => ({
      step: leaving ? before.step : step,
      clientName: clientName ?? before.clientName,
      problem: undefined,
      busy: leaving,
    }));
    if (leaving) leave(step.redirectTo);
  }, []);

  useEffect(() => {
    void readState().then(settle).then(show);
  }, [show]);

  const onSend = useCallback(
    (action: Action, body?: object) => {
      setView((before) => ({ ...before, busy: true, problem: undefined }));
      void send(action, body).then(settle).then(show);
    },
    [show],
  );

  const { step } = view;
  const props: StepProps = {
    busy: view.busy,
    problem: view.problem,
    onSend,
    onProblem: (problem) => {
      setView((before) => ({ ...before, problem }));
    },
  };

  const over = view.problem && final.has(view.problem.code);
  return (
    <main className="card">
      <p className="brand">Cordon</p>
      {over ? (
        <Over problem={view.problem} />
      ) : (
        <CurrentStep
          step={step}
          props={props}
          clientName={view.clientName}
          onPassword={() => {
            setView((before) => ({ ...before, step: { step: 'password' }, problem: undefined }));
          }}
        />
      )}
      {!over && step && (
        <button
          type="button"
          className="quiet-button"
          onClick={() => {
            if (!view.busy) onSend('cancel');
          }}
        >
          {step.step === 'consent' ? 'Do not allow' : 'Cancel'}
        </button>
      )}
    </main>
  );
}

function Over({ problem }: { problem: Problem | undefined }) {
  return (
    <StepHeading title="You are not signed in">
      <p role="alert">{problem?.text}</p>
    </StepHeading>
  );
}

function CurrentStep({
  step,
  props,
  clientName,
  onPassword,
}: {
  step: Step | undefined;
  props: StepProps;
  clientName: string;
  /** In place of what is confirmed, the whole sign-in. */
  onPassword: () => void;
}) {
  switch (step?.step) {
    case 'password':
      return <PasswordStep {...props} clientName={clientName} />;
    case 'code':
      return step.confirms === true ? (
        <ConfirmStep {...props} ways={step.ways} clientName={clientName} onPassword={onPassword} />
      ) : (
        <CodeStep {...props} ways={step.ways} />
      );
    case 'enrol':
      return <EnrolStep {...props} secret={step.secret} address={step.address} />;
    case 'new-password':
      return <NewPasswordStep {...props} shortest={step.shortest} />;
    case 'manage':
      return <ManageStep {...props} managed={step} />;
    case 'approved':
      return <ApprovedStep {...props} code={step.code} usableFrom={step.usableFrom} />;
    case 'invited':
      return <InvitedStep {...props} />;
    case 'recovery':
      return <RecoveryStep {...props} codes={step.codes} />;
    case 'tenant':
      return <TenantStep {...props} choices={step.choices} />;
    case 'consent':
      return <ConsentStep {...props} consent={step} clientName={clientName} />;
    case 'continue':
    case 'done':
    case undefined:
      return (
        <>
          <ProblemSummary problem={props.problem} />
          <StepHeading title="Sign in" first>
            <p className="quiet" role="status">
              {props.busy ? 'One moment …' : 'Load the page again to try once more.'}
            </p>
          </StepHeading>
        </>
      );
  }
}
