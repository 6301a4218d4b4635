import { formatSize } from '@cordon/clinic-page';
import { useEffect, useState } from 'react';
import { nameOfType } from './file-check.ts';
import type { ChosenForm } from './upload-form.ts';

/** Shows the picture from the browser's own memory: nothing is sent for it. */
function Picture({ file }: { file: File }) {
  const [url, setUrl] = useState<string | null>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(file);
    // The address is a resource of the browser, made and given back with the element that shows it.
    // eslint-disable-next-line react-hooks/set-state-in-effect -- an object URL must be revoked, so it cannot be made while rendering
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
    };
  }, [file]);
  if (broken) return <p className="preview-none">The browser cannot show this picture.</p>;
  if (url === null) return null;
  return (
    <img
      className="preview-picture"
      src={url}
      alt="The form you chose"
      onError={() => {
        setBroken(true);
      }}
    />
  );
}

export function FormPreview({ form }: { form: ChosenForm }) {
  return (
    <figure className="preview">
      {form.type === 'pdf' ? (
        <p className="preview-none">PDF files are not shown here. Open it in your own viewer to compare.</p>
      ) : (
        <Picture key={`${form.file.name}-${form.file.lastModified}`} file={form.file} />
      )}
      <figcaption>
        <span className="preview-name">{form.file.name}</span>
        <span className="hint">
          {nameOfType(form.type)}, {formatSize(form.file.size)}
        </span>
      </figcaption>
    </figure>
  );
}
