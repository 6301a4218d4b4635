import { formatInstant } from '@cordon/clinic-page';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addRecord, cliniciansQuery, patientAppointmentsQuery } from '../api/record-queries.ts';
import type { Clinician } from '../api/types.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Loading } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';
import { useWorkplace } from '../shell/workplace-context.ts';
import { sayAppointmentState } from './appointment-words.ts';

/** Until somebody has said a name, the beginning of the account tells two apart. */
const nameOf = ({ id, fullName }: Clinician): string => fullName ?? `Clinician ${id.slice(0, 8)}`;

const LENGTHS = [10, 20, 30, 45, 60, 90] as const;

/** Books the patient with a clinician of the clinic, oneself first. The store lets nobody be booked twice. */
function BookingForm({ patientId, clinicId }: { patientId: string; clinicId: string }) {
  const { me } = useWorkplace();
  const queries = useQueryClient();
  const clinicians = useQuery(cliniciansQuery(clinicId));
  const choices = (clinicians.data?.items ?? []).filter(({ current }) => current);
  const [chosen, setChosen] = useState<string | null>(null);
  const own = choices.some(({ id }) => id === me.subject) ? me.subject : '';
  const clinicianId = chosen ?? own;
  const [at, setAt] = useState('');
  const [minutes, setMinutes] = useState('20');
  const [reason, setReason] = useState('');
  const [key, setKey] = useState(() => crypto.randomUUID());
  const start = at === '' ? Number.NaN : new Date(at).getTime();
  const book = useMutation({
    mutationFn: () =>
      addRecord(
        'appointments',
        {
          clinicId,
          patientId,
          clinicianId,
          startsAt: new Date(start).toISOString(),
          endsAt: new Date(start + Number(minutes) * 60_000).toISOString(),
          ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
        },
        key,
      ),
    onSuccess: async () => {
      setAt('');
      setReason('');
      await queries.invalidateQueries({ queryKey: ['appointments'] });
    },
    // What is sent next is another booking, or a corrected one.
    onSettled: () => {
      setKey(crypto.randomUUID());
    },
  });
  return (
    <details className="details">
      <summary>Book an appointment</summary>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!book.isPending && !Number.isNaN(start) && clinicianId !== '') book.mutate();
        }}
      >
        {clinicians.isError && (
          <ProblemNotice error={clinicians.error} onRetry={() => void clinicians.refetch()} />
        )}
        <div className="field">
          <label className="label" htmlFor="book-clinician">
            With
          </label>
          <select
            id="book-clinician"
            className="input"
            required
            value={clinicianId}
            onChange={({ target: { value } }) => {
              setChosen(value);
            }}
          >
            <option value="">Choose a clinician</option>
            {choices.map((clinician) => (
              <option key={clinician.id} value={clinician.id}>
                {nameOf(clinician)}
                {clinician.id === me.subject ? ' (you)' : ''}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label className="label" htmlFor="book-at">
            Day and time
          </label>
          <input
            id="book-at"
            className="input"
            type="datetime-local"
            required
            value={at}
            onChange={({ target: { value } }) => {
              setAt(value);
            }}
          />
        </div>
        <div className="field">
          <label className="label" htmlFor="book-minutes">
            Length
          </label>
          <select
            id="book-minutes"
            className="input"
            value={minutes}
            onChange={({ target: { value } }) => {
              setMinutes(value);
            }}
          >
            {LENGTHS.map((length) => (
              <option key={length} value={length}>
                {length} minutes
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label className="label" htmlFor="book-reason">
            Reason (may be left empty)
          </label>
          <input
            id="book-reason"
            className="input"
            type="text"
            maxLength={1000}
            autoComplete="off"
            value={reason}
            onChange={({ target: { value } }) => {
              setReason(value);
            }}
          />
        </div>
        {book.isError && <ProblemNotice error={book.error} />}
        <button type="submit" className="button button-primary" aria-disabled={book.isPending}>
          {book.isPending ? 'Booking…' : 'Book'}
        </button>
        <p role="status" className="hint">
          {book.isSuccess ? 'Booked.' : ''}
        </p>
      </form>
    </details>
  );
}

export function PatientAppointments({
  patientId,
  clinicId,
  mayBook,
}: {
  patientId: string;
  clinicId: string;
  mayBook: boolean;
}) {
  const { data, error, isPending, refetch } = useQuery(patientAppointmentsQuery(patientId));
  return (
    <section className="panel" aria-labelledby="appointments-heading">
      <h2 id="appointments-heading">Appointments</h2>
      {error !== null ? (
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        <Loading what="appointments" />
      ) : data.items.length === 0 ? (
        <p className="missing">None on this record</p>
      ) : (
        <ul className="lines">
          {data.items.toReversed().map(({ id, startsAt, state, reason }) => {
            const { label, tone } = sayAppointmentState(state);
            return (
              <li key={id}>
                <span className="when">{formatInstant(startsAt)}</span> <Tag tone={tone}>{label}</Tag>
                {reason !== null && reason !== undefined && <p>{reason}</p>}
              </li>
            );
          })}
        </ul>
      )}
      {mayBook && <BookingForm patientId={patientId} clinicId={clinicId} />}
    </section>
  );
}
