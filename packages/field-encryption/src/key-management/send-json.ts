import { request } from 'node:https';
import { FieldEncryptionError } from '../error.ts';
import { refuseAway } from './key-management.ts';

export interface SentRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Authorities that signed the server's certificate, PEM; Node's own by default. */
  readonly ca?: string | undefined;
  /** Milliseconds, five thousand by default. */
  readonly timeoutMs?: number | undefined;
}

const usualTimeoutMs = 5_000;
const largestAnswer = 64 * 1024;
/**
 * TLS 1.3's suites are AEAD all; of 1.2's, those with forward secrecy and AEAD (RFC 9325, 4.2). The services of Cordon have the
 * same list (a test compares them); this package is used without them, so it brings its own.
 */
export const ciphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

/** @throws FieldEncryptionError `key-management-settings-invalid` for an address that is not https. */
export function requireHttps(address: string, name: string): URL {
  const refuse = (reason: string): FieldEncryptionError =>
    new FieldEncryptionError('key-management-settings-invalid', `Correct ${name}: ${reason}.`);
  if (!URL.canParse(address)) throw refuse('it must be an https address');
  const url = new URL(address);
  if (url.protocol !== 'https:') throw refuse('keys travel over https alone');
  if (url.username !== '' || url.password !== '') throw refuse('an address holds no credentials');
  return url;
}

/**
 * POSTs over TLS 1.2 or newer and reads the answer, within its time and 64 KiB. Follows no redirect.
 * @throws FieldEncryptionError `key-management-unavailable`.
 */
export function sendText(message: SentRequest): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const fail = (detail: string, cause?: unknown): void => {
      reject(refuseAway(`${message.url.hostname}: ${detail}`, cause));
    };
    const sent = request(
      message.url,
      {
        method: 'POST',
        headers: { ...message.headers, 'content-length': Buffer.byteLength(message.body) },
        minVersion: 'TLSv1.2',
        ciphers,
        // Whatever Node was told of other connections: these carry keys.
        rejectUnauthorized: true,
        ...(message.ca !== undefined && { ca: message.ca }),
        signal: AbortSignal.timeout(message.timeoutMs ?? usualTimeoutMs),
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > largestAnswer) sent.destroy(new Error('the answer is too large'));
          else chunks.push(chunk);
        });
        answer.on('error', (error) => {
          fail('the answer broke off', error);
        });
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
        });
      },
    );
    sent.on('error', (error) => {
      fail('no answer', error);
    });
    sent.end(message.body);
  });
}

/**
 * The same for an answer that is JSON.
 * @throws FieldEncryptionError `key-management-unavailable`.
 */
export async function sendJson(message: SentRequest): Promise<{ status: number; body: unknown }> {
  const { status, text } = await sendText(message);
  try {
    return { status, body: text === '' ? {} : JSON.parse(text) };
  } catch (error) {
    throw refuseAway(`${message.url.hostname}: status ${status} without JSON`, error);
  }
}

/** A text member of an answer, by its path; undefined where there is none. */
export function textAt(body: unknown, ...path: string[]): string | undefined {
  let at = body;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return typeof at === 'string' ? at : undefined;
}
