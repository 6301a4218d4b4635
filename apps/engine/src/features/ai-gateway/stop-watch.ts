import { AiGatewayError } from '@cordon/ai-gateway';
import { refuseWhenAway } from '../../stores/stores.ts';
import { noTenantContext } from '../../stores/system-context.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import type { Stop } from './stops.ts';

/** How soon a call that is under way learns of a stop; and how long one that is let through may wait before it asks again. */
export const lookEveryMs = 250;
/** A table that an operator fills by hand. */
const mostStops = 1_000;

/** Tells calls that are under way when they are stopped; one look for all of them. */
export interface StopWatch {
  /** @param gone says that nobody waits for the call any more */
  watch(stops: readonly Stop[], gone: AbortSignal): WatchedCall;
}

export interface WatchedCall {
  /** Ends the call: when it is stopped, or gone. */
  readonly signal: AbortSignal;
  readonly wasStopped: () => boolean;
  /** Looks now. @throws what ends the call */
  readonly ask: () => Promise<void>;
  /** When it has ended by itself. */
  readonly leave: () => void;
}

interface Watched {
  readonly names: readonly string[];
  readonly end: AbortController;
  stopped: boolean;
}

const nameOf = ({ kind, target }: Stop): string => `${kind} ${target}`;

/** Looks while there is a call to tell, and no longer. What cannot be asked is taken for stopped. */
export function createStopWatch(engine: EngineContext): StopWatch {
  const watched = new Set<Watched>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    await lookFor([...watched]);
    looking = false;
  }

  async function lookFor(asked: readonly Watched[]): Promise<void> {
    try {
      const now = await readStops(engine);
      for (const one of asked)
        if (one.names.some((name) => now.has(name))) stop(one, new AiGatewayError('ai-stopped'));
    } catch (error) {
      for (const one of asked) stop(one, error);
    }
  }

  return {
    watch(stops, gone) {
      const one: Watched = { names: stops.map(nameOf), end: new AbortController(), stopped: false };
      const end = (): void => {
        one.end.abort(gone.reason);
      };
      gone.addEventListener('abort', end);
      if (gone.aborted) end();
      watched.add(one);
      timer ??= setInterval(() => void look(), lookEveryMs).unref();
      return {
        signal: one.end.signal,
        wasStopped: () => one.stopped,
        ask: async () => {
          await lookFor([one]);
          one.end.signal.throwIfAborted();
        },
        leave: () => {
          gone.removeEventListener('abort', end);
          watched.delete(one);
          if (watched.size > 0) return;
          clearInterval(timer);
          timer = undefined;
        },
      };
    },
  };
}

function stop(one: Watched, reason: unknown): void {
  one.stopped = true;
  one.end.abort(reason);
}

async function readStops(engine: EngineContext): Promise<ReadonlySet<string>> {
  const { rows } = await refuseWhenAway('records-unavailable', () =>
    engine.stores.pools.engine_directory.query<Stop>(
      noTenantContext(),
      'SELECT kind, target FROM clinical.ai_stops LIMIT $1',
      [mostStops],
    ),
  );
  if (rows.length === mostStops) throw new AiGatewayError('ai-stopped', 'more stops than can be looked at');
  return new Set(rows.map(nameOf));
}
