import { type RequestErrorCode, toRequestError } from '@cordon/clinic-page';
import { useEffect, useRef } from 'react';
import { explainError } from '../api/explain-error.ts';
import { groupReasons } from './field-words.ts';
import { SendAgain } from './send-again.tsx';

/** Cancelled, cut off or failed on the way back: the page cannot know how far the engine came. */
function isUnsure(code: RequestErrorCode): boolean {
  return code === 'cancelled' || code === 'unreachable' || code === 'failed';
}

function whatNext(code: RequestErrorCode, canSendAgain: boolean): string {
  if (isUnsure(code)) return 'Look in the patient list before you send it again.';
  if (code === 'busy' && canSendAgain) return 'Nothing was kept. The file is still here: send it again.';
  if (code === 'rejected') return 'Nothing was kept. Put the named fields right, or choose a better scan.';
  return 'Nothing was kept.';
}

/** Why a form was not stored, field by field. Takes the focus when it appears. */
interface IntakeProblemProps {
  readonly error: unknown;
  /** Sends the same file again; null where there is none any more. */
  readonly onSendAgain: (() => void) | null;
}

export function IntakeProblem({ error, onSendAgain }: IntakeProblemProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
  }, []);
  const known = toRequestError(error);
  const { body, reference } = explainError(error);
  const fields = groupReasons(known.fields);
  const unsure = isUnsure(known.code);
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
      <p>{whatNext(known.code, onSendAgain !== null)}</p>
      {known.code === 'busy' && onSendAgain !== null && (
        <SendAgain waitSeconds={known.retryAfterSeconds ?? 0} onSend={onSendAgain} />
      )}
      {reference !== undefined && (
        <p className="notice-reference">
          Reference <code>{reference}</code>
        </p>
      )}
    </div>
  );
}
