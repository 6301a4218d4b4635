import { useId, useState, type SubmitEvent, type KeyboardEvent } from 'react';

/** As the purposes allow; what is left counts down before it is reached. */
const mostCharacters = 2_000;

interface ComposerProps {
  readonly busy: boolean;
  readonly onSend: (text: string) => void;
  readonly onStop: () => void;
}

export function Composer({ busy, onSend, onStop }: ComposerProps) {
  const [text, setText] = useState('');
  const hint = useId();
  const left = mostCharacters - text.length;

  const send = (): void => {
    const said = text.trim();
    if (said === '' || busy) return;
    setText('');
    onSend(said);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    send();
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
      <textarea
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
      <div className="composer-row">
        <p id={hint} className="hint">
          {left < 200 ? `${left} characters left` : 'Enter sends, Shift and Enter begin a new line.'}
        </p>
        {busy ? (
          <button type="button" onClick={onStop}>
            Stop
          </button>
        ) : (
          <button type="submit" className="primary" disabled={text.trim() === ''}>
            Send
          </button>
        )}
      </div>
    </form>
  );
}
