import type { LogPlace } from '@cordon/audit-log';
import { signAwsRequest } from '@cordon/field-encryption';
import { SequencerError } from './error.ts';
import { readAddress } from './read-address.ts';

/** A bucket that takes the S3 protocol, or a folder in it. */
export interface LogBucket {
  /** `https://<host>/<bucket>` or `…/<bucket>/<folder>`. */
  readonly url: string;
  readonly region: string;
  /** JSON with AccessKeyId, SecretAccessKey and perhaps SessionToken; read again at each request. */
  readonly credentialsFile: string;
}

const timeoutMs = 5_000;
/** A tile has 8 KiB, a checkpoint at most 512 KiB. */
const largestFile = 1024 * 1024;

/**
 * A copy of the log in an object store, where a retention lock of the bucket can keep checkpoints from everybody here. One
 * request carries a whole file, so it appears whole or not at all; the store answers once it is durable.
 */
export function openLogBucket(bucket: LogBucket): LogPlace {
  const base = bucket.url.replace(/\/$/, '');

  async function send(method: 'GET' | 'PUT', path: string, body?: Buffer): Promise<Response> {
    const url = new URL(`${base}/${path}`);
    const { region, credentialsFile } = bucket;
    const headers = await signAwsRequest(
      { service: 's3', region, credentialsFile },
      { method, url, headers: {}, body: body ?? '' },
    );
    delete headers['host'];
    return fetch(url, {
      method,
      headers,
      // A redirect would carry the signature elsewhere.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && { body: new Uint8Array(body) }),
    });
  }

  return {
    name: base,
    async read(path) {
      const answer = await send('GET', path);
      if (answer.ok && Number(answer.headers.get('content-length') ?? 0) <= largestFile)
        return new Uint8Array(await answer.arrayBuffer());
      await answer.body?.cancel();
      if (answer.status === 404) return undefined;
      throw new SequencerError('copy-unavailable', `status ${answer.status}`);
    },
    async write(path, bytes) {
      const answer = await send('PUT', path, Buffer.from(bytes));
      await answer.body?.cancel();
      if (!answer.ok) throw new SequencerError('copy-unavailable', `status ${answer.status}`);
    },
  };
}

/**
 * A bucket a line: its address, its region, the file with its credentials.
 * @throws ServiceError `settings-invalid` for an address that is none, or is not https beyond this machine
 */
export function readBuckets(text: string): LogBucket[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [url = '', region = '', credentialsFile = ''] = line.trim().split(/\s+/);
    return { url: readAddress('CORDON_LOG_BUCKETS_FILE', url), region, credentialsFile };
  });
}
