import { formatInstant } from '@cordon/clinic-page';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { figuresQuery, leaveClinic, switchInto, switchQuery } from '../api/exception-queries.ts';
import type { ClinicFigures } from '../api/types.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Loading } from '../parts/states.tsx';
import { Link } from '../routing/link.tsx';
import { PageHeading } from '../routing/page-heading.tsx';

const sayCount = (count: number | null): string => (count === null ? 'fewer than 8' : String(count));

/** The tenant's clinics in figures, and the way into one of them: audited, by a fresh factor, for an hour at most. */
export function ClinicsPage() {
  const queries = useQueryClient();
  const figures = useQuery(figuresQuery);
  const state = useQuery(switchQuery);
  const move = useMutation({
    mutationFn: (clinicId: string | null) => (clinicId === null ? leaveClinic() : switchInto(clinicId)),
    // What was shown before belongs to another view of the tenant.
    onSuccess: () => queries.invalidateQueries(),
  });
  const current = state.data?.clinicId ?? null;
  const currentName = figures.data?.items.find(({ clinicId }) => clinicId === current)?.name ?? 'a clinic';
  const columns: readonly Column<ClinicFigures>[] = [
    { key: 'clinic', header: 'Clinic', isRowHeader: true, cell: ({ name }) => name },
    { key: 'patients', header: 'Patients', cell: ({ patients }) => sayCount(patients) },
    { key: 'alerts', header: 'Alerts', cell: ({ alerts }) => sayCount(alerts) },
    { key: 'waiting', header: 'Waiting', cell: ({ alertsWaiting }) => sayCount(alertsWaiting) },
    {
      key: 'switch',
      header: 'Details',
      cell: ({ clinicId, name }) =>
        clinicId === current ? (
          'You are in this clinic'
        ) : (
          <button
            type="button"
            className="button"
            disabled={move.isPending}
            onClick={() => {
              move.mutate(clinicId);
            }}
          >
            Switch into it<span className="visually-hidden">: {name}</span>
          </button>
        ),
    },
  ];
  return (
    <>
      <PageHeading title="Clinics">Clinics</PageHeading>
      <p className="lead">
        Counts are rounded. Patient details open one clinic at a time, for an hour, and the log says that you
        were there.
      </p>
      {current !== null && state.data?.expiresAt !== null && state.data?.expiresAt !== undefined && (
        <div className="notice notice-warning" role="status">
          <p className="notice-title">
            You are in {currentName} until {formatInstant(state.data.expiresAt)}
          </p>
          <div className="button-row">
            <Link className="button button-primary" to={{ page: 'patients' }}>
              See its patients
            </Link>
            <button
              type="button"
              className="button"
              disabled={move.isPending}
              onClick={() => {
                move.mutate(null);
              }}
            >
              Leave the clinic
            </button>
          </div>
        </div>
      )}
      {move.isError && (
        <ProblemNotice
          error={move.error}
          onRetry={() => {
            move.mutate(move.variables);
          }}
        />
      )}
      {figures.error !== null ? (
        <ProblemNotice error={figures.error} onRetry={() => void figures.refetch()} />
      ) : figures.isPending ? (
        <Loading what="the clinics" />
      ) : (
        <DataTable
          caption="Clinics"
          columns={columns}
          rows={figures.data.items}
          rowKey={({ clinicId }) => clinicId}
          busy={figures.isFetching}
        />
      )}
    </>
  );
}
