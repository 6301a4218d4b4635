/** Checks AWS Signature Version 4 from the other side: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
import { createHash, createHmac } from 'node:crypto';

export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Undefined when the signature is right, else what is wrong with it. */
export function findSignatureFault(
  request: SignedRequest,
  expected: { accessKeyId: string; secretAccessKey: string; region: string; service: string; now?: number },
): string | undefined {
  const authorization = String(request.headers['authorization']);
  const [, keyId, date, region, service, names = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? [];
  if (keyId !== expected.accessKeyId) return 'the access key is another or missing';
  if (region !== expected.region || service !== expected.service) return 'the scope is another';
  const signedHeaders = names.split(';');
  for (const name of ['host', 'x-amz-date'])
    if (!signedHeaders.includes(name)) return `${name} is not signed`;
  for (const name of Object.keys(request.headers))
    if (name.startsWith('x-amz-') && !signedHeaders.includes(name)) return `${name} is not signed`;
  const time = String(request.headers['x-amz-date']);
  if (!time.startsWith(date ?? '-')) return 'the date is another than the scope';
  // AWS refuses what is older than five minutes, or from the future.
  const at = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
  if (!(Math.abs((expected.now ?? Date.now()) - at) < 300_000)) return 'the signature is not of this moment';
  const canonical = [
    request.method,
    request.path,
    '',
    ...signedHeaders.map((name) => `${name}:${String(request.headers[name]).trim()}`),
    '',
    names,
    sha256(request.body),
  ].join('\n');
  const scope = `${date ?? ''}/${region}/${service}/aws4_request`;
  const key = ['aws4_request', service, region, date ?? ''].reduceRight<Buffer | string>(
    (secret, part) => hmac(secret, part),
    `AWS4${expected.secretAccessKey}`,
  );
  const right = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex');
  return right === signature ? undefined : 'the signature is wrong';
}
