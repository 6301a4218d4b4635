import type { Audience } from '../service/chat-service.ts';
import { Phone } from './phone.tsx';
import { Problem } from './problem.tsx';
import type { RequestError } from '@cordon/clinic-page';
import { useFocusWhen } from './use-focus-when.ts';

interface ConsentProps {
  readonly audience: Audience;
  readonly phone: string | null;
  readonly busy: boolean;
  readonly error: RequestError | null;
  /** Whether the person has just taken their consent back here: then this is where they are. */
  readonly returned: boolean;
  readonly onAgree: () => void;
}

/** What happens to what somebody writes, before they write it. Its words have a number: `consentWordingVersion`. */
export function Consent({ audience, phone, busy, error, returned, onAgree }: ConsentProps) {
  const heading = useFocusWhen<HTMLHeadingElement>(returned);
  return (
    <section className="consent" aria-labelledby="consent-heading">
      <h2 id="consent-heading" ref={heading} tabIndex={-1}>
        Before you write
      </h2>
      <ul>
        <li>A computer program answers, not a person. It can be wrong, and it gives no diagnosis.</li>
        {audience === 'visitors' ? (
          <>
            <li>
              Please write nothing about your health and no names or numbers. What looks like personal details
              is taken out before it is sent.
            </li>
            <li>
              The conversation, without such details, is kept for up to two years to improve answers. You can
              see and erase what is kept until 15 minutes after your last question. Then this page forgets it,
              and nobody can tell any more that it was yours.
            </li>
          </>
        ) : (
          <>
            <li>
              Names, dates, contacts and numbers are replaced by stand-ins before a language model sees your
              words.
            </li>
            <li>
              The conversation is kept with your record for up to two years, where you and your clinicians can
              read it. You can erase it at any time.
            </li>
          </>
        )}
        <li>
          <strong>In an emergency, call 999.</strong> For urgent advice at any hour, call 111.
        </li>
      </ul>
      {error !== null && <Problem error={error} onRetry={onAgree} />}
      <button type="button" className="primary" aria-disabled={busy} onClick={onAgree}>
        {busy ? 'One moment…' : 'I understand, start the chat'}
      </button>
      <Phone number={phone} />
    </section>
  );
}
