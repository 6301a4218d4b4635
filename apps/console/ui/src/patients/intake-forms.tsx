import { formatCount, formatInstant } from '@cordon/clinic-page';
import { useQuery } from '@tanstack/react-query';
import { intakeFormsQuery } from '../api/queries.ts';
import type { IntakeForm } from '../api/types.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { ScrubbedText } from '../parts/scrubbed-text.tsx';
import { Empty, Loading } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';
import { FormPictures } from './form-pictures.tsx';

const FIELDS: readonly {
  readonly key: keyof NonNullable<IntakeForm['fields']>;
  readonly name: string;
  readonly important?: true;
}[] = [
  { key: 'allergies', name: 'Allergies', important: true },
  { key: 'reasonForVisit', name: 'Reason for visit' },
  { key: 'medication', name: 'Medication' },
  { key: 'medicalHistory', name: 'Medical history' },
];

function Form({ form }: { form: IntakeForm }) {
  const { cardNumbersRemoved: removed, fields, text: formText } = form;
  const headingId = `form-${form.id}`;
  return (
    <article className="panel" aria-labelledby={headingId}>
      <div className="panel-head">
        <h3 id={headingId}>Received {formatInstant(form.receivedAt)}</h3>
        {removed > 0 && <Tag>{formatCount(removed, 'card number removed', 'card numbers removed')}</Tag>}
      </div>
      {fields === null ? (
        <p className="missing">
          The contents cannot be shown: they were erased, are damaged, or are not for your role.
        </p>
      ) : (
        <dl className="pairs">
          {FIELDS.map(({ key, name, important }) => {
            const text = fields[key];
            return (
              <div key={key}>
                <dt>{name}</dt>
                <dd className={important === true && text !== null ? 'important' : undefined}>
                  {text === null ? <span className="missing">Left empty</span> : <ScrubbedText text={text} />}
                </dd>
              </div>
            );
          })}
        </dl>
      )}
      {formText !== null && (
        <details className="details">
          <summary>All text read from the form</summary>
          <p className="read-text">
            <ScrubbedText text={formText} />
          </p>
        </details>
      )}
      {form.pictures > 0 && fields !== null && <FormPictures form={form} />}
    </article>
  );
}

export function IntakeForms({ patientId }: { patientId: string }) {
  const { data, error, isPending, refetch } = useQuery(intakeFormsQuery(patientId));
  return (
    <section className="stack" aria-labelledby="forms-heading">
      <h2 id="forms-heading">Intake forms</h2>
      {isPending ? (
        <Loading what="intake forms" />
      ) : error !== null ? (
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      ) : data.items.length === 0 ? (
        <Empty title="No intake form on this record" />
      ) : (
        data.items.map((form) => <Form key={form.id} form={form} />)
      )}
    </section>
  );
}
