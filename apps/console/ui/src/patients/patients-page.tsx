import { formatDate, formatInstant } from '@cordon/clinic-page';
import { useQuery } from '@tanstack/react-query';
import { switchQuery } from '../api/exception-queries.ts';
import { patientsQuery } from '../api/queries.ts';
import type { PatientSummary } from '../api/types.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { sectionsOf, seesPatientNames } from '../parts/roles.ts';
import { Empty } from '../parts/states.tsx';
import { useCursorTrail } from '../routing/cursor-trail.ts';
import { Link } from '../routing/link.tsx';
import { PageHeading } from '../routing/page-heading.tsx';
import { ClinicField } from '../shell/clinic-field.tsx';
import { nameOfClinic, useWorkplace } from '../shell/workplace-context.ts';
import { PatientSearch } from './patient-search.tsx';

type PatientColumn = Column<PatientSummary>;

/** Why there is no name to show. */
function sayMissingName(state: string): string {
  if (state === 'destroyed') return 'Erased record';
  return state === 'ciphertext' ? 'Name hidden from your role' : 'Name cannot be read';
}

const NAMED: readonly PatientColumn[] = [
  {
    key: 'name',
    header: 'Name',
    isRowHeader: true,
    cell: ({ id, fullName, state }) => (
      <Link to={{ page: 'patient', patientId: id }}>{fullName ?? sayMissingName(state)}</Link>
    ),
  },
  {
    key: 'born',
    header: 'Date of birth',
    cell: ({ dateOfBirth }) => (dateOfBirth === null ? 'Not known' : formatDate(dateOfBirth)),
  },
  { key: 'added', header: 'Added', cell: ({ createdAt }) => formatInstant(createdAt) },
];

export function PatientsPage() {
  const { me, clinic } = useWorkplace();
  const switched =
    useQuery({ ...switchQuery, enabled: sectionsOf(me.role).includes('clinics') }).data?.clinicId ?? null;
  const named = seesPatientNames(me.role) || switched !== null;
  const mayTakeIn = sectionsOf(me.role).includes('intake');
  const clinicId = switched ?? clinic?.id ?? null;
  const trail = useCursorTrail(`patients ${clinicId ?? ''}`);
  const query = useQuery(patientsQuery(clinicId, trail.cursor));
  const byClinic: PatientColumn = {
    key: 'clinic',
    header: 'Clinic',
    cell: ({ clinicId }) => nameOfClinic(me, clinicId),
  };
  const idsOnly: readonly PatientColumn[] = [
    { key: 'id', header: 'Record', isRowHeader: true, cell: ({ id }) => <code>{id}</code> },
    ...(me.clinics.length > 1 ? [byClinic] : []),
    { key: 'added', header: 'Added', cell: ({ createdAt }) => formatInstant(createdAt) },
  ];
  const list = (
    <PagedList
      query={query}
      trail={trail}
      one="patient"
      many="patients"
      empty={
        <Empty title={trail.pageNumber === 1 ? 'No patients here yet' : 'No more patients'}>
          {mayTakeIn && <p>The first one comes with an intake form.</p>}
        </Empty>
      }
    >
      {(items, busy) => (
        <DataTable
          caption="Patients"
          columns={named ? NAMED : idsOnly}
          rows={items}
          rowKey={({ id }) => id}
          busy={busy}
        />
      )}
    </PagedList>
  );
  return (
    <>
      <PageHeading title="Patients">Patients</PageHeading>
      {!named && (
        <p className="lead">
          Your role sees that a record exists, not whose it is. Patient details stay with the staff of each
          clinic, until you <Link to={{ page: 'clinics' }}>switch into it</Link>.
        </p>
      )}
      <div className="toolbar">
        <ClinicField id="patients-clinic" />
        {mayTakeIn && (
          <Link className="button" to={{ page: 'intake' }}>
            Add by intake form
          </Link>
        )}
      </div>
      {named ? (
        <PatientSearch
          found={(items) => (
            <DataTable caption="Patients found" columns={NAMED} rows={items} rowKey={({ id }) => id} />
          )}
        >
          {list}
        </PatientSearch>
      ) : (
        list
      )}
    </>
  );
}
