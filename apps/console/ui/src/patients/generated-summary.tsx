import { formatInstant, postJson, showPlainly } from '@cordon/clinic-page';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { ScrubbedText } from '../parts/scrubbed-text.tsx';
import { Tag } from '../parts/tag.tsx';
import { saySources, sayStanding, type Summary } from './summary-words.ts';

/**
 * What a program made of an entry. It is kept nowhere, so neither is that somebody confirmed it: the entry above is the record. One that is
 * amended leaves the page, and its summary with it.
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
  const block = useRef<HTMLElement>(null);
  const { data } = ask;
  const standing = sayStanding(confirmedAt === null ? null : formatInstant(confirmedAt));
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
      <p className="visually-hidden" role="status">
        {data ? `The summary of the entry of ${when} is below. ${standing.words}.` : ''}
      </p>
      {data && (
        <section
          ref={block}
          className="generated"
          aria-label={`Generated summary of the entry of ${when}`}
          tabIndex={-1}
        >
          <p className="on-screen">
            <Tag tone={standing.tone}>{standing.words}</Tag>
          </p>
          {/* Who holds the paper cannot see who checked it. */}
          <p className="on-paper">
            <Tag tone="warning">{sayStanding(null).words}</Tag>
          </p>
          <p className="read-text" dir="auto">
            <ScrubbedText text={showPlainly(data.text)} />
          </p>
          <p className="hint">
            Made {data.offline ? 'by fixed rules, without a language model,' : 'by a language model'} from{' '}
            {saySources(data)} of the entry above. It is not kept, and neither is that you checked it.
          </p>
          {confirmedAt === null && (
            <button
              type="button"
              className="button on-screen"
              onClick={() => {
                setConfirmedAt(new Date().toISOString());
                block.current?.focus();
              }}
            >
              I have checked it against the entry
            </button>
          )}
        </section>
      )}
    </div>
  );
}
