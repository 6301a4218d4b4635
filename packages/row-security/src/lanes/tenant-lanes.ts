import type { Lane } from './lane.ts';

export interface TenantLaneOptions {
  readonly open: () => Promise<Lane>;
  /** Connections at most, over all tenants. */
  readonly most: number;
  /** Milliseconds that a lane must have had nothing to do before another tenant gets its place. Default 2,000. */
  readonly idleMs?: number;
  /** Statements within ten seconds that make a tenant busy enough for a connection of its own. Default 8. */
  readonly busyAfter?: number;
  /** Milliseconds since any moment. */
  readonly now?: () => number;
}

/**
 * Connections that belong to one tenant each, for as long as they are open: what SQL of one tenant may have left on a
 * connection is never met by another's. That makes it safe to keep statements prepared on them. A tenant that has none is not
 * kept waiting: its statements go by the shared lanes.
 */
export interface TenantLanes {
  /** Runs the work on a lane of the tenant's own; undefined at once when there is none. */
  run<Result>(tenantId: string, work: (lane: Lane) => Promise<Result>): Promise<Result> | undefined;
  close(): Promise<void>;
}

interface Place {
  readonly tenantId: string;
  readonly opening: Promise<Lane | undefined>;
  lane?: Lane;
  underWay: number;
  usedAt: number;
}

const windowMs = 10_000;
/** Tenants whose statements are counted; beyond it the counts begin anew. */
const mostCounted = 10_000;

export function createTenantLanes(options: TenantLaneOptions): TenantLanes {
  const { most, idleMs = 2_000, busyAfter = 8, now = () => performance.now() } = options;
  const mostOfOne = Math.max(1, Math.ceil(most / 2));
  const places = new Set<Place>();
  const closing = new Set<Promise<void>>();
  const asked = new Map<string, { count: number; since: number }>();
  let closed = false;

  function isBusy(tenantId: string): boolean {
    const time = now();
    const known = asked.get(tenantId);
    if (known !== undefined && time - known.since < windowMs) {
      known.count += 1;
      return known.count >= busyAfter;
    }
    if (asked.size >= mostCounted) asked.clear();
    asked.set(tenantId, { count: 1, since: time });
    return busyAfter <= 1;
  }

  function leave(place: Place): void {
    places.delete(place);
    const end = (place.lane?.close() ?? Promise.resolve()).catch(() => undefined);
    closing.add(end);
    void end.then(() => closing.delete(end));
  }

  function makeRoom(): boolean {
    if (places.size < most) return true;
    const idle = [...places]
      .filter((place) => place.lane && place.underWay === 0 && now() - place.usedAt >= idleMs)
      .sort((a, b) => a.usedAt - b.usedAt)[0];
    if (idle) leave(idle);
    return idle !== undefined;
  }

  function openFor(tenantId: string): void {
    const place: Place = {
      tenantId,
      underWay: 0,
      usedAt: now(),
      // Who cannot connect is told so on the shared lane that serves the statement meanwhile.
      opening: options.open().catch(() => undefined),
    };
    places.add(place);
    void place.opening.then((lane) => {
      if (lane === undefined) {
        places.delete(place);
        return;
      }
      place.lane = lane;
      lane.onEnd(() => places.delete(place));
    });
  }

  /** The lane of the tenant with the least under way; asks for one more where all of them have something to do. */
  function choose(tenantId: string): Place | undefined {
    let best: Place | undefined;
    let own = 0;
    let opening = false;
    for (const place of places) {
      if (place.tenantId !== tenantId) continue;
      own += 1;
      if (place.lane === undefined) opening = true;
      else if (best === undefined || place.underWay < best.underWay) best = place;
    }
    const wanted = best === undefined ? isBusy(tenantId) : best.underWay > 0;
    if (wanted && !opening && own < mostOfOne && makeRoom()) openFor(tenantId);
    return best;
  }

  async function runOn<Result>(place: Place, lane: Lane, work: (lane: Lane) => Promise<Result>) {
    place.underWay += 1;
    try {
      return await work(lane);
    } catch (error) {
      if (isForgotten(error)) leave(place);
      throw error;
    } finally {
      place.underWay -= 1;
      place.usedAt = now();
    }
  }

  return {
    run(tenantId, work) {
      if (closed || most < 1) return undefined;
      const place = choose(tenantId);
      return place?.lane === undefined ? undefined : runOn(place, place.lane, work);
    },
    async close() {
      closed = true;
      await Promise.all([...places].map((place) => place.opening));
      for (const place of places) leave(place);
      await Promise.all(closing);
    },
  };
}

/**
 * Whether the server no longer has a prepared statement as it was: SQL on the connection took it away (26000), or a migration
 * changed what it returns (0A000 from RevalidateCachedQuery). Neither has run anything.
 */
export function isForgotten(error: unknown): boolean {
  const { code, routine } = error as { code?: string; routine?: string };
  return code === '26000' || (code === '0A000' && routine === 'RevalidateCachedQuery');
}
