import { formatInstant, postJson } from '@cordon/clinic-page';
import { useMutation } from '@tanstack/react-query';
import type { UrgencyAlert } from '../api/types.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { ScrubbedText } from '../parts/scrubbed-text.tsx';
import { Tag } from '../parts/tag.tsx';
import { Link } from '../routing/link.tsx';
import { nameOfClinic, useWorkplace } from '../shell/workplace-context.ts';
import { mayTakeAlerts, seesPatientNames } from '../parts/roles.ts';
import { sayState, sayUrgency } from './alert-words.ts';

/** One tap, and everybody else sees that somebody has it. */
function TakeButton({ alert, when }: { alert: UrgencyAlert; when: string }) {
  const take = useMutation({
    mutationFn: () => postJson(`/api/v1/alerts/${encodeURIComponent(alert.id)}/acknowledge`),
  });
  return (
    <>
      <button
        type="button"
        className="button button-primary"
        disabled={take.isPending || take.isSuccess}
        onClick={() => {
          take.mutate();
        }}
      >
        {take.isPending || take.isSuccess ? 'Taking…' : 'Take it'}
        <span className="visually-hidden"> – the alert from {when}</span>
      </button>
      {take.isError && <ProblemNotice error={take.error} />}
    </>
  );
}

export function AlertItem({ alert }: { alert: UrgencyAlert }) {
  const { me } = useWorkplace();
  const urgency = sayUrgency(alert.urgency);
  const state = sayState(alert.state);
  const when = formatInstant(alert.createdAt);
  const open = alert.state !== 'ACKNOWLEDGED';
  return (
    <li className={`alert-item alert-${open ? urgency.tone : 'neutral'}`}>
      <p className="alert-tags">
        <Tag tone={urgency.tone}>{urgency.label}</Tag>
        <Tag tone={state.tone}>{state.label}</Tag>
        <span className="hint">
          {when}
          {me.clinics.length > 1 && ` · ${nameOfClinic(me, alert.clinicId)}`}
          {alert.assignedTo === me.subject && open && ' · passed on to you'}
          {alert.acknowledgedBy === me.subject && ' · taken by you'}
        </span>
      </p>
      <p className="alert-message">
        {alert.message === null ? (
          <span className="missing">The message cannot be shown to your role.</span>
        ) : (
          <ScrubbedText text={alert.message} />
        )}
      </p>
      {seesPatientNames(me.role) && (
        <div className="button-row">
          {open && mayTakeAlerts(me.role) && <TakeButton alert={alert} when={when} />}
          <Link className="button" to={{ page: 'patient', patientId: alert.patientId }}>
            Open the patient<span className="visually-hidden"> of the alert from {when}</span>
          </Link>
        </div>
      )}
    </li>
  );
}
