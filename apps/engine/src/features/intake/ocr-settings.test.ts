import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseOcrEngine, readOcrSettings } from './ocr-settings.ts';

let folder: string;
let remote: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-ocr-'));
  const write = async (name: string, content: unknown): Promise<string> => {
    await writeFile(join(folder, name), JSON.stringify(content), { mode: 0o600 });
    return join(folder, name);
  };
  remote = {
    CORDON_ENV: 'production',
    CORDON_OCR_ENGINE: 'document-ai',
    CORDON_DOCUMENT_AI_ENDPOINT: 'https://europe-west2-documentai.googleapis.com',
    CORDON_DOCUMENT_AI_PROCESSOR: 'projects/cordon-test/locations/europe-west2/processors/abcdef0123456789',
    CORDON_DOCUMENT_AI_CREDENTIALS_FILE: await write('account.json', {
      client_email: 'reader@cordon-test.iam.gserviceaccount.com',
      private_key_id: 'key-1',
      private_key: '-----BEGIN PRIVATE KEY-----',
      token_uri: 'https://oauth2.googleapis.com/token',
    }),
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the choice of the engine that reads', () => {
  test('is the one that runs here, unless another is named', () => {
    expect(readOcrSettings({})).toBeUndefined();
    expect(chooseOcrEngine(undefined)).toBeUndefined();
  });

  test('of a remote one does not start in production without its agreement', async () => {
    const refusal = expect.objectContaining({ code: 'intake-agreement-missing' }) as Error;
    expect(() => chooseOcrEngine(readOcrSettings(remote))).toThrow(refusal);
    const register = join(folder, 'BAA_STATUS.md');
    const agreed = { ...remote, CORDON_AGREEMENTS_FILE: register };
    const day = (offset: number): string =>
      new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    const signed = `yes | ${day(-10)} | ${day(300)} | ${'a'.repeat(64)}`;
    const write = (service: string): Promise<void> =>
      writeFile(
        register,
        `| Vendor | Service | Signed by both parties | Signed on | Expires | Document hash |\n|---|---|---|---|---|---|\n| Google Cloud | ${service} | ${signed} |\n`,
      );
    await write('Storage');
    expect(() => chooseOcrEngine(readOcrSettings(agreed))).toThrow(refusal);
    await write('Document AI');
    expect(chooseOcrEngine(readOcrSettings(agreed))).toBeDefined();
  });

  test('of a remote one names everything that is missing', () => {
    const refusal = expect.objectContaining({ code: 'settings-invalid' }) as Error;
    expect(() => readOcrSettings({ CORDON_ENV: 'demo', CORDON_OCR_ENGINE: 'document-ai' })).toThrow(refusal);
    expect(() => readOcrSettings({ ...remote, CORDON_DOCUMENT_AI_ENDPOINT: 'http://plain.example' })).toThrow(
      refusal,
    );
    expect(() => readOcrSettings({ CORDON_OCR_ENGINE: 'elsewhere' })).toThrow(refusal);
  });
});
