import { useQuery } from '@tanstack/react-query';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Loading } from '../parts/states.tsx';
import { Link } from '../routing/link.tsx';
import { PageHeading } from '../routing/page-heading.tsx';
import { ClinicField } from '../shell/clinic-field.tsx';
import { useWorkplace } from '../shell/workplace-context.ts';
import { settingsQuery } from './settings-queries.ts';
import { TelephoneForm } from './telephone-form.tsx';

/** What a clinic's administrators choose for it. */
export function SettingsPage() {
  const { me, clinic } = useWorkplace();
  return (
    <>
      <PageHeading title="Clinic settings">Clinic settings</PageHeading>
      <p className="lead">
        What {clinic?.name ?? 'a clinic'} chooses for itself. Each change is written to the{' '}
        <Link to={{ page: 'audit' }}>audit log</Link>.
      </p>
      {me.clinics.length > 1 && (
        <div className="toolbar">
          <ClinicField id="settings-clinic" />
        </div>
      )}
      {clinic === null ? (
        <p>You administer no clinic.</p>
      ) : (
        <SettingsOf key={clinic.id} clinicId={clinic.id} />
      )}
    </>
  );
}

function SettingsOf({ clinicId }: { clinicId: string }) {
  const settings = useQuery(settingsQuery(clinicId));
  if (settings.isPending) return <Loading what="the clinic’s settings" />;
  // What was read before stays, so that nothing half written is lost over a question asked again.
  if (settings.data === undefined)
    return <ProblemNotice error={settings.error} onRetry={() => void settings.refetch()} />;
  return <TelephoneForm clinicId={clinicId} saved={settings.data.telephone} />;
}
