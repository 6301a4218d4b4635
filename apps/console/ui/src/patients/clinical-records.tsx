import { formatInstant } from '@cordon/clinic-page';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { addRecord, amendEntry, clinicalRecordsQuery, wholeQuery } from '../api/record-queries.ts';
import type { ClinicalRecord } from '../api/types.ts';
import { EMPTY_ENTRY, ENTRY_FIELDS, EntryForm } from './entry-form.tsx';
import { RecordHistory } from './record-history.tsx';
import { GeneratedSummary } from './generated-summary.tsx';
import { type FieldPair, FieldPairs } from '../parts/field-pairs.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { ScrubbedText } from '../parts/scrubbed-text.tsx';
import { Loading } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';

const sayEntry = (entry: ClinicalRecord): readonly FieldPair[] =>
  ENTRY_FIELDS.map(([field, name]) => [name, entry[field] ?? null]);

function Whole({ id, when, amendable }: { id: string; when: string; amendable: boolean }) {
  const [amending, setAmending] = useState(false);
  const { data, error, isPending } = useQuery(wholeQuery<ClinicalRecord>('clinical-records', id));
  if (error !== null) return <ProblemNotice error={error} />;
  if (isPending) return <Loading what="the entry" />;
  return (
    <div className="stack">
      <FieldPairs pairs={sayEntry(data)} />
      <GeneratedSummary recordId={id} when={when} />
      <RecordHistory<ClinicalRecord>
        segment="clinical-records"
        id={id}
        of={`the entry of ${when}`}
        say={sayEntry}
      />
      {amendable && !amending && (
        <button
          type="button"
          className="button"
          onClick={() => {
            setAmending(true);
          }}
        >
          Amend<span className="visually-hidden"> the entry of {when}</span>
        </button>
      )}
      {amending && (
        <EntryForm
          name={`amend-${id}`}
          initial={{
            problemList: data.problemList ?? '',
            relevantHistory: data.relevantHistory ?? '',
            treatmentSummary: data.treatmentSummary ?? '',
          }}
          hint="Write the entry as it should have been. The one before stays, and can be looked up."
          submit="Amend it"
          send={(filled, key) => amendEntry(id, filled, key)}
          onSent={() => {
            setAmending(false);
          }}
        />
      )}
    </div>
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
        <Whole id={entry.id} when={when} amendable={!amended} />
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
  return (
    <details className="details">
      <summary>Write an entry</summary>
      <EntryForm
        name="entry"
        initial={EMPTY_ENTRY}
        hint="An entry cannot be changed once it is written, only amended."
        submit="Write it"
        send={(filled, key) => addRecord('clinical-records', { clinicId, patientId, ...filled }, key)}
      />
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
