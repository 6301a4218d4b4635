interface TextFieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly maxLength: number;
  /** Several lines where given. */
  readonly rows?: number;
  readonly required?: boolean;
  readonly inputMode?: 'numeric' | 'decimal';
}

/** A label, perhaps a hint, and the field they belong to. Nothing typed is kept by the browser. */
export function TextField({
  id,
  label,
  hint,
  value,
  onChange,
  maxLength,
  rows,
  required,
  inputMode,
}: TextFieldProps) {
  const shared = {
    id,
    className: 'input',
    value,
    maxLength,
    required: required ?? false,
    autoComplete: 'off',
    'aria-describedby': hint === undefined ? undefined : `${id}-hint`,
    onChange: ({ target }: { target: { value: string } }) => {
      onChange(target.value);
    },
  };
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {rows === undefined ? (
        <input type="text" inputMode={inputMode} {...shared} />
      ) : (
        <textarea rows={rows} {...shared} />
      )}
    </div>
  );
}
