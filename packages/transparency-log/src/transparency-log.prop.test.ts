import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
  CompactRange,
  type TileReader,
  TransparencyLogError,
  canonicalizeJson,
  formatCheckpoint,
  formatSignedNote,
  generateSigningKey,
  hashLeaf,
  parseCheckpoint,
  parseSignedNote,
  parseTilePath,
  parseTlogProof,
  parseVerifierKey,
  parseWitnessRequest,
  proveConsistency,
  proveInclusion,
  rootAtSize,
  signCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from '../index.ts';
import { c2spCheckpoint, c2spWitnessRequest, goNote } from '../testing/note-vectors.ts';
import { buildSampleLog, flipBit, refusal, sampleEntry } from '../testing/sample-log.ts';

// Many cases; a busy machine needs more than the usual five seconds.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const SIZE = 3000;
let reader: TileReader;
const roots: Uint8Array[] = [];

beforeAll(async () => {
  reader = buildSampleLog(SIZE).reader();
  for (let size = 0; size <= SIZE; size += 1) roots.push(await rootAtSize(reader, size));
});

const rootOf = (size: number): Uint8Array => roots[size] ?? new Uint8Array();
const sizes = fc.integer({ min: 1, max: SIZE });
/** Two different sizes, smaller first. */
const pairs = fc.tuple(sizes, sizes).filter(([a, b]) => a < b);

describe('for any size and index', () => {
  it('an inclusion proof verifies, and not with any one bit changed or for any other claim', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), sizes, async (size, seed, bit, otherSize) => {
        const index = seed % size;
        const { leafHash, proof } = await proveInclusion(reader, index, size);
        const claim = { index, size, leafHash, proof, root: rootOf(size) };
        verifyInclusion(claim);
        if (otherSize !== size)
          refusal(() => {
            verifyInclusion({ ...claim, root: rootOf(otherSize) });
          });
        const sibling = proof[bit % Math.max(proof.length, 1)];
        if (sibling === undefined) return;
        const changed = [...proof].with(bit % proof.length, flipBit(sibling, bit % 32));
        refusal(() => {
          verifyInclusion({ ...claim, proof: changed });
        });
      }),
      { numRuns: 300 },
    );
  });

  it('a consistency proof verifies, and not between any other two trees', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, sizes, async ([oldSize, newSize], other) => {
        const proof = await proveConsistency(reader, oldSize, newSize);
        const claim = { oldSize, newSize, oldRoot: rootOf(oldSize), newRoot: rootOf(newSize), proof };
        verifyConsistency(claim);
        if (other !== oldSize)
          refusal(() => {
            verifyConsistency({ ...claim, oldRoot: rootOf(other) });
          });
        if (other !== newSize)
          refusal(() => {
            verifyConsistency({ ...claim, newRoot: rootOf(other) });
          });
      }),
      { numRuns: 300 },
    );
  });

  it('no made-up proof verifies', () => {
    const hashes = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 14 });
    fc.assert(
      fc.property(pairs, hashes, fc.nat(), ([oldSize, newSize], proof, seed) => {
        const leafHash = hashLeaf(sampleEntry(SIZE + seed));
        refusal(() => {
          verifyInclusion({ index: seed % newSize, size: newSize, leafHash, root: rootOf(newSize), proof });
        });
        refusal(() => {
          verifyConsistency({ oldSize, newSize, oldRoot: rootOf(oldSize), newRoot: rootOf(newSize), proof });
        });
      }),
      { numRuns: 500 },
    );
  });

  it('a compact range that stops and goes on anywhere has the tiles\u2019 root', () => {
    fc.assert(
      fc.property(pairs, ([stop, size]) => {
        const first = new CompactRange();
        for (let index = 0; index < stop; index += 1) first.append(hashLeaf(sampleEntry(index)));
        const second = CompactRange.from(stop, first.hashes());
        for (let index = stop; index < size; index += 1) second.append(hashLeaf(sampleEntry(index)));
        expect(Buffer.compare(second.root(), rootOf(size))).toBe(0);
      }),
      { numRuns: 20 },
    );
  });
});

describe('for any text', () => {
  const lineText = fc.string({ unit: 'binary', maxLength: 40 });

  it('what can be written is read back the same', () => {
    const key = generateSigningKey('n');
    fc.assert(
      fc.property(
        lineText,
        fc.maxSafeNat(),
        fc.array(lineText, { maxLength: 4 }),
        (origin, size, extensions) => {
          const checkpoint = { origin, size, root: Buffer.alloc(32, 3), extensions };
          let text: string;
          try {
            text = formatCheckpoint(checkpoint);
          } catch (error) {
            expect(error).toBeInstanceOf(TransparencyLogError);
            return;
          }
          expect(parseCheckpoint(text)).toMatchObject({ origin, size, extensions });
          expect(parseSignedNote(signCheckpoint(checkpoint, [key])).text).toBe(text);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a parser returns or refuses, and never fails otherwise; what it takes it writes back unchanged', () => {
    const proof = `c2sp.org/tlog-proof@v1\nindex 5\n${Buffer.alloc(32).toString('base64')}\n\n${c2spCheckpoint}`;
    const seeds = [c2spCheckpoint, c2spWitnessRequest, proof, goNote.verifierKey, 'tile/1/x001/234.p/17'];
    const damaged = fc
      .tuple(
        fc.constantFrom(...seeds),
        fc.nat(),
        fc.nat({ max: 9 }),
        fc.string({ unit: 'binary', maxLength: 5 }),
      )
      .map(([seed, at, remove, insert]) => {
        const cut = at % seed.length;
        return seed.slice(0, cut) + insert + seed.slice(cut + remove);
      });
    const parsers: readonly ((text: string) => unknown)[] = [
      parseTlogProof,
      parseWitnessRequest,
      parseVerifierKey,
      parseTilePath,
      parseCheckpoint,
      (text) => parseTlogProof(Buffer.from(text, 'latin1')),
    ];
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string({ unit: 'binary' })), (text) => {
        for (const parse of parsers) {
          try {
            parse(text);
          } catch (error) {
            expect(error).toBeInstanceOf(TransparencyLogError);
          }
        }
        try {
          expect(formatSignedNote(parseSignedNote(text))).toBe(text);
        } catch (error) {
          if (!(error instanceof TransparencyLogError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('canonical JSON has one text for equal values and another for different ones', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const text = canonicalizeJson(a);
        const reread: unknown = JSON.parse(text);
        expect(canonicalizeJson(reread)).toBe(text);
        expect(reread).toEqual(JSON.parse(JSON.stringify(a)));
        if (JSON.stringify(a) === JSON.stringify(b)) expect(canonicalizeJson(b)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});
