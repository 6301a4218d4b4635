import type { DatabaseSettings } from '@cordon/service';
import { proveServerAtRest } from '@cordon/stores';
import type { AtRestSettings } from './at-rest-settings.ts';
import { proveRdsAtRest, type ServerProof } from './rds-at-rest.ts';
import { enginePools, type EnginePool, type Stores } from './stores.ts';
import { noTenantContext } from './system-context.ts';

export type DatabaseAddresses = Readonly<Record<EnginePool, Pick<DatabaseSettings, 'url'>>>;

/** The page asks for nothing that a minute ago was answered: each answer costs calls that the provider counts. */
const keptMs = 60_000;

const serverOf = ({ url }: Pick<DatabaseSettings, 'url'>): string => new URL(url).host.toLowerCase();

/**
 * `proven: …` where each server that the engine is connected to is shown to store encrypted: by the kernel, for the clinical store's
 * own data folder on this machine, else by the provider's API. `unknown` and why everywhere else: what cannot be seen from here is
 * taken on nobody's word.
 */
export async function tellAtRest(
  stores: Pick<Stores, 'pools'>,
  databases: DatabaseAddresses,
  settings: AtRestSettings,
): Promise<string> {
  if (settings.folder === undefined && settings.rds === undefined) return 'unknown';
  const names = Object.keys(enginePools) as EnginePool[];
  // The names of stores, and no addresses, are what the page tells.
  const servers = new Map(names.map((name) => [serverOf(databases[name]), enginePools[name]]));
  const local = serverOf(databases.engine_jobs);
  const proofs = await Promise.all(
    [...servers].map(async ([server, store]): Promise<{ store: string; proof: ServerProof }> => {
      const byKernel = server === local ? await proveFolder(stores, settings.folder) : undefined;
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
  stores: Pick<Stores, 'pools'>,
  folder: string | undefined,
): Promise<ServerProof | undefined> {
  if (folder === undefined) return undefined;
  const { rows } = await stores.pools.engine_jobs.query<{ identifier: string }>(
    noTenantContext(),
    'SELECT system_identifier::text AS identifier FROM pg_control_system()',
  );
  const proof = await proveServerAtRest(folder, rows[0]?.identifier ?? '');
  return proof.state === 'proven' ? proof : undefined;
}

/** The same answer for a minute, and one question at a time. */
export function keepAnswer(ask: () => Promise<string>, now: () => number = Date.now): () => Promise<string> {
  let kept: { readonly at: number; readonly answer: Promise<string> } | undefined;
  return () => {
    if (kept === undefined || now() - kept.at >= keptMs) kept = { at: now(), answer: ask() };
    return kept.answer;
  };
}
