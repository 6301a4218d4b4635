import { useState } from 'react';
import { groupReasons } from './field-words.ts';
import { CORRECTABLE, type FormRefusal } from './form-refusal.ts';

interface CorrectFieldsProps {
  readonly refusal: FormRefusal;
  /** What was typed before, by field: a second refusal must not lose it. */
  readonly typed: ReadonlyMap<string, string>;
  readonly onSend: (corrections: ReadonlyMap<string, string>) => void;
  readonly onGiveUp: () => void;
}

const LONG_FIELDS: ReadonlySet<string> = new Set([
  'address',
  'allergies',
  'medication',
  'medicalHistory',
  'reasonForVisit',
  'notes',
]);

/** The refused fields, filled with what was read, to be compared with the picture and put right. */
export function CorrectFields({ refusal, typed, onSend, onGiveUp }: CorrectFieldsProps) {
  const fields = groupReasons(refusal.fields).filter(({ field }) => CORRECTABLE.has(field));
  const [values, setValues] = useState<ReadonlyMap<string, string>>(
    () => new Map(fields.map(({ field }) => [field, typed.get(field) ?? refusal.readings.get(field) ?? ''])),
  );
  return (
    <form
      className="intake-form panel"
      noValidate
      aria-labelledby="correct-heading"
      onSubmit={(event) => {
        event.preventDefault();
        onSend(new Map([...typed, ...values]));
      }}
    >
      <h2 id="correct-heading">Compare these fields with the form</h2>
      <p className="hint" id="correct-hint">
        Nothing was stored yet. Put each field right, or leave it empty where the paper is empty. The form is
        sent again with what you type; card numbers are removed from that too.
      </p>
      {fields.map(({ field, name, reasons }) => {
        const id = `correct-${field}`;
        const shared = {
          id,
          className: 'input',
          value: values.get(field) ?? '',
          autoComplete: 'off',
          spellCheck: false,
          'aria-invalid': true,
          'aria-describedby': `${id}-error`,
          onChange: (event: { target: { value: string } }) => {
            setValues((before) => new Map(before).set(field, event.target.value));
          },
        };
        return (
          <div className="field field-wrong" key={field}>
            <label className="label" htmlFor={id}>
              {name}
            </label>
            <p className="field-error" id={`${id}-error`}>
              {reasons.join(' ')}
            </p>
            {LONG_FIELDS.has(field) ? (
              <textarea rows={3} maxLength={2_000} {...shared} />
            ) : (
              <input type="text" maxLength={254} {...shared} />
            )}
          </div>
        );
      })}
      <div className="button-row">
        <button type="submit" className="button button-primary" aria-describedby="correct-hint">
          Send the form with these corrections
        </button>
        <button type="button" className="button" onClick={onGiveUp}>
          Choose another file
        </button>
      </div>
    </form>
  );
}
