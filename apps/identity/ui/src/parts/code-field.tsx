export const codeFieldId = 'code';

/** Pasting works, and so does what password managers and phones offer (WCAG 2.2, 3.3.8). */
export function CodeField({
  label,
  invalid,
  recovers = false,
}: {
  label: string;
  invalid: boolean;
  recovers?: boolean;
}) {
  return (
    <div className="field">
      <label htmlFor={codeFieldId}>{label}</label>
      <p className="hint" id={`${codeFieldId}-hint`}>
        6 digits. A code works once; the next one comes after half a minute.
        {recovers && ' No phone at hand? Enter one of your recovery codes.'}
      </p>
      <input
        className="code"
        id={codeFieldId}
        name="code"
        type="text"
        inputMode={recovers ? 'text' : 'numeric'}
        autoComplete="one-time-code"
        maxLength={24}
        required
        aria-describedby={`${codeFieldId}-hint`}
        aria-invalid={invalid}
      />
    </div>
  );
}

export const missingCode = { code: 'missing', text: 'Enter the 6-digit code' } as const;

const codeForm = /^(?:\d{6}|[a-z2-9]{16})$/i;

/** @returns the code without spaces and hyphens, or undefined where it cannot be one. */
export function readCode(text: string): string | undefined {
  const code = text.replace(/[\s-]/g, '');
  return codeForm.test(code) ? code : undefined;
}
