interface TextFieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  /** Why what stands in it was not accepted. */
  readonly error?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly maxLength: number;
  /** Several lines where given. */
  readonly rows?: number;
  readonly required?: boolean;
  readonly inputMode?: 'numeric' | 'decimal' | 'tel';
}

/** A label, perhaps a hint, and the field they belong to. Nothing typed is kept by the browser. */
export function TextField({
  id,
  label,
  hint,
  error,
  value,
  onChange,
  maxLength,
  rows,
  required,
  inputMode,
}: TextFieldProps) {
  const described = [
    ...(hint === undefined ? [] : [`${id}-hint`]),
    ...(error === undefined ? [] : [`${id}-error`]),
  ];
  const shared = {
    id,
    className: 'input',
    value,
    maxLength,
    required: required ?? false,
    autoComplete: 'off',
    'aria-invalid': error === undefined ? undefined : true,
    'aria-describedby': described.length === 0 ? undefined : described.join(' '),
    onChange: ({ target }: { target: { value: string } }) => {
      onChange(target.value);
    },
  };
  return (
    <div className={error === undefined ? 'field' : 'field field-wrong'}>
      <label className="label" htmlFor={id}>
        {label}
      </label>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p className="field-error" id={`${id}-error`}>
          {error}
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
