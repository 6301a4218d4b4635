import { type HTMLInputTypeAttribute, type ReactNode, useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { searchPatients } from '../api/record-queries.ts';
import type { PatientSummary } from '../api/types.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Empty } from '../parts/states.tsx';
import { EMPTY_SEARCH, type SearchDraft, toSearch } from './search-terms.ts';

const FIELDS: readonly (readonly [keyof SearchDraft, string, HTMLInputTypeAttribute])[] = [
  ['name', 'Name, or how it begins or sounds', 'text'],
  ['dateOfBirth', 'Date of birth', 'date'],
  ['contact', 'Phone, e-mail or NHS number', 'text'],
];

/** Finds patients; while something was sought, what was found stands in the place of the list. */
export function PatientSearch({
  found,
  children,
}: {
  readonly found: (items: readonly PatientSummary[]) => ReactNode;
  readonly children: ReactNode;
}) {
  const [draft, setDraft] = useState(EMPTY_SEARCH);
  const search = useMutation({ mutationFn: searchPatients });
  const sought = toSearch(draft);
  return (
    <>
      <form
        role="search"
        className="filters panel"
        aria-label="Find a patient"
        onSubmit={(event) => {
          event.preventDefault();
          if (sought !== null) search.mutate(sought);
        }}
      >
        <div className="filters-row">
          {FIELDS.map(([field, name, type]) => (
            <div key={field} className="field">
              <label className="label" htmlFor={`find-${field}`}>
                {name}
              </label>
              <input
                id={`find-${field}`}
                className="input"
                type={type}
                maxLength={100}
                autoComplete="off"
                spellCheck={false}
                value={draft[field]}
                onChange={({ target: { value } }) => {
                  setDraft({ ...draft, [field]: value });
                }}
              />
            </div>
          ))}
          <div className="button-row">
            <button type="submit" className="button button-primary" aria-disabled={search.isPending}>
              {search.isPending ? 'Looking…' : 'Find'}
            </button>
            {!search.isIdle && (
              <button
                type="button"
                className="button"
                onClick={() => {
                  setDraft(EMPTY_SEARCH);
                  search.reset();
                }}
              >
                Show all
              </button>
            )}
          </div>
        </div>
      </form>
      {search.isIdle || search.isPending ? (
        children
      ) : search.isError ? (
        <ProblemNotice error={search.error} />
      ) : (
        <section className="stack" aria-label="Found">
          <p role="status">
            {search.data.items.length === 0 ? '' : `${search.data.items.length} found.`}
            {search.data.more && ' More fit than are shown: say more about the patient.'}
          </p>
          {search.data.items.length === 0 ? (
            <Empty title="Nobody was found">
              <p>Try fewer letters of the name, or only the date of birth.</p>
            </Empty>
          ) : (
            found(search.data.items)
          )}
        </section>
      )}
    </>
  );
}
