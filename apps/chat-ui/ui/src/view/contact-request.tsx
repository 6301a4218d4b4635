import { toRequestError, type RequestError } from '@cordon/clinic-page';
import { useState, type SubmitEvent } from 'react';
import { leaveContactRequest } from '../service/visitor-service.ts';
import { Phone } from './phone.tsx';
import { Problem } from './problem.tsx';
import { useFocusWhen } from './use-focus-when.ts';

const subjects: readonly string[] = [
  'An appointment',
  'Costs and plans',
  'A kind of treatment',
  'Something else',
];

/** What the server says of a field, in words; anything else it says is shown as its own sentence. */
const reasons: Readonly<Record<string, string>> = {
  fullName: 'Enter your name, without numbers or signs.',
  contact: 'Enter a telephone number such as 0113 496 0123, or an e-mail address such as name@example.com.',
};

interface ContactRequestProps {
  readonly phone: string | null;
  readonly open: boolean;
  readonly sent: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onSent: () => void;
}

/** A visitor's way to a person: who they are is written here on purpose, apart from the chat, and read by the clinic alone. */
export function ContactRequest({ phone, open, sent, onOpen, onSent }: ContactRequestProps) {
  return (
    <>
      {open && <ContactForm onSent={onSent} />}
      <div className="hand-over">
        <div role="status">
          {sent && (
            <p className="handed-over">
              Thank you. Somebody at the clinic will contact you in its opening hours. They were told what you
              wrote in the form, and not this conversation.
            </p>
          )}
        </div>
        {!sent && (
          <button
            type="button"
            aria-expanded={open}
            onClick={() => {
              onOpen(!open);
            }}
          >
            {open ? 'Back to the chat' : 'Ask for a person'}
          </button>
        )}
        <Phone number={phone} />
      </div>
    </>
  );
}

function ContactForm({ onSent }: { onSent: () => void }) {
  const [filled, setFilled] = useState({
    fullName: '',
    contact: '',
    about: 'An appointment',
    agreed: false,
  });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<RequestError | null>(null);
  const [key] = useState(() => crypto.randomUUID());
  const first = useFocusWhen<HTMLInputElement>(true);
  const refused = new Set(error?.fields.map(({ field }) => field.replace(/^\//, '')));
  const send = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await leaveContactRequest(filled, key);
      onSent();
    } catch (failure) {
      setError(toRequestError(failure));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!busy) void send();
  };
  const textField = (
    name: 'fullName' | 'contact',
    label: string,
    autoComplete: string,
    reference?: typeof first,
  ) => (
    <p>
      <label htmlFor={name}>{label}</label>
      {refused.has(name) && (
        <span className="field-problem" id={`${name}-problem`}>
          {reasons[name]}
        </span>
      )}
      <input
        ref={reference}
        id={name}
        required
        maxLength={254}
        autoComplete={autoComplete}
        value={filled[name]}
        aria-invalid={refused.has(name)}
        aria-describedby={refused.has(name) ? `${name}-problem` : undefined}
        onChange={({ target: { value } }) => {
          setFilled({ ...filled, [name]: value });
        }}
      />
    </p>
  );
  return (
    <form className="contact" aria-labelledby="contact-heading" onSubmit={submit}>
      <h2 id="contact-heading">Ask the clinic to contact you</h2>
      <p className="hint">Please write nothing about your health. In an emergency, call 999.</p>
      {error !== null && refused.size === 0 && <Problem error={error} onRetry={() => void send()} />}
      {refused.size > 0 && (
        <p className="problem" role="alert">
          Please correct what is marked below.
        </p>
      )}
      {textField('fullName', 'Your name', 'name', first)}
      {textField('contact', 'Telephone number or e-mail address', 'on')}
      <p>
        <label htmlFor="about">What it is about</label>
        <select
          id="about"
          value={filled.about}
          onChange={({ target: { value } }) => {
            setFilled({ ...filled, about: value });
          }}
        >
          {subjects.map((subject) => (
            <option key={subject}>{subject}</option>
          ))}
        </select>
      </p>
      <p className="choice">
        <input
          id="agreed"
          type="checkbox"
          required
          checked={filled.agreed}
          onChange={({ target: { checked } }) => {
            setFilled({ ...filled, agreed: checked });
          }}
        />
        <label htmlFor="agreed">
          The clinic may contact me about this. It keeps what I write here for up to 18 months, and I can take
          this back at any time.
        </label>
      </p>
      <button type="submit" className="primary" aria-disabled={busy}>
        {busy ? 'Sending…' : 'Send to the clinic'}
      </button>
    </form>
  );
}
