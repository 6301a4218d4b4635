import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { generateSigningKey, openCheckpoint, signCheckpoint } from '@cordon/transparency-log';
import { type BenchRow, formatCount, ratePerSecond } from './row.ts';

export function measureSigning(count: number): BenchRow[] {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const message = Buffer.alloc(100, 1);
  const signature = sign(null, message, privateKey);
  const bareSign = ratePerSecond(count, () => {
    for (let index = 0; index < count; index += 1) sign(null, message, privateKey);
  });
  const bareVerify = ratePerSecond(count, () => {
    for (let index = 0; index < count; index += 1) verify(null, message, publicKey, signature);
  });
  const origin = 'example.com/log';
  const key = generateSigningKey(origin);
  const checkpoint = { origin, size: 10_000_000, root: Buffer.alloc(32, 1), extensions: [] };
  const signing = ratePerSecond(count, () => {
    for (let index = 0; index < count; index += 1) signCheckpoint(checkpoint, [key]);
  });
  const note = signCheckpoint(checkpoint, [key]);
  const trust = { origin, logKeys: [key.verifierKey] };
  const opening = ratePerSecond(count, () => {
    for (let index = 0; index < count; index += 1) openCheckpoint(note, trust);
  });
  return [
    {
      name: 'checkpoint written and signed (Ed25519)',
      value: signing,
      unit: 'signatures/s',
      baseline: `bare crypto.sign, ${formatCount(bareSign)}/s`,
      ratio: signing / bareSign,
    },
    {
      name: 'signed checkpoint read and verified',
      value: opening,
      unit: 'checkpoints/s',
      baseline: `bare crypto.verify, ${formatCount(bareVerify)}/s`,
      ratio: opening / bareVerify,
    },
  ];
}
