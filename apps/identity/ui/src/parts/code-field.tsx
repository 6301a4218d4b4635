export const codeFieldId = 'code';

/** What may be entered: a code of the authenticator app, one of the list that was kept, or either. */
export type CodeKind = 'app' | 'recovery' | 'either';

const appHint = '6 digits. A code works once; the next one comes after half a minute.';
const hints: Record<CodeKind, string> = {
  app: appHint,
  recovery: '16 letters and digits, of the list that you kept. Each works once.',
  either: `${appHint} No phone at hand? Enter one of your recovery codes.`,
};

/** Pasting works, and so does what password managers and phones offer (WCAG 2.2, 3.3.8). */
export function CodeField({ label, invalid, takes }: { label: string; invalid: boolean; takes: CodeKind }) {
  return (
    <div className="field">
      <label htmlFor={codeFieldId}>{label}</label>
      <p className="hint" id={`${codeFieldId}-hint`}>
        {hints[takes]}
      </p>
      <input
        className={takes === 'recovery' ? 'code long' : 'code'}
        id={codeFieldId}
        name="code"
        type="text"
        inputMode={takes === 'app' ? 'numeric' : 'text'}
        autoComplete={takes === 'recovery' ? 'off' : 'one-time-code'}
        maxLength={24}
        required
        aria-describedby={`${codeFieldId}-hint`}
        aria-invalid={invalid}
      />
    </div>
  );
}

export const missingCode = (takes: CodeKind) => ({
  code: 'missing',
  text: takes === 'recovery' ? 'Enter one of your recovery codes' : 'Enter the 6-digit code',
});

const codeForm = /^(?:\d{6}|[a-z2-9]{16})$/i;

/** @returns the code without spaces and hyphens, or undefined where it cannot be one. */
export function readCode(text: string): string | undefined {
  const code = text.replace(/[\s-]/g, '');
  return codeForm.test(code) ? code : undefined;
}
