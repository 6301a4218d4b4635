import { postJson, toRequestError } from '@cordon/clinic-page';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Urgency } from '../api/types.ts';
import { groupReasons } from '../intake/field-words.ts';
import { ErrorSummary, type FormError } from '../parts/error-summary.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Link } from '../routing/link.tsx';
import { LONGEST_MESSAGE, URGENCY_CHOICES, checkMessage, tidyMessage } from './alert-words.ts';

const URGENCY_ID = 'alert-urgency';
const MESSAGE_ID = 'alert-message';

function RefusedFields({ error }: { error: unknown }) {
  const fields = groupReasons(toRequestError(error).fields);
  if (fields.length === 0) return null;
  return (
    <ul>
      {fields.map(({ field, name, reasons }) => (
        <li key={field}>
          {name}: {reasons.join(' ')}
        </li>
      ))}
    </ul>
  );
}

/** Tells the clinicians of the patient's clinic something about this patient. */
export function AlertForm({ patientId, clinicId }: { patientId: string; clinicId: string }) {
  const queries = useQueryClient();
  const [urgency, setUrgency] = useState<Urgency | null>(null);
  const [message, setMessage] = useState('');
  const [attempt, setAttempt] = useState(0);
  const sentNotice = useRef<HTMLParagraphElement>(null);
  const create = useMutation({
    mutationFn: () =>
      postJson('/api/v1/alerts', { clinicId, patientId, urgency, message: tidyMessage(message) }),
    onSuccess: () => {
      setUrgency(null);
      setMessage('');
      setAttempt(0);
      return queries.invalidateQueries({ queryKey: ['alerts'] });
    },
  });
  useEffect(() => {
    if (create.isSuccess) sentNotice.current?.focus();
  }, [create.isSuccess]);

  const messageError = checkMessage(message);
  const errors: FormError[] = [];
  if (attempt > 0 && urgency === null)
    errors.push({ fieldId: `${URGENCY_ID}-routine`, text: 'Choose how urgent it is' });
  if (attempt > 0 && messageError !== null) errors.push({ fieldId: MESSAGE_ID, text: messageError });
  const urgencyError = errors.find(({ fieldId }) => fieldId !== MESSAGE_ID)?.text;
  const shownMessageError = errors.find(({ fieldId }) => fieldId === MESSAGE_ID)?.text;

  return (
    <section className="panel" aria-labelledby="alert-heading">
      <h2 id="alert-heading">Alert a clinician</h2>
      {create.isSuccess && attempt === 0 && (
        <p className="notice notice-good" role="status" tabIndex={-1} ref={sentNotice}>
          The alert was sent. <Link to={{ page: 'alerts' }}>See all alerts</Link>
        </p>
      )}
      <ErrorSummary errors={errors} attempt={attempt} />
      {create.isError && (
        <ProblemNotice error={create.error}>
          <RefusedFields error={create.error} />
        </ProblemNotice>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (urgency === null || messageError !== null) setAttempt(attempt + 1);
          else if (!create.isPending) create.mutate();
        }}
      >
        <fieldset className={urgencyError === undefined ? 'field' : 'field field-wrong'}>
          <legend className="label">How urgent is it?</legend>
          {urgencyError !== undefined && (
            <p className="field-error" id={`${URGENCY_ID}-error`}>
              {urgencyError}
            </p>
          )}
          {URGENCY_CHOICES.map(({ value, label, hint }) => (
            <div className="choice" key={value}>
              <input
                type="radio"
                name={URGENCY_ID}
                id={`${URGENCY_ID}-${value}`}
                checked={urgency === value}
                aria-describedby={
                  urgencyError === undefined
                    ? `${URGENCY_ID}-${value}-hint`
                    : `${URGENCY_ID}-${value}-hint ${URGENCY_ID}-error`
                }
                onChange={() => {
                  setUrgency(value);
                }}
              />
              <label htmlFor={`${URGENCY_ID}-${value}`}>{label}</label>
              <span className="hint" id={`${URGENCY_ID}-${value}-hint`}>
                {hint}
              </span>
            </div>
          ))}
        </fieldset>
        <div className={shownMessageError === undefined ? 'field' : 'field field-wrong'}>
          <label className="label" htmlFor={MESSAGE_ID}>
            Message
          </label>
          <p className="hint" id={`${MESSAGE_ID}-hint`}>
            Up to {LONGEST_MESSAGE} characters. Never write a card number.
          </p>
          {shownMessageError !== undefined && (
            <p className="field-error" id={`${MESSAGE_ID}-error`}>
              {shownMessageError}
            </p>
          )}
          <textarea
            id={MESSAGE_ID}
            className="input"
            rows={4}
            value={message}
            autoComplete="off"
            aria-invalid={shownMessageError !== undefined}
            aria-describedby={
              shownMessageError === undefined
                ? `${MESSAGE_ID}-hint`
                : `${MESSAGE_ID}-hint ${MESSAGE_ID}-error`
            }
            onChange={(event) => {
              setMessage(event.target.value);
            }}
          />
        </div>
        <button type="submit" className="button button-primary" aria-disabled={create.isPending}>
          {create.isPending ? 'Sending…' : 'Send the alert'}
        </button>
      </form>
    </section>
  );
}
