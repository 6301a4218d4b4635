import { type DragEvent, useEffect, useState } from 'react';

interface FileFieldProps {
  readonly id: string;
  readonly error: string | null;
  readonly hasFile: boolean;
  readonly onFile: (file: File) => void;
}

/** A file dropped beside the field would make the browser leave the page for it. */
function useDropGuard(): void {
  useEffect(() => {
    const refuse = (event: globalThis.DragEvent): void => {
      event.preventDefault();
    };
    window.addEventListener('dragover', refuse);
    window.addEventListener('drop', refuse);
    return () => {
      window.removeEventListener('dragover', refuse);
      window.removeEventListener('drop', refuse);
    };
  }, []);
}

/** An ordinary file input; the area around it also takes a dropped file. */
export function FileField({ id, error, hasFile, onFile }: FileFieldProps) {
  const [over, setOver] = useState(false);
  useDropGuard();
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file !== undefined) onFile(file);
  };
  const describedBy = error === null ? `${id}-hint` : `${id}-hint ${id}-error`;
  return (
    <div className={error === null ? 'field' : 'field field-wrong'}>
      <label className="label" htmlFor={id}>
        Scanned form
      </label>
      <p className="hint" id={`${id}-hint`}>
        PNG, JPEG or PDF, up to 20 MB and 10 pages. 300 dpi reads best.
      </p>
      {error !== null && (
        <p className="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      <div
        className={over ? 'drop drop-over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => {
          setOver(false);
        }}
        onDrop={drop}
      >
        <input
          id={id}
          className="drop-input"
          type="file"
          accept="image/png,image/jpeg,application/pdf"
          aria-describedby={describedBy}
          aria-invalid={error !== null}
          onChange={(event) => {
            const file = event.target.files?.[0];
            // The same file can be chosen again after a correction.
            event.target.value = '';
            if (file !== undefined) onFile(file);
          }}
        />
        <p className="drop-face" aria-hidden="true">
          <span className="button">{hasFile ? 'Choose another file' : 'Choose a file'}</span>
          <span className="drop-or">or drop it here</span>
        </p>
      </div>
    </div>
  );
}
