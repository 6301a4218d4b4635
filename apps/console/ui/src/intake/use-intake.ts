import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { HEAD_BYTES, checkFile } from './file-check.ts';
import { type ChosenForm, type StoredForm, uploadForm } from './upload-form.ts';

export interface Intake {
  readonly form: ChosenForm | null;
  /** What is wrong with the chosen file, or that none is chosen. */
  readonly fileError: string | null;
  readonly stage: 'choosing' | 'uploading' | 'stored' | 'failed';
  readonly sent: number;
  readonly uploadId: string;
  /** What a person typed beside the picture so far, by field. */
  readonly corrections: ReadonlyMap<string, string>;
  readonly receipt: StoredForm | undefined;
  readonly error: unknown;
  readonly choose: (file: File) => Promise<void>;
  readonly send: (clinicId: string, corrections?: ReadonlyMap<string, string>) => boolean;
  readonly cancel: () => void;
  readonly startAgain: () => void;
}

const STAGES = { idle: 'choosing', pending: 'uploading', success: 'stored', error: 'failed' } as const;

const NOTHING_TYPED: ReadonlyMap<string, string> = new Map();

/** One form from choosing to receipt. The file stays in this page's memory and leaves it with the page. */
export function useIntake(): Intake {
  const queries = useQueryClient();
  const [form, setForm] = useState<ChosenForm | null>(null);
  const [fileError, setFileError] = useState<string | null>(null);
  const [sent, setSent] = useState(0);
  const [uploadId, setUploadId] = useState('');
  const [corrections, setCorrections] = useState(NOTHING_TYPED);
  const running = useRef<AbortController | null>(null);
  const upload = useMutation({
    mutationFn: (sending: {
      clinicId: string;
      form: ChosenForm;
      uploadId: string;
      corrections: ReadonlyMap<string, string>;
    }) => {
      const controller = new AbortController();
      running.current = controller;
      return uploadForm({ ...sending, signal: controller.signal, onSent: setSent });
    },
    onSuccess: () => {
      setForm(null);
      setCorrections(NOTHING_TYPED);
      return queries.invalidateQueries({ queryKey: ['patients'] });
    },
  });
  const { isPending, reset } = upload;

  useEffect(() => {
    if (!isPending) return;
    const hold = (event: BeforeUnloadEvent): void => {
      event.preventDefault();
    };
    window.addEventListener('beforeunload', hold);
    return () => {
      window.removeEventListener('beforeunload', hold);
    };
  }, [isPending]);
  useEffect(
    () => () => {
      running.current?.abort();
    },
    [],
  );

  const choose = async (file: File): Promise<void> => {
    reset();
    setCorrections(NOTHING_TYPED);
    const head = await file
      .slice(0, HEAD_BYTES)
      .arrayBuffer()
      .catch(() => null);
    if (head === null) {
      setForm(null);
      setFileError('The browser could not read this file. Choose it again.');
      return;
    }
    const verdict = checkFile(file.size, new Uint8Array(head));
    setForm(verdict.ok ? { file, type: verdict.type } : null);
    setFileError(verdict.ok ? null : verdict.why);
  };

  return {
    form,
    fileError,
    stage: STAGES[upload.status],
    sent,
    uploadId,
    corrections,
    receipt: upload.data,
    error: upload.error,
    choose,
    send: (clinicId, typed = corrections) => {
      if (form === null) {
        setFileError((before) => before ?? 'Choose the scanned form first.');
        return false;
      }
      const id = crypto.randomUUID();
      setSent(0);
      setUploadId(id);
      setCorrections(typed);
      upload.mutate({ clinicId, form, uploadId: id, corrections: typed });
      return true;
    },
    cancel: () => {
      running.current?.abort();
    },
    startAgain: () => {
      reset();
      setForm(null);
      setFileError(null);
      setCorrections(NOTHING_TYPED);
    },
  };
}
