import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { command, readStopRequest } from './ai.ts';

const files = { providers: [{ id: 'provider.one' }], purposes: [{ id: 'purpose.one' }] };
const tenant = '0A1B2C3D-0000-4000-8000-000000000001';

describe('cordon ai stop', () => {
  it.each([
    ['stop', 'provider', 'provider.one', 'provider.one'],
    ['stop', 'purpose', 'purpose.one', 'purpose.one'],
    ['stop', 'tenant', tenant, tenant.toLowerCase()],
    // It was taken out of the file while it was stopped.
    ['start', 'provider', 'provider.gone', 'provider.gone'],
  ] as const)('understands %s %s %s', (verb, kind, word, target) => {
    expect(readStopRequest(verb, [kind, word], files)).toEqual({ verb, kind, target });
  });

  it('names what there is when nothing has that id, instead of stopping nothing', () => {
    expect(() => readStopRequest('stop', ['provider', 'provider.on'], files)).toThrow(
      'There is no provider "provider.on", so nothing was stopped. There are: provider.one.',
    );
    expect(() => readStopRequest('stop', ['purpose', 'provider.one'], files)).toThrow(
      'There are: purpose.one.',
    );
  });

  it('stops while the configuration cannot be read', () => {
    expect(readStopRequest('stop', ['provider', 'any'], undefined)).toMatchObject({ target: 'any' });
  });

  it('takes a UUID for a tenant and nothing else', () => {
    expect(() => readStopRequest('stop', ['tenant', 'northgate'], files)).toThrow('give its UUID');
  });

  it.each([[[]], [['provider']], [['everything', 'x']], [['provider', 'provider.one', 'more']]])(
    'shows its usage for %j',
    (words) => {
      expect(() => readStopRequest('stop', words, files)).toThrow(
        'cordon ai stop provider|purpose|tenant ID',
      );
    },
  );
});

it('does not wait for a pipe that nobody writes to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-ai-'));
  try {
    const pipe = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    await expect(command.run(['explain', '--purpose', 'purpose.chat.triage.assist', pipe])).rejects.toThrow(
      'That file cannot be read.',
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
