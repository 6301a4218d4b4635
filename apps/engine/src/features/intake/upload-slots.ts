import type { Caller } from '../../caller/caller.ts';
import { IntakeReadingError } from './reading/index.ts';

/** Uploads that one person and one tenant may have under way at once; the reader takes eight in all. */
const mostOfCaller = 2;
const mostOfTenant = 4;
const retryAfterSeconds = 5;

/** Gives each tenant its share of the readers, so that one cannot keep the others from being read. */
export interface UploadSlots {
  /** @throws IntakeReadingError `intake-busy`, with seconds to wait. */
  take(caller: Caller): { release(): void };
}

export function createUploadSlots(): UploadSlots {
  const held = new Map<string, number>();
  const change = (name: string, by: number) => {
    const count = (held.get(name) ?? 0) + by;
    if (count > 0) held.set(name, count);
    else held.delete(name);
  };
  return {
    take(caller) {
      const names = [`tenant ${caller.tenantId}`, `caller ${caller.tenantId} ${caller.subject}`] as const;
      if ((held.get(names[0]) ?? 0) >= mostOfTenant || (held.get(names[1]) ?? 0) >= mostOfCaller)
        throw new IntakeReadingError('intake-busy', { retryAfterSeconds });
      for (const name of names) change(name, 1);
      let released = false;
      return {
        release() {
          if (released) return;
          released = true;
          for (const name of names) change(name, -1);
        },
      };
    },
  };
}
