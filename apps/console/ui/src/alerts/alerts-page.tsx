import { useQuery } from '@tanstack/react-query';
import { takenAlertsQuery } from '../api/queries.ts';
import { PagedList } from '../parts/paged-list.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Empty, Loading } from '../parts/states.tsx';
import { useCursorTrail } from '../routing/cursor-trail.ts';
import { PageHeading } from '../routing/page-heading.tsx';
import { ClinicField } from '../shell/clinic-field.tsx';
import { useWorkplace } from '../shell/workplace-context.ts';
import { AlertItem } from './alert-item.tsx';
import { sortOpen } from './open-alerts.ts';
import { SoundChoice } from './sound-choice.tsx';
import { useOpenAlerts } from './use-open-alerts.ts';

function OpenAlerts() {
  const { alerts, connected, error } = useOpenAlerts();
  const sorted = alerts === undefined ? [] : sortOpen(alerts.values());
  return (
    <section className="stack" aria-labelledby="waiting">
      <div className="toolbar">
        <h2 id="waiting">Waiting</h2>
        <p className="hint" role="status">
          {connected ? 'Live' : error === null ? 'Connecting…' : ''}
        </p>
      </div>
      {error !== null ? (
        <ProblemNotice error={error} />
      ) : alerts === undefined ? (
        <Loading what="alerts" />
      ) : sorted.length === 0 ? (
        <Empty title="Nothing is waiting">
          <p>An alert is raised from a patient’s page, and appears here by itself.</p>
        </Empty>
      ) : (
        <ul className="alert-list">
          {sorted.map((alert) => (
            <AlertItem key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
    </section>
  );
}

function TakenAlerts() {
  const { me, clinic } = useWorkplace();
  const trail = useCursorTrail(`alerts ${clinic?.id ?? ''}`);
  const query = useQuery(takenAlertsQuery(clinic?.id ?? null, trail.cursor));
  return (
    <section className="stack" aria-labelledby="taken">
      <div className="toolbar">
        <h2 id="taken">Taken</h2>
        {me.clinics.length > 1 && <ClinicField id="alerts-clinic" />}
      </div>
      <PagedList query={query} trail={trail} one="alert" many="alerts" empty={<Empty title="None yet" />}>
        {(items, busy) => (
          <ul className="alert-list" aria-busy={busy}>
            {items.map((alert) => (
              <AlertItem key={alert.id} alert={alert} />
            ))}
          </ul>
        )}
      </PagedList>
    </section>
  );
}

export function AlertsPage() {
  return (
    <>
      <PageHeading title="Alerts">Alerts</PageHeading>
      <OpenAlerts />
      <TakenAlerts />
      <SoundChoice />
    </>
  );
}
