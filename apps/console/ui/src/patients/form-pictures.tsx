import { formatCount } from '@cordon/clinic-page';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formPictureQuery } from '../api/queries.ts';
import type { IntakeForm } from '../api/types.ts';
import { ObjectPicture } from '../parts/object-picture.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Loading } from '../parts/states.tsx';

function PagePicture({ formId, page }: { formId: string; page: number }) {
  const { data, error, isPending, refetch } = useQuery(formPictureQuery(formId, page));
  if (isPending) return <Loading what={`page ${page}`} />;
  if (error !== null) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  return <ObjectPicture picture={data} alt={`Page ${page} of the form, blacked out`} />;
}

/** The kept pages of a form. Showing one is an entry in the audit log, so each waits to be asked for. */
export function FormPictures({ form }: { form: IntakeForm }) {
  const [shown, setShown] = useState<number | null>(null);
  const pages = Array.from({ length: form.pictures }, (_, index) => index + 1);
  return (
    <details className="details">
      <summary>Picture of the form ({formatCount(form.pictures, 'page', 'pages')})</summary>
      <div className="form-pictures">
        <p className="hint">
          Black is what was not read with confidence: card numbers, handwriting, stamps. Looking at a page is
          recorded.
        </p>
        <div className="button-row">
          {pages.map((page) => (
            <button
              key={page}
              type="button"
              className="button"
              aria-pressed={shown === page}
              onClick={() => {
                setShown(page);
              }}
            >
              Show page {page}
            </button>
          ))}
        </div>
        {shown !== null && <PagePicture key={shown} formId={form.id} page={shown} />}
      </div>
    </details>
  );
}
