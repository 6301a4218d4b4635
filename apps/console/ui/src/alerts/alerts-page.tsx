import { formatInstant } from '@cordon/clinic-page';
import { useQuery } from '@tanstack/react-query';
import { alertsQuery } from '../api/queries.ts';
import type { UrgencyAlert } from '../api/types.ts';
import { PagedList } from '../parts/paged-list.tsx';
import { seesPatientNames } from '../parts/roles.ts';
import { ScrubbedText } from '../parts/scrubbed-text.tsx';
import { Empty } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';
import { useCursorTrail } from '../routing/cursor-trail.ts';
import { Link } from '../routing/link.tsx';
import { PageHeading } from '../routing/page-heading.tsx';
import { ClinicField } from '../shell/clinic-field.tsx';
import { useWorkplace } from '../shell/workplace-context.ts';
import { sayState, sayUrgency } from './alert-words.ts';

function AlertItem({ alert, opens }: { alert: UrgencyAlert; opens: boolean }) {
  const urgency = sayUrgency(alert.urgency);
  const state = sayState(alert.state);
  const when = formatInstant(alert.createdAt);
  return (
    <li className={`alert-item alert-${urgency.tone}`}>
      <p className="alert-tags">
        <Tag tone={urgency.tone}>{urgency.label}</Tag>
        <Tag tone={state.tone}>{state.label}</Tag>
        <span className="hint">{when}</span>
      </p>
      <p className="alert-message">
        {alert.message === null ? (
          <span className="missing">The message cannot be shown to your role.</span>
        ) : (
          <ScrubbedText text={alert.message} />
        )}
      </p>
      {opens && (
        <p>
          <Link to={{ page: 'patient', patientId: alert.patientId }}>
            Open the patient<span className="visually-hidden"> of the alert from {when}</span>
          </Link>
        </p>
      )}
    </li>
  );
}

export function AlertsPage() {
  const { me, clinic } = useWorkplace();
  const opens = seesPatientNames(me.role);
  const trail = useCursorTrail(`alerts ${clinic?.id ?? ''}`);
  const query = useQuery(alertsQuery(clinic?.id ?? null, trail.cursor));
  const { dataUpdatedAt, isFetching } = query;
  return (
    <>
      <PageHeading title="Alerts">Alerts</PageHeading>
      <div className="toolbar">
        <ClinicField id="alerts-clinic" />
        <div className="toolbar-end">
          {dataUpdatedAt > 0 && (
            <span className="hint">As of {formatInstant(new Date(dataUpdatedAt).toISOString())}</span>
          )}
          <button
            type="button"
            className="button"
            aria-disabled={isFetching}
            onClick={() => void query.refetch()}
          >
            {isFetching ? 'Refreshing…' : 'Refresh'}
          </button>
        </div>
      </div>
      <PagedList
        query={query}
        trail={trail}
        one="alert"
        many="alerts"
        empty={
          <Empty title="No alerts">
            <p>An alert is raised from a patient’s page.</p>
          </Empty>
        }
      >
        {(items, busy) => (
          <ul className="alert-list" aria-busy={busy}>
            {items.map((alert) => (
              <AlertItem key={alert.id} alert={alert} opens={opens} />
            ))}
          </ul>
        )}
      </PagedList>
    </>
  );
}
