export const codeFieldId = 'code';

/** Pasting works, and so does what password managers and phones offer (WCAG 2.2, 3.3.8). */
export function CodeField({ label, invalid }: { label: string; invalid: boolean }) {
  return (
    <div className="field">
      <label htmlFor={codeFieldId}>{label}</label>
      <p className="hint" id={`${codeFieldId}-hint`}>
        6 digits. A code works once; the next one comes after half a minute.
      </p>
      <input
        className="code"
        id={codeFieldId}
        name="code"
        type="text"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={12}
        required
        aria-describedby={`${codeFieldId}-hint`}
        aria-invalid={invalid}
      />
    </div>
  );
}

export const missingCode = { code: 'missing', text: 'Enter the 6-digit code' } as const;

/** @returns the digits, or undefined where they cannot be a code. */
export function readCode(text: string): string | undefined {
  const digits = text.replace(/\s/g, '');
  return /^\d{6}$/.test(digits) ? digits : undefined;
}
