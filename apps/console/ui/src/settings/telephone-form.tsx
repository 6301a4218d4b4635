import { toRequestError } from '@cordon/clinic-page';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { meQuery } from '../api/queries.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TextField } from '../parts/text-field.tsx';
import { changeSettings, settingsQuery } from './settings-queries.ts';

const FIELD_ID = 'clinic-telephone';

/** Where the clinic answers its patients: written as it is to be read, for it is shown as it stands. */
export function TelephoneForm({ clinicId, saved }: { clinicId: string; saved: string | null }) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState<string | null>(null);
  const written = draft ?? saved ?? '';
  const wanted = readNumber(written);
  const change = useMutation({
    mutationFn: (telephone: string | null) => changeSettings(clinicId, { telephone }),
    onSuccess: (settings, sent) => {
      queries.setQueryData(settingsQuery(clinicId).queryKey, settings);
      // What was written since then is kept, to be saved too.
      setDraft((since) => (readNumber(since) === sent ? null : since));
      // It stands beside the clinic's name there too.
      return queries.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
  const refused = change.isError && toRequestError(change.error).code === 'rejected';
  useEffect(() => {
    if (refused) document.getElementById(FIELD_ID)?.focus();
  }, [refused]);
  const idle = change.isPending || wanted === saved;
  const save = (): void => {
    change.mutate(wanted);
  };
  return (
    <section className="panel settings" aria-labelledby="telephone-heading">
      <h2 id="telephone-heading">Telephone number</h2>
      <p>
        Patients of this clinic are shown it in the portal and its chat, where they ask for a person and
        beside advice for an emergency. The public site has a number of its own, which belongs to its
        installation.
      </p>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!idle) save();
        }}
      >
        <TextField
          id={FIELD_ID}
          label="Telephone number of the clinic"
          hint={
            'As you print it, with the area code: 0113\u{a0}496\u{a0}0123 or +44\u{a0}113\u{a0}496\u{a0}0123. Leave it empty to show patients none.'
          }
          error={
            refused
              ? 'Enter a telephone number with its area code: digits, spaces, hyphens and brackets, and nothing beside them.'
              : undefined
          }
          inputMode="tel"
          maxLength={31}
          value={written}
          onChange={(text) => {
            if (!change.isPending) change.reset();
            setDraft(text);
          }}
        />
        {change.isError && !refused && <ProblemNotice error={change.error} onRetry={save} />}
        <button type="submit" className="button button-primary" aria-disabled={idle}>
          {change.isPending ? 'Saving…' : 'Save'}
        </button>
        <p role="status" className="hint">
          {change.isSuccess && draft === null && saySaved(saved)}
        </p>
      </form>
    </section>
  );
}

/** Nothing written is no number. */
const readNumber = (written: string | null): string | null => written?.trim() || null;

const saySaved = (telephone: string | null): string =>
  telephone === null
    ? 'Saved. Patients are shown no number.'
    : `Saved. Patients are shown ${telephone} from now on.`;
