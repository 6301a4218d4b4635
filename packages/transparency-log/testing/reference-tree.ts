import { createHash } from 'node:crypto';

/**
 * RFC 6962, section 2.1, written down as the RFC states it: recursive, and sharing no code with the package. The tests
 * hold the package against it. D is a list of entries; D[from:to] a part of it, whose hash is worked out once.
 */
export class ReferenceTree {
  readonly #entries: readonly Uint8Array[];
  readonly #known = new Map<string, Buffer>();

  constructor(entries: readonly Uint8Array[]) {
    this.#entries = entries;
  }

  /** MTH(D[from:to]). */
  root(to: number, from = 0): Buffer {
    const name = `${from}:${to}`;
    const known = this.#known.get(name) ?? this.#hash(from, to);
    this.#known.set(name, known);
    return known;
  }

  /** PATH(m, D[n]) of section 2.1.1. */
  path(m: number, n: number): Buffer[] {
    return this.#path(m, 0, n);
  }

  /** PROOF(m, D[n]) of section 2.1.2. */
  proof(m: number, n: number): Buffer[] {
    return this.#subproof(m, 0, n, true);
  }

  #hash(from: number, to: number): Buffer {
    if (to === from) return sha256();
    if (to - from === 1) return sha256(Buffer.of(0), this.#entries[from] ?? new Uint8Array());
    const k = largestPowerBelow(to - from);
    return sha256(Buffer.of(1), this.root(from + k, from), this.root(to, from + k));
  }

  #path(m: number, from: number, to: number): Buffer[] {
    if (to - from === 1) return [];
    const k = largestPowerBelow(to - from);
    return m < k
      ? [...this.#path(m, from, from + k), this.root(to, from + k)]
      : [...this.#path(m - k, from + k, to), this.root(from + k, from)];
  }

  #subproof(m: number, from: number, to: number, complete: boolean): Buffer[] {
    if (m === to - from) return complete ? [] : [this.root(to, from)];
    const k = largestPowerBelow(to - from);
    return m <= k
      ? [...this.#subproof(m, from, from + k, complete), this.root(to, from + k)]
      : [...this.#subproof(m - k, from + k, to, false), this.root(from + k, from)];
  }
}

function largestPowerBelow(n: number): number {
  return 2 ** Math.floor(Math.log2(n - 1));
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  return parts.reduce((digest, part) => digest.update(part), createHash('sha256')).digest();
}
