import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { limits } from './limits.ts';
import { sniffUpload } from './sniff-upload.ts';

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

test.each([
  ['png', png],
  ['jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
  ['pdf', Buffer.from('%PDF-1.4\n')],
  ['pdf', Buffer.from('%PDF-2.0\n')],
])('the first bytes tell a %s', (type, bytes) => {
  expect(sniffUpload(bytes)).toBe(type);
});

test.each([
  ['text', Buffer.from('Full name: A')],
  ['a signature cut short', png.subarray(0, 7)],
  ['a PDF header that is not at the start', Buffer.from('\n%PDF-1.7')],
  ['a GIF', Buffer.from('GIF89a')],
  ['a TIFF', Buffer.from([0x49, 0x49, 0x2a, 0])],
])('%s is refused as a type', (_what, bytes) => {
  expect(() => sniffUpload(bytes)).toThrow(
    expect.objectContaining({ code: 'intake-file-type-refused', status: 415 }),
  );
});

test('an empty file is refused', () => {
  expect(() => sniffUpload(Buffer.alloc(0))).toThrow(
    expect.objectContaining({ code: 'intake-file-empty', status: 400 }),
  );
});

test('20 MB are accepted and one byte more is refused', () => {
  const largest = Buffer.concat([png, Buffer.alloc(limits.fileBytes - png.length)]);
  expect(sniffUpload(largest)).toBe('png');
  expect(() => sniffUpload(Buffer.concat([largest, Buffer.alloc(1)]))).toThrow(
    expect.objectContaining({ code: 'intake-file-too-large', status: 413 }),
  );
});
