import { createHash, hash } from 'node:crypto';
import { CompactRange, TileBuilder, canonicalizeJson, commit, hashLeaf } from '@cordon/transparency-log';
import { type BenchRow, formatCount, ratePerSecond } from '../row.ts';

/** An audit entry of ordinary size, without personal data. */
const entry = {
  at: '2026-01-01T00:00:00.000Z',
  tenantId: '6d1f4a52-8f0e-4b0c-9d7d-0d6a4f2f9c11',
  actor: { subject: 'a3a1c1de-4c55-4f7e-8a5e-b1f9c1f0a001', role: 'role.clinician' },
  action: 'record.opened',
  resourceType: 'clinicalRecord',
  decision: 'allow',
};

export function measureAppend(leaves: number): BenchRow[] {
  const commitments = Array.from({ length: 4096 }, (_, index) => hash('sha256', String(index), 'buffer'));
  const commitmentAt = (index: number): Uint8Array =>
    commitments[index % commitments.length] ?? Buffer.alloc(32);

  let link = Buffer.alloc(32);
  const chain = ratePerSecond(leaves, () => {
    for (let index = 0; index < leaves; index += 1) {
      link = createHash('sha256').update(link).update(commitmentAt(index)).digest();
    }
  });
  const range = new CompactRange();
  const compact = ratePerSecond(leaves, () => {
    for (let index = 0; index < leaves; index += 1) range.append(hashLeaf(commitmentAt(index)));
    range.root();
  });
  const builder = new TileBuilder();
  const tiled = ratePerSecond(leaves, () => {
    for (let index = 0; index < leaves; index += 1) {
      builder.append(hashLeaf(commitmentAt(index)));
      if (index % 50_000 === 0) builder.drain();
    }
    builder.root();
  });
  const rows = leaves / 4;
  const again = new CompactRange();
  const whole = ratePerSecond(rows, () => {
    for (let index = 0; index < rows; index += 1) {
      again.append(hashLeaf(commit(commitmentAt(index), canonicalizeJson({ ...entry, index }))));
    }
  });
  const baseline = `SHA-256 hash chain over the same entries, ${formatCount(chain)}/s`;
  const unit = 'leaves/s';
  return [
    {
      name: 'sequencer: leaf hash and append, root only',
      value: compact,
      unit,
      baseline,
      ratio: compact / chain,
    },
    { name: 'leaf hash and append, writing tiles', value: tiled, unit, baseline, ratio: tiled / chain },
    {
      name: 'verifier: canonical row, salted commitment, leaf, append',
      value: whole,
      unit,
      baseline,
      ratio: whole / chain,
    },
  ];
}
