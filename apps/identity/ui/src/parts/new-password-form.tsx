import { readText, StepForm } from './step-form.tsx';

export const newPasswordId = 'new-password';

/** Length is the one rule that is shown; the server knows which passwords others would try first. */
export function NewPasswordForm(props: {
  busy: boolean;
  invalid: boolean;
  shortest: number | undefined;
  submitLabel: string;
  onPassword: (password: string) => void;
}) {
  const { shortest } = props;
  return (
    <StepForm
      busy={props.busy}
      submitLabel={props.submitLabel}
      onSubmit={(fields) => {
        props.onPassword(readText(fields, newPasswordId));
      }}
    >
      <div className="field">
        <label htmlFor={newPasswordId}>New password</label>
        <p className="hint" id={`${newPasswordId}-hint`}>
          {shortest === undefined ? 'A few words in a row are' : `At least ${shortest} characters. A few words in a row are`}{' '}
          strong and easy to remember.
        </p>
        <input
          id={newPasswordId}
          name={newPasswordId}
          type="password"
          autoComplete="new-password"
          maxLength={512}
          required
          aria-describedby={`${newPasswordId}-hint`}
          aria-invalid={props.invalid}
        />
      </div>
    </StepForm>
  );
} // prettier-ignore
