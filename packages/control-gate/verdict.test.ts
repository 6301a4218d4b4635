import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkVerdict, issueVerdict, judge, type Build, type Deployment } from './index.ts';
import { seal } from './src/verdict/envelope.ts';
import { finding } from './testing/controls.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const now = new Date('2026-03-01T12:00:00Z');
const commit = 'c'.repeat(40);
const builds: Build[] = [{ name: 'apps/console/dist/ui', sha256: 'a'.repeat(64) }];
const deployment: Deployment = { to: 'production', commit, builds, now };
const issue = (more: Partial<Parameters<typeof issueVerdict>[0]> = {}, state: 'pass' | 'fail' = 'pass') =>
  issueVerdict(
    {
      to: 'production',
      judgement: judge([finding(state)], { to: 'production', patientData: true, acceptances: [], now }),
      commit,
      builds,
      report: '{}',
      now,
      ...more,
    },
    privateKey,
  );
const check = (text: string, more: Partial<Deployment> = {}, key = publicKey) => {
  try {
    return checkVerdict(text, key, { ...deployment, ...more }).to;
  } catch (error) {
    return (error as { code?: string }).code;
  }
};
interface Envelope {
  payload: string;
  signatures: { keyid: string; sig: string }[];
}

/** The same envelope with its statement changed and its signature kept. */
function edit(text: string, from: string, to: string): string {
  const envelope = JSON.parse(text) as Envelope;
  const body = Buffer.from(envelope.payload, 'base64').toString();
  expect(body).toContain(from);
  return JSON.stringify({ ...envelope, payload: Buffer.from(body.replaceAll(from, to)).toString('base64') });
}

describe('a verdict', () => {
  it('is taken for its own commit, builds and environment, while it lives', () => {
    expect(check(issue())).toBe('production');
  });

  it.each([
    ['of another key', () => check(issue(), {}, generateKeyPairSync('ed25519').publicKey)],
    ['held against a key of another kind', () => check(issue(), {}, generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)],
    ['that blocked, edited to allow', () => check(edit(issue({}, 'fail'), '"allowed":false', '"allowed":true'))],
    ['with its commit edited', () => check(edit(issue({ commit: 'd'.repeat(40) }), 'd'.repeat(40), commit))],
    ['with its end edited', () => check(edit(issue(), '2026-03-02', '2036-03-02'))],
    ['with its signature cut', () => {
      const envelope = JSON.parse(issue()) as Envelope;
      return check(JSON.stringify({ ...envelope, signatures: [{ keyid: '', sig: '' }] }));
    }],
  ])('%s is not trusted', (_name, code) => {
    expect(code()).toBe('verdict-untrusted');
  }); // prettier-ignore

  it('ends after twelve hours, and is not taken before its time', () => {
    const text = issue();
    expect(check(text, { now: new Date('2026-03-02T00:00:01Z') })).toBe('verdict-ended');
    expect(check(text, { now: new Date('2026-03-01T11:00:00Z') })).toBe('verdict-ended');
  });

  it('does not outlive a day whatever it says, even rightly signed', () => {
    const body = JSON.parse(Buffer.from((JSON.parse(issue()) as Envelope).payload, 'base64').toString()) as {
      predicate: { expiresAt: string };
    };
    body.predicate.expiresAt = '2036-03-01T00:00:00Z';
    expect(check(seal(body, privateKey), { now: new Date('2026-03-02T12:00:01Z') })).toBe('verdict-ended');
  });

  it.each<[string, Partial<Deployment>]>([
    ['another commit', { commit: 'e'.repeat(40) }],
    ['another environment', { to: 'staging' }],
    ['another build', { builds: [{ name: 'apps/console/dist/ui', sha256: 'b'.repeat(64) }] }],
    ['a build that the gate never saw', { builds: [...builds, { name: 'image', sha256: 'b'.repeat(64) }] }],
    ['a build that is not at hand', { builds: [] }],
    ['a build whose digest nobody has at hand', { builds: [{ name: 'apps/console/dist/ui', sha256: null }] }],
  ])('is refused for %s', (_name, more) => {
    expect(check(issue(), more)).toBe('verdict-elsewhere');
  });

  it('is refused where the gate saw no digest, though nobody has one here either', () => {
    const unseen: Build[] = [{ name: 'image', sha256: null }];
    expect(check(issue({ builds: unseen }), { builds: unseen })).toBe('verdict-elsewhere');
  });

  it('that blocked is refused as such', () => {
    expect(check(issue({}, 'fail'))).toBe('verdict-blocked');
  });

  it.each([
    ['no JSON', 'yes'],
    ['another JSON', '{"allowed":true}'],
    ['a statement of another kind', seal({ allowed: true }, privateKey)],
    ['nothing', ''],
  ])('is refused where it is %s', (_name, text) => {
    expect(check(text)).toBe('verdict-malformed');
  });

  it('is verified by the public key alone', () => {
    expect(check(issue(), {}, createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })))).toBe(
      'production',
    );
  });
});
