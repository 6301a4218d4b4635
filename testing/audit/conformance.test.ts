import { createHash } from 'node:crypto';
import { writeEntryProof, type LoggedEntry } from '@cordon/audit-log';
import { generateSigningKey, hashLeaf, signCheckpoint, TileBuilder } from '@cordon/transparency-log';
import { verifyCheckpoint } from '@sigstore/verify/dist/tlog/checkpoint.js';
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js';
import { expect, it } from 'vitest';

/*
 * The same proof file before another's eyes: Sigstore's verifier (RFC 6962 inclusion and C2SP signed notes). What neither
 * knows, the salted commitment of an entry, is put together here by hand from docs/audit-log.md.
 */
const key = generateSigningKey('cordon.test/conformance');
const { verifierKey } = key;
const tlog = {
  logID: Buffer.from(verifierKey.keyId, 'hex'),
  publicKey: verifierKey.keyObject,
  baseURL: `https://${verifierKey.name}`,
};

const entryOf = (index: number): LoggedEntry => ({
  action: 'record.opened',
  actor_role: 'role.clinician',
  actor_session: null,
  actor_subject: null,
  at: '2026-01-01T00:00:00.000000Z',
  client_address: null,
  clinic_id: null,
  data_class_ids: ['patientProfile'],
  decision: 'permit',
  id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  initiator_type: 'user',
  intent_id: null,
  outcome: 'none',
  patient_pseudonym: null,
  provider_id: null,
  purpose: null,
  purpose_id: null,
  reason_code: 'granted',
  record_count: 1,
  request_id: null,
  resource_id: null,
  resource_type: 'Patient',
  tenant_id: null,
  written_by: 'engine_audit',
});

function commitByHand(salt: Buffer, entry: object): Buffer {
  const members = Object.entries(entry).sort(([one], [other]) => (one < other ? -1 : 1));
  const text = JSON.stringify(Object.fromEntries(members));
  return createHash('sha256').update('transparency-log/commitment@v1\n').update(salt).update(text).digest();
}

/** A `.tlog-proof` as https://c2sp.org/tlog-proof lays it out, read with no more than string functions. */
function readByHand(file: string) {
  const [head = '', ...rest] = file.split('\n\n');
  const lines = head.split('\n');
  const at = lines.findIndex((line) => line.startsWith('index '));
  const extra = Buffer.from(
    lines.find((line) => line.startsWith('extra '))?.slice(6) ?? '',
    'base64',
  ).toString();
  return {
    logIndex: lines[at]?.slice(6) ?? '',
    hashes: lines.slice(at + 1).map((line) => Buffer.from(line, 'base64')),
    envelope: rest.join('\n\n'),
    shown: JSON.parse(extra) as { salt: string; entry: object },
  };
}

async function proveIn(size: number, index: number): Promise<string> {
  const builder = new TileBuilder();
  const files = new Map<string, Uint8Array | string>();
  const saltOf = (turn: number) => createHash('sha256').update(`salt ${turn}`).digest();
  for (let turn = 0; turn < size; turn += 1)
    builder.append(hashLeaf(commitByHand(saltOf(turn), entryOf(turn))));
  for (const { path, bytes } of builder.drain()) files.set(path, bytes);
  files.set(
    'checkpoint',
    signCheckpoint({ origin: verifierKey.name, size, root: builder.root(), extensions: [] }, [key]),
  );
  const place = {
    name: 'memory',
    read: (path: string) => {
      const file = files.get(path);
      return Promise.resolve(file === undefined ? undefined : Buffer.from(file));
    },
    write: () => Promise.resolve(),
  };
  return (await writeEntryProof(place, index, { salt: saltOf(index), entry: entryOf(index) })) ?? '';
}

function verifyElsewhere(file: string): void {
  const { logIndex, hashes, envelope, shown } = readByHand(file);
  const entry = {
    canonicalizedBody: commitByHand(Buffer.from(shown.salt, 'hex'), shown.entry),
    inclusionProof: { logIndex, hashes, checkpoint: { envelope } },
  } as unknown as Parameters<typeof verifyMerkleInclusion>[0];
  verifyMerkleInclusion(
    entry,
    verifyCheckpoint(entry, [tlog] as unknown as Parameters<typeof verifyCheckpoint>[1]),
  );
}

it('writes proofs that another implementation accepts, in trees of every shape', async () => {
  for (const [size, index] of [
    [1, 0],
    [2, 1],
    [7, 6],
    [255, 0],
    [256, 255],
    [257, 256],
    [600, 300],
  ] as const) {
    const file = await proveIn(size, index);
    expect(() => {
      verifyElsewhere(file);
    }, `entry ${index} of ${size}`).not.toThrow();
  }
});

it('and that it refuses once entry, place, tree or signature is another', async () => {
  const file = await proveIn(300, 123);
  const changed = [
    file.replace(
      /^extra .*$/m,
      `extra ${Buffer.from(JSON.stringify({ salt: '00'.repeat(32), entry: entryOf(123) })).toString('base64')}`,
    ),
    file.replace('index 123\n', 'index 122\n'),
    file.replace('\n300\n', '\n301\n'),
    file.replace(/— .*\n$/, (line) => line.replace(/.{6}\n$/, 'AAAA==\n')),
  ];
  for (const other of changed) {
    expect(other).not.toBe(file);
    expect(() => {
      verifyElsewhere(other);
    }).toThrow();
  }
});
