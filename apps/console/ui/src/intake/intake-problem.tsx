import { useEffect, useRef } from 'react';
import { explainError, toRequestError } from '../api/explain-error.ts';
import { groupReasons } from './field-words.ts';

/** Why a form was not stored, field by field. Takes the focus when it appears. */
export function IntakeProblem({ error, canSendAgain }: { error: unknown; canSendAgain: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
  }, []);
  const known = toRequestError(error);
  const { body, reference } = explainError(error);
  const fields = groupReasons(known.fields);
  // Cancelled, cut off or failed on the way back: the page cannot know how far the engine came.
  const unsure = known.code === 'cancelled' || known.code === 'unreachable' || known.code === 'failed';
  return (
    <div className="notice notice-problem" role="alert" tabIndex={-1} ref={box}>
      <h2 className="notice-title">
        {unsure ? 'No confirmation that the form was stored' : 'The form was not stored'}
      </h2>
      <p>{body}</p>
      {fields.length > 0 && (
        <dl className="reasons">
          {fields.map(({ field, name, reasons }) => (
            <div key={field}>
              <dt>{name}</dt>
              {reasons.map((reason) => (
                <dd key={reason}>{reason}</dd>
              ))}
            </div>
          ))}
        </dl>
      )}
      <p>
        {unsure
          ? 'Look in the patient list before you send it again.'
          : canSendAgain
            ? 'Nothing was kept. You can send it again, or choose another file.'
            : 'Nothing was kept.'}
      </p>
      {reference !== undefined && (
        <p className="notice-reference">
          Reference <code>{reference}</code>
        </p>
      )}
    </div>
  );
}
