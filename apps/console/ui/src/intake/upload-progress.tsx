import { getJson } from '@cordon/clinic-page';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { STAGE_WORDS, stageOf, titleOf, type ReadingProgress } from './progress-words.ts';

interface UploadProgressProps {
  /** Share of the file that has left, 0 to 1. */
  readonly sent: number;
  readonly uploadId: string;
  readonly onCancel: () => void;
}

/** Mounted while a form is on its way. */
export function UploadProgress({ sent, uploadId, onCancel }: UploadProgressProps) {
  const [seconds, setSeconds] = useState(0);
  const reading = sent >= 1;
  // Without an answer (before the reading began, or from another replica) the words go by the time alone.
  const { data } = useQuery({
    queryKey: ['intake-progress', uploadId],
    queryFn: ({ signal }) => getJson<ReadingProgress>(`/api/v1/intake-progress/${uploadId}`, { signal }),
    enabled: reading,
    refetchInterval: 1500,
    retry: false,
    gcTime: 0,
  });
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
  const title = reading ? titleOf(data, words.title) : words.title;
  return (
    <div className="progress">
      <div role="status">
        <p className="progress-title">{title}</p>
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
