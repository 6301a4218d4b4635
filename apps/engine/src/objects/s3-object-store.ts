/** Objects in a bucket, by the S3 protocol: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html */
import { signAwsRequest } from '@cordon/field-encryption';
import { ObjectStoreError } from './error.ts';
import { assertTenantId, mostListed, pathParts, type ObjectPlace, type ObjectStore } from './object-store.ts';
import { readListing } from './s3-listing.ts';

export interface S3Options {
  /** `https://<host>/<bucket>`: the bucket in the path, which every compatible server takes. */
  readonly bucketUrl: URL;
  readonly region: string;
  /** JSON with AccessKeyId, SecretAccessKey and perhaps SessionToken; read again at each request. */
  readonly credentialsFile: string;
}

const timeoutMs = 30_000;
/** Objects are sealed pictures; what is larger is no object of ours. */
const largestObject = 64 * 1024 * 1024;

export function createS3ObjectStore(options: S3Options): ObjectStore {
  const base = options.bucketUrl.href.replace(/\/$/, '');

  const urlOf = (place: ObjectPlace): URL => new URL([base, ...pathParts(place)].join('/'));

  async function send(
    method: 'GET' | 'PUT' | 'DELETE',
    url: URL,
    headers: Record<string, string> = {},
    body?: Buffer,
  ): Promise<Response> {
    // A range is left out of the signature, as some implementations do: another part would not open as this one.
    const { range, ...covered } = headers;
    try {
      const signed = await signAwsRequest(
        { service: 's3', region: options.region, credentialsFile: options.credentialsFile },
        { method, url, headers: covered, body: body ?? '' },
      );
      delete signed['host'];
      return await fetch(url, {
        method,
        headers: { ...signed, ...(range !== undefined && { range }) },
        // A redirect would carry the signature elsewhere.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        ...(body !== undefined && { body: new Uint8Array(body) }),
      });
    } catch (cause) {
      throw new ObjectStoreError('objects-unavailable', { cause });
    }
  }

  async function refuse(answer: Response): Promise<never> {
    await answer.body?.cancel();
    throw new ObjectStoreError(answer.status === 404 ? 'object-missing' : 'objects-unavailable', {
      detail: `the object store answered ${answer.status}`,
    });
  }

  return {
    async put(place, content) {
      const parts: Uint8Array[] = [];
      let size = 0;
      try {
        for await (const part of content) {
          size += part.length;
          if (size > largestObject)
            throw new ObjectStoreError('objects-unavailable', { detail: 'larger than any object' });
          parts.push(part);
        }
      } catch (cause) {
        throw cause instanceof ObjectStoreError
          ? cause
          : new ObjectStoreError('objects-unavailable', { cause });
      }
      // One request carries the whole object, so it is there whole or not at all; the condition keeps what is there.
      const answer = await send('PUT', urlOf(place), { 'if-none-match': '*' }, Buffer.concat(parts));
      if (!answer.ok) await refuse(answer);
      await answer.body?.cancel();
    },
    async get(place, part) {
      const range = part && { range: `bytes=${part.start}-${part.start + part.length - 1}` };
      const answer = await send('GET', urlOf(place), range ?? {});
      if (answer.status === 416) {
        await answer.body?.cancel();
        throw new ObjectStoreError('object-damaged', { detail: 'the object is shorter than its part' });
      }
      if (answer.status !== (part ? 206 : 200) || answer.body === null) return refuse(answer);
      return wrapErrors(answer.body);
    },
    async remove(place) {
      const answer = await send('DELETE', urlOf(place));
      if (!answer.ok && answer.status !== 404) await refuse(answer);
      await answer.body?.cancel();
    },
    async list(tenantId, { after, limit }) {
      assertTenantId(tenantId);
      const url = new URL(base);
      url.searchParams.set('list-type', '2');
      url.searchParams.set('max-keys', String(Math.min(limit, mostListed)));
      url.searchParams.set('prefix', `${tenantId}/`);
      if (after !== undefined)
        url.searchParams.set('start-after', pathParts({ tenantId, objectId: after }).join('/'));
      const answer = await send('GET', url);
      if (answer.status !== 200 || answer.body === null) return refuse(answer);
      return readListing(answer.body, tenantId);
    },
    // One request carries the whole object: there is nothing unfinished.
    removeUnfinished: () => Promise.resolve(0),
  };
}

async function* wrapErrors(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw new ObjectStoreError('objects-unavailable', { cause });
  }
}
