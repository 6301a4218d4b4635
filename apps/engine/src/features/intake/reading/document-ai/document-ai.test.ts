import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportPKCS8, generateKeyPair, jwtVerify, type CryptoKey } from 'jose';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OcrPage } from '../ocr-engine.ts';
import { createDocumentAiEngine, type DocumentAiOptions } from './index.ts';

/** A server that speaks the service's protocol, and refuses what the service would refuse. */
let server: Server;
let origin: string;
let publicKey: CryptoKey;
let options: DocumentAiOptions;
let answer: { status: number; body: string };
let tokensIssued = 0;
const processor = 'projects/cordon-test/locations/europe-west2/processors/abcdef0123456789';
const email = 'reader@cordon-test.iam.gserviceaccount.com';

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

async function respond(request: IncomingMessage): Promise<{ status: number; body: string }> {
  const body = await bodyOf(request);
  if (request.method !== 'POST') return { status: 405, body: '' };
  if (request.url === '/token') {
    expect(request.headers['content-type']).toContain('application/x-www-form-urlencoded');
    const form = new URLSearchParams(body);
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const { payload, protectedHeader } = await jwtVerify(form.get('assertion') ?? '', publicKey, {
      issuer: email,
      audience: `${origin}/token`,
      algorithms: ['RS256'],
    });
    expect(protectedHeader.kid).toBe('key-1');
    expect(payload['scope']).toBe('https://www.googleapis.com/auth/cloud-platform');
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(3600);
    tokensIssued += 1;
    return {
      status: 200,
      body: JSON.stringify({ access_token: 'token-1', expires_in: 3600, token_type: 'Bearer' }),
    };
  }
  if (request.url !== `/v1/${processor}:process`) return { status: 404, body: '' };
  if (request.headers.authorization !== 'Bearer token-1') return { status: 401, body: '' };
  const sent = JSON.parse(body) as Record<string, unknown>;
  expect(Object.keys(sent).sort()).toEqual(['fieldMask', 'rawDocument', 'skipHumanReview']);
  expect(sent['skipHumanReview']).toBe(true);
  const raw = sent['rawDocument'] as Record<string, string>;
  expect(Object.keys(raw).sort()).toEqual(['content', 'mimeType']);
  expect(raw['mimeType']).toBe('image/png');
  const { format, exif, xmp, width } = await sharp(Buffer.from(raw['content'] ?? '', 'base64')).metadata();
  expect({ format, exif, xmp }).toEqual({ format: 'png' });
  expect([100, 75]).toContain(width);
  return answer;
}

beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  publicKey = pair.publicKey;
  server = createServer((request, response) => {
    respond(request)
      .catch((error: unknown) => ({ status: 400, body: String(error) }))
      .then(({ status, body }) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(body),
      )
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  options = {
    environment: 'demo',
    agreementFault: 'Google Cloud (Document AI) has not signed',
    endpoint: origin,
    processor,
    account: {
      client_email: email,
      private_key_id: 'key-1',
      private_key: await exportPKCS8(pair.privateKey),
      token_uri: `${origin}/token`,
    },
  };
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const poly = (x: number, y: number) => ({ vertices: [{ x, y }, { x: x + 20, y }, { x: x + 20, y: y + 10 }, { x, y: y + 10 }] }); // prettier-ignore
const part = (startIndex: number, endIndex: number, x: number) => ({
  layout: {
    textAnchor: {
      textSegments: [
        { ...(startIndex > 0 && { startIndex: String(startIndex) }), endIndex: String(endIndex) },
      ],
    },
    confidence: 0.97,
    boundingPoly: poly(x, 5),
  },
});
const good = {
  document: {
    uri: '',
    mimeType: 'image/png',
    // The face is one character and two UTF-16 units: anchors behind it must not slip.
    text: 'Name 😀 Amira\n',
    pages: [
      { pageNumber: 1, tokens: [part(0, 5, 0), part(5, 7, 30), part(7, 13, 60)], lines: [part(0, 14, 0)] },
    ],
  },
};
beforeEach(() => {
  answer = { status: 200, body: JSON.stringify(good) };
});

const image = () => ({ width: 100, height: 60, pixels: new Uint8Array(6_000).fill(255) });
const read = (manner?: 'check'): Promise<OcrPage> =>
  createDocumentAiEngine(options).readPage(image(), undefined, manner);

describe('Document AI', () => {
  test('is asked in its own words and its answer becomes words with places', async () => {
    const page = await read();
    expect(page.words.map(({ text }) => text)).toEqual(['Name', '😀', 'Amira']);
    expect(page.lines).toEqual([[0, 1, 2]]);
    expect(page.words[2]).toMatchObject({ confidence: 97, box: { left: 60, top: 5, right: 80, bottom: 15 } });
  });

  test('looks a second time at another scale, and signs in once', async () => {
    const engine = createDocumentAiEngine(options);
    const before = tokensIssued;
    await engine.readPage(image());
    expect((await engine.readPage(image(), undefined, 'check')).scale).toBe(0.75);
    expect(tokensIssued - before).toBe(1);
  });

  test.each([
    ['no JSON', '<html>', 'document', 'malformed'],
    ['JSON that is cut', JSON.stringify(good).slice(0, -20), 'y', 'malformed'],
    ['a key twice', '{"document":{"text":"a","text":"b"}}', 'text', 'duplicate-key'],
    ['a prototype', '{"__proto__":{"document":{}}}', '__proto__', 'forbidden-key'],
    ['10,000 levels', `{"document":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 'document', 'too-deep'],
    ['a text of 10 MB', JSON.stringify({ document: { text: 'x'.repeat(10_000_000) } }), 'document.text', 'too-long'],
    ['wrong types', '{"document":{"text":7}}', 'document.text', 'wrong-type'],
    ['more than 24 MB', `"${'x'.repeat(24_000_000)}"`, 'document', 'too-long'],
  ])('that answers with %s is refused with the part named', async (_what, body, field, reason) => {
    answer = { status: 200, body };
    const refusal = (await read().catch((error: unknown) => error)) as {
      code: string;
      fields: { field: string; reason: string }[];
    };
    expect(refusal.code).toBe('intake-engine-answer-malformed');
    expect(refusal.fields).toEqual([{ field, reason }]);
  }); // prettier-ignore

  test.each([
    [429, 'intake-busy'],
    [503, 'intake-busy'],
    [500, 'intake-reader-failed'],
    [302, 'intake-reader-failed'],
  ])('that answers %i is told as %s', async (status, code) => {
    answer = { status, body: '' };
    await expect(read()).rejects.toMatchObject({ code, status: 503 });
  });

  test('is refused in production until its agreement is on file', () => {
    const endpoint = 'https://europe-west2-documentai.googleapis.com';
    const production = { ...options, endpoint, environment: 'production' } as const;
    expect(() => createDocumentAiEngine(production)).toThrow(
      expect.objectContaining({ code: 'intake-agreement-missing' }),
    );
    expect(() => createDocumentAiEngine({ ...production, agreementFault: undefined })).not.toThrow();
  });

  test('is refused outside of the United Kingdom', () => {
    const elsewhere: Partial<DocumentAiOptions>[] = [
      { processor: processor.replace('europe-west2', 'us') },
      { endpoint: 'https://us-documentai.googleapis.com' },
      { endpoint: 'https://europe-west2-documentai.googleapis.com.example' },
      { endpoint: 'https://europe-west2-documentai.googleapis.com:8443' },
      { environment: 'production', agreementFault: undefined },
    ];
    for (const change of elsewhere)
      expect(() => createDocumentAiEngine({ ...options, ...change }), JSON.stringify(change)).toThrow(
        expect.objectContaining({ code: 'intake-engine-misplaced' }),
      );
  });
});
