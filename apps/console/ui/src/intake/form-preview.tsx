import { formatSize } from '@cordon/clinic-page';
import { ObjectPicture } from '../parts/object-picture.tsx';
import { nameOfType } from './file-check.ts';
import { PdfPages } from './pdf-pages.tsx';
import type { ChosenForm } from './upload-form.ts';

export function FormPreview({ form }: { form: ChosenForm }) {
  return (
    <figure className="preview">
      {form.type === 'pdf' ? (
        <PdfPages key={`${form.file.name}-${form.file.lastModified}`} file={form.file} />
      ) : (
        <ObjectPicture
          key={`${form.file.name}-${form.file.lastModified}`}
          picture={form.file}
          alt="The form you chose"
        />
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
