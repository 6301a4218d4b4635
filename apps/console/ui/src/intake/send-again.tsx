import { useEffect, useState } from 'react';

/** Sends the same file again, once the time that the engine asked for is over. */
export function SendAgain({ waitSeconds, onSend }: { waitSeconds: number; onSend: () => void }) {
  const [left, setLeft] = useState(waitSeconds);
  useEffect(() => {
    const timer = setInterval(() => {
      setLeft((before) => Math.max(0, before - 1));
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  const waiting = left > 0;
  return (
    <p className="button-row">
      <button
        type="button"
        className="button"
        // Not `disabled`: a button that loses the focus to nothing is lost to the keyboard.
        aria-disabled={waiting}
        onClick={() => {
          if (!waiting) onSend();
        }}
      >
        {waiting ? `Send again in ${left} s` : 'Send again'}
      </button>
    </p>
  );
}
