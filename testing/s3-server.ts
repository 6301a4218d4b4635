import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import aws4 from 'aws4';

export interface S3Server {
  readonly url: string;
  readonly objects: Map<string, Buffer>;
  /** When each object was written; what is not in it, at this moment. */
  readonly written: Map<string, Date>;
  /** What was refused, and why. */
  readonly refusals: string[];
  close(): Promise<void>;
}

/**
 * An object store that speaks S3 as far as objects go, in memory: it checks the signature of each request (by another
 * implementation than the one that made it) and the digest of each body, knows ranges and the condition `If-None-Match: *`.
 */
export async function startS3Server(options: {
  bucket: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const refusals: string[] = [];
  const written = new Map<string, Date>();

  /** ListObjectsV2, with the parameters that the engine sends. */
  function answerListing(query: URLSearchParams, response: ServerResponse): void {
    const limit = Math.min(Number(query.get('max-keys') ?? 1_000), 1_000);
    const after = query.get('start-after') ?? '';
    const keys = [...objects.keys()]
      .map((name) => name.slice(options.bucket.length + 2))
      .filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after)
      .sort();
    const page = keys.slice(0, limit).map((key) => {
      const at = written.get(`/${options.bucket}/${key}`) ?? new Date();
      return `<Contents><Key>${key.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</Key><LastModified>${at.toISOString()}</LastModified><ETag>&quot;0&quot;</ETag><Size>1</Size></Contents>`;
    });
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${String(keys.length > limit)}</IsTruncated>${page.join('')}<Name>${options.bucket}</Name></ListBucketResult>`,
    );
  }

  function refuse(response: ServerResponse, status: number, code: string): void {
    refusals.push(code);
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
  }

  function signatureIsRight(request: IncomingMessage, body: Buffer): boolean {
    const given = /SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    );
    const names = given?.[1]?.split(';') ?? [];
    if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => names.includes(name))) return false;
    const headers = Object.fromEntries(names.map((name) => [name, String(request.headers[name])]));
    // Where this header is given the library takes its word for the body, whose digest is compared below.
    const { 'x-amz-content-sha256': told, 'x-amz-date': date, ...others } = headers;
    const signed = aws4.sign(
      {
        service: 's3',
        region: options.region,
        method: request.method ?? '',
        path: request.url ?? '',
        headers: { ...others, 'X-Amz-Content-Sha256': told, 'X-Amz-Date': date },
      },
      options.credentials,
    );
    const ours = /Signature=([0-9a-f]{64})/.exec(String(signed.headers?.['Authorization']))?.[1];
    const digest = createHash('sha256').update(body).digest('hex');
    return ours === given?.[2] && told === digest;
  }

  function answerGet(request: IncomingMessage, response: ServerResponse, object: Buffer | undefined): void {
    if (object === undefined) { refuse(response, 404, 'NoSuchKey'); return; }
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (start === undefined || end === undefined) { response.end(object); return; }
    if (Number(start) >= object.length) { refuse(response, 416, 'InvalidRange'); return; }
    response.writeHead(206).end(object.subarray(Number(start), Number(end) + 1));
  } // prettier-ignore

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { pathname: name, searchParams } = new URL(request.url ?? '', 'http://bucket');
      if (!signatureIsRight(request, body)) refuse(response, 403, 'SignatureDoesNotMatch');
      else if (name === `/${options.bucket}` && searchParams.get('list-type') === '2') answerListing(searchParams, response);
      else if (!name.startsWith(`/${options.bucket}/`)) refuse(response, 404, 'NoSuchBucket');
      else if (request.method === 'GET') answerGet(request, response, objects.get(name));
      else if (request.method === 'DELETE') {
        objects.delete(name);
        written.delete(name);
        response.writeHead(204).end();
      } else if (request.method !== 'PUT') refuse(response, 405, 'MethodNotAllowed');
      else if (request.headers['if-none-match'] === '*' && objects.has(name)) refuse(response, 412, 'PreconditionFailed');
      else {
        objects.set(name, body);
        response.end();
      }
    });
  }); // prettier-ignore
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${options.bucket}`,
    objects,
    written,
    refusals,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
