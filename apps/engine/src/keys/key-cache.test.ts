import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createKeyCache, type KeyCache } from './key-cache.ts';

let cache: KeyCache;
beforeEach(() => {
  vi.useFakeTimers();
  cache = createKeyCache({ maxEntries: 3, lifeMs: 60_000 });
});
afterEach(() => {
  cache.close();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const key = (byte: number) => Buffer.alloc(32, byte);
const blank = Buffer.alloc(32);

/** The buffers that were overwritten with zeros from now on. */
function watchWipes(): () => readonly unknown[] {
  const fills = vi.spyOn(Buffer.prototype, 'fill');
  return () =>
    (fills.mock.contexts as readonly unknown[]).filter(
      (_buffer, index) => fills.mock.calls[index]?.[0] === 0,
    );
}

describe('the key cache', () => {
  it('hands out copies: what a caller overwrites is still there for the next', () => {
    cache.put('a', key(1));
    cache.get('a')?.fill(0);
    expect(cache.get('a')).toEqual(key(1));
  });

  it('forgets a key when its time is over, although nobody asks for it', () => {
    cache.put('a', key(1));
    const wiped = watchWipes();
    vi.advanceTimersByTime(120_000);
    expect(wiped()).toEqual([blank]);
    expect(cache.get('a')).toBeUndefined();
  });

  it('does not lengthen the life of a key by using it', () => {
    cache.put('a', key(1));
    vi.advanceTimersByTime(59_000);
    expect(cache.get('a')).toEqual(key(1));
    vi.advanceTimersByTime(1_001);
    expect(cache.get('a')).toBeUndefined();
  });

  it('never holds more than its number, and overwrites what it drops', () => {
    const wiped = watchWipes();
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) cache.put(name, key(index + 1));
    expect(wiped()).toEqual([blank]);
    expect(cache.get('a')).toBeUndefined();
    expect(cache.get('d')).toEqual(key(4));
  });

  it.each([
    ['one key is dropped', () => { cache.drop('a'); }],
    ['it is emptied', () => { cache.empty(); }],
    ['it is closed', () => { cache.close(); }],
    ['a key is replaced', () => { cache.put('a', key(9)); }],
  ])('overwrites the key with zeros when %s', (_name, act) => {
    cache.put('a', key(1));
    const wiped = watchWipes();
    act();
    expect(wiped()).toEqual([blank]);
  }); // prettier-ignore
});
