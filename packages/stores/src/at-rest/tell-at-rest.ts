import { proveServerAtRest } from './kernel.ts';
import { proveRdsAtRest, type RdsOptions, type ServerProof } from './rds.ts';

export interface AtRestSettings {
  /** The database server's data folder, where it is on this machine. Only looked at. */
  readonly folder: string | undefined;
  /** How AWS is asked about managed databases; undefined where nobody named a region. */
  readonly rds: RdsOptions | undefined;
}

/** A store by the address at which this process is connected to it. */
export interface ServedStore {
  readonly store: string;
  readonly url: string;
}

/** The page asks for nothing that a minute ago was answered: each answer costs calls that the provider counts. */
const keptMs = 60_000;

const serverOf = (url: string): string => new URL(url).host.toLowerCase();

/**
 * `proven: …` where each server that this process is connected to is shown to store encrypted: by the kernel, for a data folder on
 * this machine, else by the provider's API. `unknown` and why everywhere else: what cannot be seen from here is taken on nobody's word.
 * @param own the store whose server may be the one of the folder; `identify` asks it for pg_control_system's identifier
 */
export async function tellAtRest(
  served: readonly ServedStore[],
  settings: AtRestSettings,
  own: { readonly url: string; readonly identify: () => Promise<string> },
): Promise<string> {
  if (settings.folder === undefined && settings.rds === undefined) return 'unknown';
  // The names of stores, and no addresses, are what the page tells.
  const servers = new Map(served.map(({ store, url }) => [serverOf(url), store]));
  const proofs = await Promise.all(
    [...servers].map(async ([server, store]): Promise<{ store: string; proof: ServerProof }> => {
      const byKernel =
        server === serverOf(own.url) ? await proveFolder(settings.folder, own.identify) : undefined;
      return { store, proof: byKernel ?? (await proveByProvider(server, settings)) };
    }),
  );
  const unproven = proofs.flatMap(({ store, proof }) =>
    proof.state === 'unknown' ? [`${store}: ${proof.reason}`] : [],
  );
  if (unproven.length > 0) return `unknown: ${unproven.join('; ')}`;
  const by = proofs.flatMap(({ proof }) => (proof.state === 'proven' ? [proof.by] : []));
  return `proven: ${[...new Set(by)].join(', ')}`;
}

async function proveByProvider(server: string, { rds }: AtRestSettings): Promise<ServerProof> {
  if (rds === undefined) return { state: 'unknown', reason: 'not seen from this machine' };
  return proveRdsAtRest(rds, new URL(`postgresql://${server}`).hostname);
}

async function proveFolder(
  folder: string | undefined,
  identify: () => Promise<string>,
): Promise<ServerProof | undefined> {
  if (folder === undefined) return undefined;
  const proof = await proveServerAtRest(folder, await identify());
  return proof.state === 'proven' ? proof : undefined;
}

/** Any login role may run it. */
export const identifierQuery = 'SELECT system_identifier::text AS identifier FROM pg_control_system()';

/** Caches an answer for a minute; concurrent callers share one request. */
export function keepAnswer(ask: () => Promise<string>, now: () => number = Date.now): () => Promise<string> {
  let kept: { readonly at: number; readonly answer: Promise<string> } | undefined;
  return () => {
    if (kept === undefined || now() - kept.at >= keptMs) kept = { at: now(), answer: ask() };
    return kept.answer;
  };
}
