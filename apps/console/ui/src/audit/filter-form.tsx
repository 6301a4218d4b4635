import { useState } from 'react';
import { ErrorSummary } from '../parts/error-summary.tsx';
import { ANY_CHOICE, type AuditChoice, checkChoice, writeChoice } from './audit-filter.ts';
import { KNOWN_ACTIONS, nameOfAction } from './action-words.ts';

interface FilterFormProps {
  readonly choice: AuditChoice;
  readonly onChoose: (choice: AuditChoice) => void;
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
  const wrong = attempt > 0 ? checkChoice(draft) : null;
  const actions = [...KNOWN_ACTIONS.keys()];
  if (draft.action !== '' && !actions.includes(draft.action)) actions.push(draft.action);
  return (
    <form
      className="filters panel"
      aria-label="Filter the audit log"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (checkChoice(draft) === null) onChoose(draft);
        else setAttempt(attempt + 1);
      }}
    >
      <ErrorSummary
        errors={wrong === null ? [] : [{ fieldId: 'audit-from', text: wrong }]}
        attempt={attempt}
      />
      <div className="filters-row">
        <div className="field">
          <label className="label" htmlFor="audit-from">
            From
          </label>
          <input
            id="audit-from"
            className="input"
            type="date"
            value={draft.from}
            aria-invalid={wrong !== null}
            onChange={(event) => {
              setDraft({ ...draft, from: event.target.value });
            }}
          />
        </div>
        <div className="field">
          <label className="label" htmlFor="audit-to">
            To
          </label>
          <input
            id="audit-to"
            className="input"
            type="date"
            value={draft.to}
            onChange={(event) => {
              setDraft({ ...draft, to: event.target.value });
            }}
          />
        </div>
        <div className="field">
          <label className="label" htmlFor="audit-action">
            Action
          </label>
          <select
            id="audit-action"
            className="input"
            value={draft.action}
            onChange={(event) => {
              setDraft({ ...draft, action: event.target.value });
            }}
          >
            <option value="">Any action</option>
            {actions.map((action) => (
              <option key={action} value={action}>
                {nameOfAction(action)}
              </option>
            ))}
          </select>
        </div>
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
