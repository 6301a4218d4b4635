import { formatInstant } from '@cordon/clinic-page';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { historyQuery } from '../api/record-queries.ts';
import { type FieldPair, FieldPairs } from '../parts/field-pairs.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Loading } from '../parts/states.tsx';

interface Kept {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt?: string;
  readonly version?: number;
}

interface RecordHistoryProps<Shown extends Kept> {
  readonly segment: 'clinical-records' | 'treatment-plans' | 'patients';
  readonly id: string;
  /** What the button is about, for those who do not see where it stands. */
  readonly of: string;
  readonly say: (version: Shown) => readonly FieldPair[];
}

function Versions<Shown extends Kept>({ segment, id, say }: RecordHistoryProps<Shown>) {
  const { data, error, isPending } = useQuery(historyQuery<Shown>(segment, id));
  if (error !== null) return <ProblemNotice error={error} />;
  if (isPending) return <Loading what="the history" />;
  if (data.items.length === 1) return <p className="missing">It has not been changed</p>;
  return (
    <ol className="lines">
      {data.items.map((version, index) => (
        <li key={`${version.id} ${version.version ?? ''}`}>
          <p>
            <span className="when">{formatInstant(version.updatedAt ?? version.createdAt)}</span>
            {index === 0 ? ' as it is' : ' as it was'}
          </p>
          <FieldPairs pairs={say(version)} />
        </li>
      ))}
    </ol>
  );
}

/** What a record said before; looked up, and written down as opened, when a person asks for it. */
export function RecordHistory<Shown extends Kept>(props: RecordHistoryProps<Shown>) {
  const [opened, setOpened] = useState(false);
  return opened ? (
    <Versions {...props} />
  ) : (
    <button
      type="button"
      className="button"
      onClick={() => {
        setOpened(true);
      }}
    >
      Show earlier versions<span className="visually-hidden"> of {props.of}</span>
    </button>
  );
}
