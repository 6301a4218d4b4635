import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { appointmentsQuery, changeAppointment, cliniciansQuery, namesQuery } from '../api/record-queries.ts';
import type { Appointment } from '../api/types.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Empty, Loading } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';
import { Link } from '../routing/link.tsx';
import { PageHeading } from '../routing/page-heading.tsx';
import { navigate, useSearch } from '../routing/router.ts';
import { ClinicField } from '../shell/clinic-field.tsx';
import { useWorkplace } from '../shell/workplace-context.ts';
import { sayAppointmentState } from './appointment-words.ts';
import { intervalOf, readDay, sayDay, sayTime, shiftDay } from './days.ts';

function NextSteps({ appointment, name }: { appointment: Appointment; name: string }) {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (state: string) => changeAppointment(appointment, state),
    onSettled: () => queries.invalidateQueries({ queryKey: ['appointments'] }),
  });
  return (
    <>
      <div className="button-row">
        {sayAppointmentState(appointment.state).next.map(({ state, label }) => (
          <button
            key={state}
            type="button"
            className="button"
            disabled={change.isPending}
            onClick={() => {
              change.mutate(state);
            }}
          >
            {label}
            <span className="visually-hidden">
              : {name}, {sayTime(appointment.startsAt)}
            </span>
          </button>
        ))}
      </div>
      {change.isError && <ProblemNotice error={change.error} />}
    </>
  );
}

function DayList({ clinicId, day }: { clinicId: string; day: string }) {
  const { me } = useWorkplace();
  const { from, to } = intervalOf(day);
  const { data, error, isPending, isFetching, refetch } = useQuery(appointmentsQuery(clinicId, from, to));
  const ids = [...new Set((data?.items ?? []).map(({ patientId }) => patientId))].sort();
  const names = useQuery(namesQuery(ids));
  const clinicians = useQuery(cliniciansQuery(clinicId));
  const sayClinician = (clinicianId: string): string => {
    const name = clinicians.data?.items.find(({ id }) => id === clinicianId)?.fullName ?? null;
    return clinicianId === me.subject ? 'With you' : name === null ? '' : `With ${name}`;
  };
  const nameOf = (patientId: string): string =>
    names.data?.items.find(({ id }) => id === patientId)?.fullName ?? (names.isFetching ? '…' : 'Patient');
  const columns: readonly Column<Appointment>[] = [
    {
      key: 'time',
      header: 'Time',
      cell: ({ startsAt, endsAt }) => (
        <span className="when">
          {sayTime(startsAt)}–{sayTime(endsAt)}
        </span>
      ),
    },
    {
      key: 'patient',
      header: 'Patient',
      isRowHeader: true,
      cell: ({ patientId }) => <Link to={{ page: 'patient', patientId }}>{nameOf(patientId)}</Link>,
    },
    {
      key: 'reason',
      header: 'Reason',
      cell: ({ reason, clinicianId }) => (
        <>
          {reason ?? <span className="missing">Not given</span>}
          <span className="hint about">{sayClinician(clinicianId)}</span>
        </>
      ),
    },
    {
      key: 'state',
      header: 'State',
      cell: ({ state }) => {
        const { label, tone } = sayAppointmentState(state);
        return <Tag tone={tone}>{label}</Tag>;
      },
    },
    {
      key: 'next',
      header: 'Next',
      cell: (appointment) => <NextSteps appointment={appointment} name={nameOf(appointment.patientId)} />,
    },
  ];
  if (error !== null) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Loading what="the day’s list" />;
  if (data.items.length === 0)
    return (
      <Empty title="Nobody is booked on this day">
        <p>Appointments are booked from a patient’s page.</p>
      </Empty>
    );
  return (
    <DataTable
      caption={`Appointments on ${sayDay(day)}`}
      columns={columns}
      rows={data.items}
      rowKey={({ id }) => id}
      busy={isFetching}
    />
  );
}

/** The clinic's appointments of one day, today unless another is asked for. */
export function TodayPage() {
  const { clinic } = useWorkplace();
  const today = readDay('', new Date());
  const day = readDay(useSearch(), new Date());
  const go = (to: string): void => {
    navigate(to === today ? '/today' : `/today?day=${to}`, 'replace');
  };
  return (
    <>
      <PageHeading title="Today">{day === today ? 'Today' : sayDay(day)}</PageHeading>
      <p className="lead">{sayDay(day)}</p>
      <div className="toolbar">
        <ClinicField id="today-clinic" />
        <div className="toolbar-end">
          <div className="field">
            <label className="label" htmlFor="today-day">
              Day
            </label>
            <input
              id="today-day"
              className="input"
              type="date"
              value={day}
              onChange={({ target: { value } }) => {
                if (value !== '') go(value);
              }}
            />
          </div>
          <div className="button-row">
            <button
              type="button"
              className="button"
              onClick={() => {
                go(shiftDay(day, -1));
              }}
            >
              Day before
            </button>
            <button
              type="button"
              className="button"
              disabled={day === today}
              onClick={() => {
                go(today);
              }}
            >
              Today
            </button>
            <button
              type="button"
              className="button"
              onClick={() => {
                go(shiftDay(day, 1));
              }}
            >
              Day after
            </button>
          </div>
        </div>
      </div>
      {clinic !== null && <DayList clinicId={clinic.id} day={day} />}
    </>
  );
}
