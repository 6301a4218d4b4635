import { formatInstant } from '@cordon/clinic-page';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addRecord, clinicalRecordsQuery, wholeQuery } from '../api/record-queries.ts';
import type { ClinicalRecord } from '../api/types.ts';
import { GeneratedSummary } from './generated-summary.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { ScrubbedText } from '../parts/scrubbed-text.tsx';
import { Loading } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';

const FIELDS = [
  ['problemList', 'Problems', 4000],
  ['relevantHistory', 'Relevant history', 8000],
  ['treatmentSummary', 'Treatment', 8000],
] as const;
type Draft = Record<(typeof FIELDS)[number][0], string>;
const EMPTY: Draft = { problemList: '', relevantHistory: '', treatmentSummary: '' };

function Whole({ id, when }: { id: string; when: string }) {
  const { data, error, isPending } = useQuery(wholeQuery<ClinicalRecord>('clinical-records', id));
  if (error !== null) return <ProblemNotice error={error} />;
  if (isPending) return <Loading what="the entry" />;
  return (
    <>
      <dl className="pairs">
        {FIELDS.map(([field, name]) => {
          const text = data[field] ?? null;
          return text === null ? null : (
            <div key={field}>
              <dt>{name}</dt>
              <dd className="read-text">
                <ScrubbedText text={text} />
              </dd>
            </div>
          );
        })}
      </dl>
      <GeneratedSummary recordId={id} when={when} />
    </>
  );
}

/** The list says the problems; the rest is opened, and written down as opened, when a person asks for it. */
function Entry({ entry, amended }: { entry: ClinicalRecord; amended: boolean }) {
  const [opened, setOpened] = useState(false);
  const when = formatInstant(entry.createdAt);
  return (
    <li>
      <p>
        <span className="when">{when}</span> {amended && <Tag>Amended since</Tag>}
        {entry.amendsId !== null && <Tag tone="warning">Amendment</Tag>}
      </p>
      {opened ? (
        <Whole id={entry.id} when={when} />
      ) : (
        <>
          {entry.problemList !== null && entry.problemList !== undefined && (
            <p className="read-text">
              <ScrubbedText text={entry.problemList} />
            </p>
          )}
          <button
            type="button"
            className="button"
            onClick={() => {
              setOpened(true);
            }}
          >
            Open<span className="visually-hidden"> the entry of {when}</span>
          </button>
        </>
      )}
    </li>
  );
}

function NewEntry({ patientId, clinicId }: { patientId: string; clinicId: string }) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState(EMPTY);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const filled = Object.entries(draft).filter(([, text]) => text.trim() !== '');
  const add = useMutation({
    mutationFn: () =>
      addRecord('clinical-records', { clinicId, patientId, ...Object.fromEntries(filled) }, key),
    onSuccess: async () => {
      setDraft(EMPTY);
      await queries.invalidateQueries({ queryKey: clinicalRecordsQuery(patientId).queryKey });
    },
    onSettled: () => {
      setKey(crypto.randomUUID());
    },
  });
  return (
    <details className="details">
      <summary>Write an entry</summary>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!add.isPending && filled.length > 0) add.mutate();
        }}
      >
        {FIELDS.map(([field, name, most]) => (
          <div key={field} className="field">
            <label className="label" htmlFor={`entry-${field}`}>
              {name}
            </label>
            <textarea
              id={`entry-${field}`}
              className="input"
              rows={3}
              maxLength={most}
              autoComplete="off"
              value={draft[field]}
              onChange={({ target: { value } }) => {
                setDraft({ ...draft, [field]: value });
              }}
            />
          </div>
        ))}
        <p className="hint">An entry cannot be changed once it is written, only amended.</p>
        {add.isError && <ProblemNotice error={add.error} />}
        <button
          type="submit"
          className="button button-primary"
          aria-disabled={add.isPending || filled.length === 0}
        >
          {add.isPending ? 'Writing…' : 'Write it'}
        </button>
        <p role="status" className="hint">
          {add.isSuccess ? 'Written.' : ''}
        </p>
      </form>
    </details>
  );
}

export function ClinicalRecords({ patientId, clinicId }: { patientId: string; clinicId: string }) {
  const { data, error, isPending, refetch } = useQuery(clinicalRecordsQuery(patientId));
  const amended = new Set((data?.items ?? []).map(({ amendsId }) => amendsId));
  return (
    <section className="panel" aria-labelledby="clinical-heading">
      <h2 id="clinical-heading">Clinical record</h2>
      {error !== null ? (
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        <Loading what="the clinical record" />
      ) : data.items.length === 0 ? (
        <p className="missing">No entry yet</p>
      ) : (
        <ul className="lines">
          {data.items.map((entry) => (
            <Entry key={entry.id} entry={entry} amended={amended.has(entry.id)} />
          ))}
        </ul>
      )}
      <NewEntry patientId={patientId} clinicId={clinicId} />
    </section>
  );
}
