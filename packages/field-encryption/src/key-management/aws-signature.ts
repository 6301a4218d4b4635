/** AWS Signature Version 4: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
import { createHash, createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SignatureV4 } from '@smithy/signature-v4';
import { FieldEncryptionError } from '../error.ts';
import { textAt } from './send-json.ts';

export interface AwsSigner {
  /** `kms`, `s3` … */
  readonly service: string;
  readonly region: string;
  /** As for `AwsKmsOptions`; read again at each call. */
  readonly credentialsFile: string;
}

export interface AwsRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/**
 * The request's headers with its signature, which covers the body too.
 * @throws FieldEncryptionError `key-management-unavailable` where the credentials cannot be read.
 */
export async function signAwsRequest(
  signer: AwsSigner,
  request: AwsRequest,
): Promise<Record<string, string>> {
  const { url } = request;
  const signature = new SignatureV4({
    service: signer.service,
    region: signer.region,
    credentials: await readCredentials(signer.credentialsFile),
    sha256: Sha256,
    // S3 alone takes paths as they are.
    uriEscapePath: signer.service !== 's3',
  });
  const signed = await signature.sign({
    method: request.method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { ...request.headers, host: url.host },
    body: request.body,
  });
  return signed.headers;
}

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

async function readCredentials(file: string): Promise<Credentials> {
  try {
    const read: unknown = JSON.parse(await readFile(file, 'utf8'));
    const accessKeyId = textAt(read, 'AccessKeyId');
    const secretAccessKey = textAt(read, 'SecretAccessKey');
    const sessionToken = textAt(read, 'SessionToken');
    if (accessKeyId === undefined || secretAccessKey === undefined) throw new Error('a member is missing');
    return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  } catch (error) {
    throw new FieldEncryptionError(
      'key-management-unavailable',
      'Key management cannot be asked: the file with its credentials is missing or damaged.',
      { detail: 'the AWS credentials file has no AccessKeyId and SecretAccessKey', cause: error },
    );
  }
}

type SourceData = string | ArrayBuffer | ArrayBufferView;

/** Node's hashes under the interface of the signer. */
class Sha256 {
  readonly #hash;

  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', toBytes(secret));
  }
  update(data: SourceData): void {
    this.#hash.update(toBytes(data));
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
  reset(): never {
    throw new Error('a hash is used once');
  }
}

function toBytes(data: SourceData): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
