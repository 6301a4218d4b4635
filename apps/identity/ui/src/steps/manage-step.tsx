import type { Managed } from '../api.ts';
import { InviteForm } from '../parts/invite-form.tsx';
import { NewPasswordForm } from '../parts/new-password-form.tsx';
import { PasskeyButton } from '../parts/passkey-button.tsx';
import { ProblemSummary } from '../parts/problem-summary.tsx';
import { readText, StepForm, type StepProps } from '../parts/step-form.tsx';
import { StepHeading } from '../parts/step-heading.tsx';

const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short' });
const emailId = 'person';

export function ManageStep(props: StepProps & { managed: Managed }) {
  const { busy, problem, onSend, managed } = props;
  const act = (label: string, run: () => void) => (
    <button
      type="button"
      className="outline-button"
      aria-disabled={busy}
      onClick={() => {
        if (!busy) run();
      }}
    >
      {label}
    </button>
  );
  return (
    <>
      <ProblemSummary problem={problem} />
      <StepHeading title="How you sign in">
        <p className="quiet">Change what you like, then go on.</p>
      </StepHeading>
      {act('Done, continue', () => { onSend('continue'); })}

      <h2>Second step</h2>
      <PasskeyButton {...props} ceremony="passkey-enrolment" label="Add a passkey" />
      {act(managed.ways.includes('code') ? 'Replace the authenticator app' : 'Add an authenticator app', () => { onSend('enrolment/begin'); })}
      {managed.ways.length > 0 && act('Make new recovery codes', () => { onSend('recovery-codes'); })}

      <h2>Password</h2>
      <NewPasswordForm
        busy={busy}
        invalid={problem?.code.startsWith('identity-password') === true}
        shortest={managed.shortest}
        submitLabel="Change the password"
        onPassword={(password) => {
          onSend('new-password', { password });
        }}
      />

      <h2>Where you are signed in</h2>
      {managed.sessions.length === 0 ? (
        <p className="quiet">Nowhere else.</p>
      ) : (
        <ul className="ways">
          {managed.sessions.map(({ sid, clientId, since }) => (
            <li key={sid}>
              {clientId}, since {when.format(new Date(since))}
              {act(`Sign out of ${clientId} of ${when.format(new Date(since))}`, () => { onSend('sessions/end', { sid }); })}
            </li>
          ))}
          <li>{act('Sign out everywhere', () => { onSend('sessions/end'); })}</li>
        </ul>
      )}

      {managed.administers.map((place) => (
        <section key={place.tenantId}>
          <h2>Invite somebody to {place.tenantName}</h2>
          <InviteForm place={place} busy={busy} onInvite={(invitation) => { onSend('invitation', invitation); }} />
        </section>
      ))}

      {managed.administers.length > 0 && (
        <>
          <h2>Let somebody start over</h2>
      <StepForm
        busy={busy}
        submitLabel="Approve a reset"
        onSubmit={(fields) => {
          onSend('approval', { email: readText(fields, emailId).trim() });
        }}
      >
        <div className="field">
          <label htmlFor={emailId}>E-mail address of the person</label>
          <input id={emailId} name={emailId} type="email" autoComplete="off" maxLength={254} required />
        </div>
      </StepForm>
        </>
      )}
    </>
  );
} // prettier-ignore
