/** Answers of https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
import { SaxesParser } from 'saxes';
import { ObjectStoreError } from './error.ts';
import { pathParts, uuid, type ListedObject, type ObjectListing } from './object-store.ts';

/** A thousand objects take some 400 KB. */
const largestListing = 4 * 1024 * 1024;

/**
 * What is not an object of this tenant is left out: nobody may be made to remove it.
 * @throws ObjectStoreError `objects-unavailable` for anything but a whole listing
 */
export async function readListing(body: AsyncIterable<Uint8Array>, tenantId: string): Promise<ObjectListing> {
  const listed: ListedObject[] = [];
  let element: { Key?: string; LastModified?: string } = {};
  let text = '';
  const said = { root: '', truncated: false };
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => {
    if (said.root === '') said.root = name;
    if (name === 'Contents') element = {};
    text = '';
  });
  parser.on('text', (piece) => (text += piece));
  parser.on('closetag', ({ name }) => {
    if (name === 'Key' || name === 'LastModified') element[name] = text;
    if (name === 'IsTruncated') said.truncated = text.trim() === 'true';
    if (name !== 'Contents') return;
    const objectId = element.Key?.split('/').at(-1) ?? '';
    const writtenAt = new Date(element.LastModified ?? '');
    if (!uuid.test(objectId) || Number.isNaN(writtenAt.getTime())) return;
    if (element.Key === pathParts({ tenantId, objectId }).join('/')) listed.push({ objectId, writtenAt });
  });
  parser.on('error', (error) => {
    throw error;
  });
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > largestListing) throw new Error('the listing is too long');
      parser.write(decoder.decode(chunk, { stream: true }));
    }
    parser.write(decoder.decode()).close();
    if (said.root !== 'ListBucketResult') throw new Error('the answer is no listing');
  } catch (cause) {
    throw new ObjectStoreError('objects-unavailable', { detail: 'the listing cannot be read', cause });
  }
  const last = listed.at(-1);
  // Nothing but what is not ours: another page of it would be no different.
  if (said.truncated && last === undefined)
    throw new ObjectStoreError('objects-unavailable', {
      detail: 'the bucket holds other things under a tenant',
    });
  return { objects: listed, next: said.truncated ? last?.objectId : undefined };
}
