import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TextField } from '../parts/text-field.tsx';

export const ENTRY_FIELDS = [
  ['problemList', 'Problems', 4000],
  ['relevantHistory', 'Relevant history', 8000],
  ['treatmentSummary', 'Treatment', 8000],
] as const;
export type EntryDraft = Record<(typeof ENTRY_FIELDS)[number][0], string>;
export const EMPTY_ENTRY: EntryDraft = { problemList: '', relevantHistory: '', treatmentSummary: '' };

interface EntryFormProps {
  /** Tells the fields of several forms on one page apart. */
  readonly name: string;
  readonly initial: EntryDraft;
  readonly hint: string;
  readonly submit: string;
  readonly send: (filled: Partial<EntryDraft>, idempotencyKey: string) => Promise<unknown>;
  readonly onSent?: () => void;
}

/** An entry of the clinical record, new or as it should have been. */
export function EntryForm({ name, initial, hint, submit, send, onSent }: EntryFormProps) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState(initial);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const filled = Object.fromEntries(Object.entries(draft).filter(([, text]) => text.trim() !== ''));
  const empty = Object.keys(filled).length === 0;
  const write = useMutation({
    mutationFn: () => send(filled, key),
    onSuccess: async () => {
      setDraft(initial);
      // The lists alone: an entry that was opened stays as it is, and opening it again would be written down again.
      await queries.invalidateQueries({
        predicate: ({ queryKey: [kind, part] }) =>
          kind === 'clinical-records' && part !== 'whole' && part !== 'history',
      });
      onSent?.();
    },
    onSettled: () => {
      setKey(crypto.randomUUID());
    },
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!write.isPending && !empty) write.mutate();
      }}
    >
      {ENTRY_FIELDS.map(([field, label, most]) => (
        <TextField
          key={field}
          id={`${name}-${field}`}
          label={label}
          rows={3}
          maxLength={most}
          value={draft[field]}
          onChange={(text) => {
            setDraft({ ...draft, [field]: text });
          }}
        />
      ))}
      <p className="hint">{hint}</p>
      {write.isError && <ProblemNotice error={write.error} />}
      <button type="submit" className="button button-primary" aria-disabled={write.isPending || empty}>
        {write.isPending ? 'Writing…' : submit}
      </button>
      <p role="status" className="hint">
        {write.isSuccess ? 'Written.' : ''}
      </p>
    </form>
  );
}
