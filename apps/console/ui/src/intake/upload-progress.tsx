import { useEffect, useState } from 'react';
import { STAGE_WORDS, stageOf } from './progress-words.ts';

/** Mounted while a form is on its way; `sent` is the share that has left. */
export function UploadProgress({ sent, onCancel }: { sent: number; onCancel: () => void }) {
  const [seconds, setSeconds] = useState(0);
  const reading = sent >= 1;
  useEffect(() => {
    if (!reading) return;
    const timer = setInterval(() => {
      setSeconds((before) => before + 1);
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, [reading]);
  const words = STAGE_WORDS[stageOf(sent, seconds)];
  return (
    <div className="progress">
      <div role="status">
        <p className="progress-title">{words.title}</p>
        <p>{words.body}</p>
      </div>
      <progress aria-label={words.title} {...(reading ? {} : { value: sent, max: 1 })} />
      <p className="progress-line">
        <span aria-hidden="true">{reading ? `${seconds} s` : `${Math.round(sent * 100)} %`}</span>
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </div>
  );
}
