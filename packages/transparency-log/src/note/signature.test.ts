import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatSignedNote, generateSigningKey, openSignedNote } from '../../index.ts';
import { refusalCode } from '../../testing/sample-log.ts';

describe('a signature made outside this package', () => {
  it('is refused as a plain one on a text that is a cosigned message', () => {
    const key = generateSigningKey('n');
    const text = 'cosignature/v1\ntime 5\nexample.com/log\n';
    const signature = sign(null, Buffer.from(text), key.privateKey);
    const note = formatSignedNote({
      text,
      signatures: [{ name: 'n', keyId: key.verifierKey.keyId, signature }],
    });
    expect(refusalCode(() => openSignedNote(note, [key.verifierKey]))).toBe('note-signature-invalid');
  });

  it('is refused as a cosignature at a time that is not exact as a number', () => {
    const key = generateSigningKey('w', 'cosignature');
    const text = 'example.com/log\n';
    const cosign = (time: bigint, signedTime: number): string => {
      const stamp = Buffer.alloc(8);
      stamp.writeBigUInt64BE(time);
      const message = Buffer.from(`cosignature/v1\ntime ${signedTime}\n${text}`);
      const signature = Buffer.concat([stamp, sign(null, message, key.privateKey)]);
      return formatSignedNote({ text, signatures: [{ name: 'w', keyId: key.verifierKey.keyId, signature }] });
    };
    const [cosignature] = openSignedNote(cosign(1_679_315_147n, 1_679_315_147), [key.verifierKey]).verified;
    expect(cosignature?.timestamp).toBe(1_679_315_147);
    // 2^53 + 1 becomes 2^53 as a number: the line would pass with a time that nobody signed.
    const rounded = cosign(2n ** 53n + 1n, 2 ** 53);
    expect(refusalCode(() => openSignedNote(rounded, [key.verifierKey]))).toBe('note-signature-invalid');
  });
});
