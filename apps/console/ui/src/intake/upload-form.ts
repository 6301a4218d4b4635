import { errorFromAnswer, OWN_REQUEST, requestError } from '@cordon/clinic-page';
import type { IntakeReceipt } from '../api/types.ts';
import { type FormFileType, neutralName } from './file-check.ts';
import { FormRefusal, readReadings } from './form-refusal.ts';

export interface ChosenForm {
  readonly file: File;
  readonly type: FormFileType;
}

/** What the engine says of a form it stored. */
export interface StoredForm extends IntakeReceipt {
  /** Whether a blacked-out picture is kept; `refused` when a number was still to be seen on it. */
  readonly picture: 'none' | 'kept' | 'refused';
  /** The alert that the answers raised. */
  readonly alertId: string | null;
}

interface UploadOptions {
  readonly clinicId: string;
  readonly form: ChosenForm;
  /** Under which the engine can be asked how far it is. */
  readonly uploadId: string;
  readonly corrections: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
  /** Share of the file that has left, 0 to 1; at 1 the engine reads. */
  readonly onSent: (share: number) => void;
}

/** Longer than the engine gives itself to read a form. */
const TIMEOUT_MS = 300_000;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Sends a form. XMLHttpRequest, because fetch does not tell how much of the body has left; the clinic goes first, so that the engine
 * can refuse before it takes the file. Rejects with RequestError.
 */
export function uploadForm({
  clinicId,
  form,
  uploadId,
  corrections,
  signal,
  onSent,
}: UploadOptions): Promise<StoredForm> {
  const body = new FormData();
  body.append('clinicId', clinicId);
  body.append('uploadId', uploadId);
  if (corrections.size > 0) body.append('corrections', JSON.stringify(Object.fromEntries(corrections)));
  body.append('form', form.file, neutralName(form.type));
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => {
      request.abort();
    };
    request.open('POST', '/api/v1/intake-forms');
    request.timeout = TIMEOUT_MS;
    for (const [name, value] of Object.entries(OWN_REQUEST)) request.setRequestHeader(name, value);
    request.setRequestHeader('accept', 'application/json');
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      if (lengthComputable) onSent(loaded / total);
    };
    request.upload.onload = () => {
      onSent(1);
    };
    request.onload = () => {
      const answer = parseJson(request.responseText);
      if (request.status >= 200 && request.status < 300 && answer !== undefined) {
        resolve(answer as StoredForm);
        return;
      }
      const retryAfter = request.getResponseHeader('retry-after');
      const refused = errorFromAnswer(request.status, answer, retryAfter, Date.now());
      reject(new FormRefusal(refused, readReadings(answer)));
    };
    request.onerror = request.ontimeout = () => {
      reject(requestError('unreachable'));
    };
    request.onabort = () => {
      reject(requestError('cancelled'));
    };
    request.onloadend = () => {
      signal.removeEventListener('abort', abort);
    };
    signal.addEventListener('abort', abort);
    request.send(body);
  });
}
