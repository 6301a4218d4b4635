import { ageOn, formatDate, formatInstant, toRequestError, withQuery } from '@cordon/clinic-page';
import { useQuery } from '@tanstack/react-query';
import { AlertForm } from '../alerts/alert-form.tsx';
import { PatientAppointments } from '../appointments/patient-appointments.tsx';
import { patientQuery } from '../api/queries.ts';
import type { PatientProfile } from '../api/types.ts';
import { BackIcon } from '../parts/icons.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { booksAppointments, mayRaiseAlerts, sectionsOf, treatsPatients } from '../parts/roles.ts';
import { Loading } from '../parts/states.tsx';
import { Link } from '../routing/link.tsx';
import { PageHeading } from '../routing/page-heading.tsx';
import { nameOfClinic, useWorkplace } from '../shell/workplace-context.ts';
import { ClinicalRecords } from './clinical-records.tsx';
import { Conversations } from './conversations.tsx';
import { IntakeForms } from './intake-forms.tsx';
import { RecordHistory } from './record-history.tsx';
import { ProfilePanel } from './profile-panel.tsx';
import { TreatmentPlans } from './treatment-plans.tsx';

type PatientVersion = Partial<PatientProfile> & { readonly id: string; readonly createdAt: string };

const sayProfile = (version: PatientVersion): (readonly [string, string | null])[] => [
  ['Name', version.fullName ?? null],
  ['Date of birth', version.dateOfBirth ?? null],
  ['Phone', version.phone ?? null],
  ['E-mail', version.email ?? null],
  ['Address', version.address ?? null],
  ['NHS number', version.nhsNumber ?? null],
  ['Emergency contact', version.emergencyContact ?? null],
];

function describeBirth(dateOfBirth: string | null): string {
  if (dateOfBirth === null) return 'Date of birth not known';
  const age = ageOn(dateOfBirth, new Date());
  return `Born ${formatDate(dateOfBirth)}${age === null ? '' : `, age ${age}`}`;
}

export function PatientPage({ patientId }: { patientId: string }) {
  const { me } = useWorkplace();
  const { data: patient, error, isPending, refetch } = useQuery(patientQuery(patientId));
  const sections = sectionsOf(me.role);
  const treats = treatsPatients(me.role);
  const known = patient !== undefined && error === null;
  return (
    <>
      <p className="back">
        <Link to={{ page: 'patients' }}>
          <BackIcon />
          Patients
        </Link>
      </p>
      <PageHeading title="Patient record">
        {(known ? patient.profile?.fullName : null) ?? 'Patient record'}
      </PageHeading>
      {isPending ? (
        <Loading what="the record" />
      ) : error !== null ? (
        <>
          <ProblemNotice error={error} onRetry={() => void refetch()} />
          {sections.includes('emergency') && toRequestError(error).code === 'not-found' && (
            <p>
              If it is a patient of another clinic and this is an emergency:{' '}
              <a href={withQuery('/emergency', { patient: patientId })}>ask for this record</a>
            </p>
          )}
        </>
      ) : (
        <>
          <p className="lead facts">
            {patient.profile !== null && <span>{describeBirth(patient.profile.dateOfBirth)}</span>}
            <span>{nameOfClinic(me, patient.clinicId)}</span>
            <span>Added {formatInstant(patient.createdAt)}</span>
          </p>
          <div className="record">
            <div className="record-side">
              <ProfilePanel profile={patient.profile} role={me.role} />
              <section className="panel" aria-labelledby="earlier-heading">
                <h2 id="earlier-heading">Earlier details</h2>
                <RecordHistory<PatientVersion>
                  segment="patients"
                  id={patient.id}
                  of="the patient’s details"
                  say={sayProfile}
                />
              </section>
              {sections.includes('today') && (
                <PatientAppointments
                  patientId={patient.id}
                  clinicId={patient.clinicId}
                  mayBook={booksAppointments(me.role)}
                />
              )}
              {mayRaiseAlerts(me.role) && <AlertForm patientId={patient.id} clinicId={patient.clinicId} />}
            </div>
            <div className="record-main">
              {treats && <ClinicalRecords patientId={patient.id} clinicId={patient.clinicId} />}
              {treats && <Conversations patientId={patient.id} />}
              {treats && <TreatmentPlans patientId={patient.id} clinicId={patient.clinicId} />}
              <IntakeForms patientId={patient.id} />
            </div>
          </div>
        </>
      )}
    </>
  );
}
