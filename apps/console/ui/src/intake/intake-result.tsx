import { formatCount } from '@cordon/clinic-page';
import { useEffect, useRef } from 'react';
import { Link } from '../routing/link.tsx';
import { groupReasons } from './field-words.ts';
import type { StoredForm } from './upload-form.ts';

const PICTURE_WORDS = {
  none: 'The picture itself was not kept.',
  kept: 'A blacked-out picture of it was kept.',
  refused: 'The picture was not kept, for a card number could still be seen on it.',
} as const;

interface IntakeResultProps {
  readonly receipt: StoredForm;
  readonly clinicName: string;
  readonly onAnother: () => void;
}

export function IntakeResult({ receipt, clinicName, onAnother }: IntakeResultProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  const { cardNumbersRemoved: removed } = receipt;
  const warnings = groupReasons(receipt.warnings);
  return (
    <section className="result" aria-labelledby="result-heading">
      <div className="notice notice-good">
        <h2 className="notice-title" id="result-heading" tabIndex={-1} ref={heading}>
          Form stored
        </h2>
        <p>
          The patient is on the list of {clinicName}. {PICTURE_WORDS[receipt.picture]}
        </p>
      </div>
      {receipt.alertId !== null && (
        <div className="notice notice-warning">
          <h3 className="notice-title">An alert was raised</h3>
          <p>
            An answer on the form is one of the clinic’s red flags.{' '}
            <Link to={{ page: 'alerts' }}>See the alerts</Link>
          </p>
        </div>
      )}
      {removed > 0 ? (
        <div className="notice notice-removed">
          <h3 className="notice-title">
            {formatCount(removed, 'card number removed', 'card numbers removed')}
          </h3>
          <p>
            Nothing of the kind was stored; <mark className="redaction">[REDACTED-PAN]</mark> stands in its
            place. The paper still shows it: black it out, or shred it.
          </p>
        </div>
      ) : (
        <p>No card number was found on the form.</p>
      )}
      {warnings.length > 0 && (
        <div className="notice notice-warning">
          <h3 className="notice-title">Check these fields</h3>
          <dl className="reasons">
            {warnings.map(({ field, name, reasons }) => (
              <div key={field}>
                <dt>{name}</dt>
                {reasons.map((reason) => (
                  <dd key={reason}>{reason}</dd>
                ))}
              </div>
            ))}
          </dl>
        </div>
      )}
      <div className="button-row">
        <Link className="button button-primary" to={{ page: 'patient', patientId: receipt.patientId }}>
          Open the patient
        </Link>
        <button type="button" className="button" onClick={onAnother}>
          Upload another form
        </button>
      </div>
    </section>
  );
}
