import { argon2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashesAtOnce, hashPassword, verifyPassword } from './password.ts';

describe('a password', () => {
  it('is kept as Argon2id with at least the parameters that OWASP asks for', async () => {
    const stored = await hashPassword('correct horse');
    const [, memory, passes, lanes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(stored) ?? [];
    expect(Number(memory)).toBeGreaterThanOrEqual(19_456);
    expect(Number(passes)).toBeGreaterThanOrEqual(2);
    expect(Number(lanes)).toBeGreaterThanOrEqual(1);
    expect(await verifyPassword('correct horse', stored)).toBe(true);
    expect(await verifyPassword('correct horsf', stored)).toBe(false);
  });

  it('has a salt of its own', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
  });

  it('is the same however its accents were composed', async () => {
    expect(await verifyPassword('Ame\u0301lie', await hashPassword('Am\u00e9lie'))).toBe(true);
  });

  it('is checked with the parameters that were stored with it', async () => {
    const nonce = Buffer.alloc(16, 3);
    const tag = argon2Sync('argon2id', {
      message: 'old',
      nonce,
      memory: 128,
      passes: 1,
      parallelism: 1,
      tagLength: 32,
    });
    const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
    const stored = `$argon2id$v=19$m=128,t=1,p=1$${text(nonce)}$${text(tag)}`;
    expect(await verifyPassword('old', stored)).toBe(true);
    expect(await verifyPassword('new', stored)).toBe(false);
  });

  it('never passes against nothing, nor against a hash of another form', async () => {
    for (const stored of [undefined, null, '', '$argon2i$v=19$m=1,t=1,p=1$AAAA$AAAA', 'plain'])
      expect(await verifyPassword('plain', stored)).toBe(false);
  });

  it('waits its turn when many come at once', async () => {
    const stored = await hashPassword('right');
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, index) => verifyPassword(index % 2 === 0 ? 'right' : 'wrong', stored)),
    );
    expect(answers).toEqual(Array.from({ length: 24 }, (_, index) => index % 2 === 0));
  });

  it('is refused with "come again" when the queue is full, and others still get through', async () => {
    const tooMany = 7;
    const asked = hashesAtOnce + 1_000 + tooMany;
    const results = await Promise.allSettled(Array.from({ length: asked }, () => verifyPassword('x', cheap)));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(tooMany);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'identity-busy', status: 503 });
    expect(await verifyPassword('x', cheap)).toBe(false);
  });
});

const cheap = `$argon2id$v=19$m=8,t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
