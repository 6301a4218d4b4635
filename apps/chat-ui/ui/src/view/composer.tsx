import { useId, useState, type SubmitEvent, type KeyboardEvent } from 'react';
import { useFocusWhen } from './use-focus-when.ts';

/** As the purposes allow; what is left counts down before it is reached. */
const mostCharacters = 2_000;

interface ComposerProps {
  readonly busy: boolean;
  /** Changes when what the person does next is to write here. */
  readonly turn: number;
  /** `onTaken` once the question stands in the conversation. */
  readonly onSend: (text: string, onTaken: () => void) => Promise<void>;
  readonly onStop: () => void;
}

const sayHint = (left: number): string =>
  left < 200 ? `${left} characters left` : 'Enter sends, Shift and Enter begin a new line.';

export function Composer({ busy, turn, onSend, onStop }: ComposerProps) {
  const [text, setText] = useState('');
  const [sending, setSending] = useState(false);
  const hint = useId();
  const field = useFocusWhen<HTMLTextAreaElement>(turn);
  const left = mostCharacters - text.length;

  const send = (): void => {
    const said = text.trim();
    if (said === '' || busy) return;
    setSending(true);
    // Until it is taken it stands here: nobody writes the same twice because a connection was lost. What was added since then stays.
    void onSend(said, () => {
      setText((since) => (since.startsWith(text) ? since.slice(text.length).trimStart() : since));
      setSending(false);
    }).finally(() => {
      setSending(false);
    });
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (busy) onStop();
    else send();
    // Who used the button goes on writing where they were.
    field.current?.focus();
  };
  const sendByKey = (event: KeyboardEvent): void => {
    // Enter while a word of a Chinese, Japanese or Korean text is being composed ends the word.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form className="composer" onSubmit={submit}>
      <label htmlFor="question">Your question</label>
      <div className="composer-row">
        <textarea
          ref={field}
          id="question"
          rows={2}
          maxLength={mostCharacters}
          value={text}
          aria-describedby={hint}
          autoComplete="off"
          onChange={(event) => {
            setText(event.target.value);
          }}
          onKeyDown={sendByKey}
        />
        <button
          type="submit"
          className={busy ? undefined : 'primary'}
          aria-disabled={!busy && text.trim() === ''}
          onClick={(event) => {
            // The second click of a double one meant to send as well, and must not stop what the first has sent.
            if (busy && event.detail > 1) event.preventDefault();
          }}
        >
          {busy ? 'Stop' : 'Send'}
        </button>
      </div>
      <p id={hint} className="hint">
        {sending ? 'Sending…' : sayHint(left)}
      </p>
    </form>
  );
}
