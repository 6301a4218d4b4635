import { AiGatewayError } from '@cordon/ai-gateway';
import { refuseWhenAway } from '../../stores/stores.ts';
import { noTenantContext } from '../../stores/system-context.ts';
import type { EngineContext } from '../../walk/engine-context.ts';
import type { Stop } from './stops.ts';

/** How soon a call that is under way learns of a stop. */
const lookEveryMs = 250;
/** A table that an operator fills by hand. */
const mostStops = 1_000;

/** Tells calls that are under way when they are stopped; one look for all of them. */
export interface StopWatch {
  /** @returns a signal that ends the call; `leave` when it has ended by itself */
  watch(stops: readonly Stop[]): { readonly signal: AbortSignal; readonly leave: () => void };
}

interface Watched {
  readonly names: readonly string[];
  readonly stopped: AbortController;
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
    const asked = [...watched];
    try {
      const now = await readStops(engine);
      for (const { names, stopped } of asked)
        if (names.some((name) => now.has(name))) stopped.abort(new AiGatewayError('ai-stopped'));
    } catch (error) {
      for (const { stopped } of asked) stopped.abort(error);
    } finally {
      looking = false;
    }
  }

  return {
    watch(stops) {
      const one = { names: stops.map(nameOf), stopped: new AbortController() };
      watched.add(one);
      timer ??= setInterval(() => void look(), lookEveryMs).unref();
      return {
        signal: one.stopped.signal,
        leave: () => {
          watched.delete(one);
          if (watched.size > 0) return;
          clearInterval(timer);
          timer = undefined;
        },
      };
    },
  };
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
