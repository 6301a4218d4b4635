import { formatInstant } from '@cordon/clinic-page';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { breakGlass } from '../api/exception-queries.ts';
import type { Emergency } from '../api/types.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TextField } from '../parts/text-field.tsx';
import { Link } from '../routing/link.tsx';
import { PageHeading } from '../routing/page-heading.tsx';
import { useSearch } from '../routing/router.ts';

const SHORTEST_REASON = 10;

function Opened({ records }: { records: readonly Emergency[] }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <div className="notice notice-warning">
      <h2 className="notice-title" tabIndex={-1} ref={heading}>
        {records.length === 1 ? 'The record is open to you' : `${records.length} records are open to you`}
      </h2>
      <ul className="lines">
        {records.map(({ id, patientId, expiresAt }) => (
          <li key={id}>
            <Link to={{ page: 'patient', patientId }}>Open the record</Link> until {formatInstant(expiresAt)}
          </li>
        ))}
      </ul>
      <p>The privacy officer of the clinic has been told and will ask you about it.</p>
    </div>
  );
}

/** Asks for a record of another clinic, or a restricted one, with a reason. The engine asks for a fresh factor. */
export function EmergencyPage() {
  const named = new URLSearchParams(useSearch()).get('patient');
  const queries = useQueryClient();
  const [nhsNumber, setNhsNumber] = useState('');
  const [reason, setReason] = useState('');
  const open = useMutation({
    mutationFn: () => breakGlass(named === null ? { nhsNumber } : { patientId: named }, reason.trim()),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['patient'] }),
  });
  const ready = reason.trim().length >= SHORTEST_REASON && (named !== null || nhsNumber.trim() !== '');
  return (
    <>
      <PageHeading title="Emergency access">Emergency access</PageHeading>
      <p className="lead">
        In an emergency you may open a record of another clinic, or one that is restricted: that record alone,
        to read, for 60 minutes. Your reason is kept, the clinic’s privacy officer is told at once, and every
        access is reviewed.
      </p>
      {open.isSuccess && <Opened records={open.data} />}
      <section className="panel" aria-label="Ask for a record">
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (ready && !open.isPending) open.mutate();
          }}
        >
          {named === null ? (
            <TextField
              id="emergency-number"
              label="NHS number"
              hint="All ten digits. Nothing is said of records with another number."
              value={nhsNumber}
              onChange={setNhsNumber}
              maxLength={20}
              inputMode="numeric"
              required
            />
          ) : (
            <p className="field field-fixed">
              <span className="label">Record</span>
              <code>{named}</code>
            </p>
          )}
          <TextField
            id="emergency-reason"
            label="Why is it needed now?"
            hint={`At least ${SHORTEST_REASON} letters. Do not name the patient.`}
            value={reason}
            onChange={setReason}
            maxLength={1000}
            rows={3}
            required
          />
          {open.isError && (
            <ProblemNotice
              error={open.error}
              onRetry={() => {
                open.mutate();
              }}
            />
          )}
          <button type="submit" className="button button-primary" aria-disabled={!ready || open.isPending}>
            {open.isPending ? 'Opening…' : 'Open in an emergency'}
          </button>
        </form>
      </section>
    </>
  );
}
