import { type ReactNode, useState } from 'react';
import { ErrorSummary } from '../parts/error-summary.tsx';
import { ANY_CHOICE, type AuditChoice, checkChoice, writeChoice } from './audit-filter.ts';
import { nameOfAction } from './action-words.ts';
import { KNOWN_ACTIONS } from './known-actions.ts';

interface FilterFormProps {
  readonly choice: AuditChoice;
  readonly onChoose: (choice: AuditChoice) => void;
}

const LABELS: Record<keyof AuditChoice, string> = {
  from: 'From',
  to: 'To',
  action: 'Action',
  decision: 'Decision',
  actor: 'Person (id)',
  patient: 'Patient (id)',
};

const fieldId = (name: keyof AuditChoice): string => `audit-${name}`;

function Field({ name, children }: { name: keyof AuditChoice; children: ReactNode }) {
  return (
    <div className="field">
      <label className="label" htmlFor={fieldId(name)}>
        {LABELS[name]}
      </label>
      {children}
    </div>
  );
}

export function FilterForm({ choice, onChoose }: FilterFormProps) {
  const [draft, setDraft] = useState(choice);
  const [shown, setShown] = useState(choice);
  const [attempt, setAttempt] = useState(0);
  // The address changed by another way than this form: the fields follow it.
  if (writeChoice(shown) !== writeChoice(choice)) {
    setShown(choice);
    setDraft(choice);
  }
  const faults = attempt > 0 ? checkChoice(draft) : [];
  const actions = [...KNOWN_ACTIONS.keys()];
  if (draft.action !== '' && !actions.includes(draft.action)) actions.push(draft.action);

  const entry = (name: keyof AuditChoice) => ({
    id: fieldId(name),
    className: 'input',
    value: draft[name],
    'aria-invalid': faults.some(({ field }) => field === name),
    onChange: (event: { target: { value: string } }) => {
      setDraft({ ...draft, [name]: event.target.value.trim() });
    },
  });
  return (
    <form
      className="filters panel"
      aria-label="Filter the audit log"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (checkChoice(draft).length === 0) onChoose(draft);
        else setAttempt(attempt + 1);
      }}
    >
      <ErrorSummary
        errors={faults.map(({ field, text }) => ({ fieldId: fieldId(field), text }))}
        attempt={attempt}
      />
      <div className="filters-row">
        <Field name="from">
          <input type="date" {...entry('from')} />
        </Field>
        <Field name="to">
          <input type="date" {...entry('to')} />
        </Field>
        <Field name="action">
          <select {...entry('action')}>
            <option value="">Any action</option>
            {actions.map((action) => (
              <option key={action} value={action}>
                {nameOfAction(action)}
              </option>
            ))}
          </select>
        </Field>
        <Field name="decision">
          <select {...entry('decision')}>
            <option value="">Any decision</option>
            <option value="permit">Allowed</option>
            <option value="deny">Refused</option>
          </select>
        </Field>
        <Field name="actor">
          <input type="text" spellCheck={false} autoComplete="off" maxLength={36} {...entry('actor')} />
        </Field>
        <Field name="patient">
          <input type="text" spellCheck={false} autoComplete="off" maxLength={36} {...entry('patient')} />
        </Field>
        <div className="button-row">
          <button type="submit" className="button button-primary">
            Show
          </button>
          <button
            type="button"
            className="button"
            onClick={() => {
              setDraft(ANY_CHOICE);
              setAttempt(0);
              onChoose(ANY_CHOICE);
            }}
          >
            Clear
          </button>
        </div>
      </div>
    </form>
  );
}
