import { formatInstant, postJson, showPlainly } from '@cordon/clinic-page';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { ScrubbedText } from '../parts/scrubbed-text.tsx';
import { Tag } from '../parts/tag.tsx';

interface Summary {
  readonly text: string;
  readonly offline: boolean;
  readonly sources: readonly { readonly fields: readonly string[] }[];
}

const SOURCES: Readonly<Record<string, string>> = {
  'clinicalRecord.problemList': 'problems',
  'clinicalRecord.relevantHistory': 'relevant history',
  'clinicalRecord.treatmentSummary': 'treatment',
};

function saySources({ sources }: Summary): string {
  const named = [...new Set(sources.flatMap(({ fields }) => fields))].map((field) => SOURCES[field] ?? field);
  return new Intl.ListFormat('en-GB').format(named);
}

/**
 * What a program made of an entry. It is kept nowhere, so neither is that somebody confirmed it: the entry above is the record.
 */
export function GeneratedSummary({ recordId, when }: { recordId: string; when: string }) {
  const [confirmedAt, setConfirmedAt] = useState<string | null>(null);
  const ask = useMutation({
    mutationFn: () =>
      postJson<Summary>('/api/v1/ai/purposes/purpose.summary.clinicalRecord.internal', { recordId }),
    onMutate: () => {
      setConfirmedAt(null);
    },
  });
  const { data } = ask;
  return (
    <div className="stack">
      <button
        type="button"
        className="button"
        aria-disabled={ask.isPending}
        onClick={() => {
          if (!ask.isPending) ask.mutate();
        }}
      >
        {ask.isPending ? 'Summarising…' : 'Summarise'}
        <span className="visually-hidden"> the entry of {when}</span>
      </button>
      {ask.isError && <ProblemNotice error={ask.error} />}
      <div role="status">
        {data && (
          <div className="generated">
            <p>
              {confirmedAt === null ? (
                <Tag tone="warning">Generated, not confirmed</Tag>
              ) : (
                <Tag tone="good">Generated, confirmed by you at {formatInstant(confirmedAt)}</Tag>
              )}
            </p>
            <p className="read-text">
              <ScrubbedText text={showPlainly(data.text)} />
            </p>
            <p className="hint">
              Made {data.offline ? 'by fixed rules, without a language model,' : 'by a language model'} from{' '}
              {saySources(data)} of the entry above. It is not kept.
            </p>
            {confirmedAt === null && (
              <button
                type="button"
                className="button"
                onClick={() => {
                  setConfirmedAt(new Date().toISOString());
                }}
              >
                I have checked it against the entry
              </button>
            )}
          </div>
        )}
      </div>
    </div>
  );
}
