import { setTimeout as delay } from 'node:timers/promises';
import type { ExpectedIds } from './check-files.ts';
import { AccessPolicyError } from './error.ts';
import { FILE_KEYS, type DataClassId, type RoleId } from './ids.ts';
import { compileTexts, readPolicyTexts, type PolicyTexts } from './load-policy.ts';
import { CORDON_IDS, type Policy } from './policy.ts';

/** A policy that follows its files. Take `current` once for each request, so that one request knows one policy. */
export interface LivePolicy<R extends string = RoleId, D extends string = DataClassId> {
  readonly current: Policy<R, D>;
  /**
   * Takes up changed files whole, or not at all: `current` stays as it was when anything is wrong.
   * @returns whether anything changed
   * @throws {AccessPolicyError} as `loadPolicy`
   */
  readonly reload: () => Promise<boolean>;
}

/**
 * Reads the files of a folder and stays ready to read them again.
 * @throws {AccessPolicyError} as `loadPolicy`: without a valid policy there is nothing to live on
 */
export function openPolicy<R extends string = RoleId, D extends string = DataClassId>(
  directory: string,
  expected: ExpectedIds = CORDON_IDS,
): Promise<LivePolicy<R, D>> {
  return followTexts<R, D>(() => readPolicyTexts(directory), expected);
}

/** A live policy over any source of the three texts. */
export async function followTexts<R extends string, D extends string>(
  read: () => Promise<PolicyTexts>,
  expected: ExpectedIds,
): Promise<LivePolicy<R, D>> {
  let texts = await read();
  let current = compileTexts<R, D>(texts, expected);
  const reloadOnce = async (): Promise<boolean> => {
    const next = await read();
    if (FILE_KEYS.every((key) => next[key] === texts[key])) return false;
    current = compileTexts<R, D>(next, expected);
    texts = next;
    return true;
  };
  // One reload after the other: of two at once, the one that read earlier must not win over the later.
  let last: Promise<unknown> = Promise.resolve();
  return {
    get current() {
      return current;
    },
    reload: () => {
      const next = last.then(reloadOnce);
      last = next.catch(() => undefined);
      return next;
    },
  };
}

export interface WatchOptions {
  /** Milliseconds between two looks. Polling sees what file events miss: mounted volumes and swapped links. */
  readonly intervalMs: number;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** After a changed policy was taken up. */
  readonly onReload: () => void;
  /** Files that cannot be taken up; told once for each different failure. The old policy stays in force. */
  readonly onRefused: (error: AccessPolicyError) => void;
}

/** Looks at the files again and again. Does not keep the process alive. */
export function watchPolicy<R extends string, D extends string>(
  live: LivePolicy<R, D>,
  options: WatchOptions,
): void {
  void watch(live.reload, options);
}

async function watch(reload: () => Promise<boolean>, options: WatchOptions): Promise<void> {
  let told = '';
  while (await waitFor(options.intervalMs, options.signal)) {
    try {
      if (await reload()) options.onReload();
      told = '';
    } catch (error) {
      const refusal = toRefusal(error);
      if (refusal.message !== told) options.onRefused(refusal);
      told = refusal.message;
    }
  }
}

/** False when the signal came first. */
async function waitFor(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(milliseconds, undefined, { signal, ref: false });
    return true;
  } catch {
    return false;
  }
}

function toRefusal(error: unknown): AccessPolicyError {
  if (error instanceof AccessPolicyError) return error;
  return new AccessPolicyError('policy-file-unreadable', 'the reload failed', { cause: error });
}
