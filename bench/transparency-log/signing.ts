import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { generateSigningKey, openCheckpoint, signCheckpoint } from '@cordon/transparency-log';
import { type BenchRow, formatCount, medianRate } from '../row.ts';

export async function measureSigning(): Promise<BenchRow[]> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const message = Buffer.alloc(100, 1);
  const signature = sign(null, message, privateKey);
  const bareSign = await medianRate(() => sign(null, message, privateKey));
  const bareVerify = await medianRate(() => verify(null, message, publicKey, signature));
  const origin = 'example.com/log';
  const key = generateSigningKey(origin);
  const checkpoint = { origin, size: 10_000_000, root: Buffer.alloc(32, 1), extensions: [] };
  const signing = await medianRate(() => signCheckpoint(checkpoint, [key]));
  const note = signCheckpoint(checkpoint, [key]);
  const trust = { origin, logKeys: [key.verifierKey] };
  const opening = await medianRate(() => openCheckpoint(note, trust));
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
