import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTestCluster } from '@cordon/stores/testing';
import type { BenchRow } from '../row.ts';
import type { Drive, Driven, DriverReady } from './driver.ts';
import type { EngineInput, EngineReady } from './engine-process.ts';
import { startMeasured, type MeasuredProcess } from './measured-process.ts';
import type { ProxyInput, ProxyReady } from './minimal-proxy.ts';
import { startPortkey } from './portkey.ts';

const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const purpose = 'purpose.chat.triage.assist';

/** Shipped purposes, asked of the driver's provider. */
async function writeConfig(provider: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-bench-'));
  await cp(inRepository('config'), folder, { recursive: true });
  const path = join(folder, 'champagne-ai-gateway-config.json');
  const file = JSON.parse(await readFile(path, 'utf8')) as object;
  const bench = {
    id: 'provider.bench',
    description: 'The bench.',
    kind: 'local',
    baseUrl: `${provider}/v1`,
    region: 'region.uk',
    model: 'bench',
    allowedPurposes: [purpose],
  };
  const limits = { perTenant: { calls: 1_000_000, tokens: 1_000_000_000 }, perPurpose: { calls: 1_000_000, tokens: 1_000_000_000 } }; // prettier-ignore
  await writeFile(path, JSON.stringify({ ...file, providers: [bench], limits }));
  return folder;
}

const content =
  'I am Petra Patientson, born 17 March 1984, and my upper left tooth hurts since yesterday. Ring me on 07700 900123.';
const bodyOf = (stream: boolean): string =>
  JSON.stringify({ model: purpose, stream, messages: [{ role: 'user', content }] });

interface Way {
  readonly process: MeasuredProcess<unknown>;
  readonly url: string;
  readonly headers: Record<string, string>;
}

type Measured = Driven & { readonly cpu: number };

/** CPU of the way's process in milliseconds a request, and how long its clients waited. */
async function measure(
  driver: MeasuredProcess<DriverReady>,
  { process: own, url, headers }: Way,
  work: Pick<Drive, 'count' | 'concurrency'> & { readonly stream: boolean; readonly warmUp: number },
): Promise<Measured> {
  const drive = { url, headers, body: bodyOf(work.stream), concurrency: work.concurrency };
  await driver.ask({ ...drive, count: work.warmUp } satisfies Drive);
  const before = await own.cpu();
  const driven = await driver.ask<Driven>({ ...drive, count: work.count } satisfies Drive);
  return { ...driven, cpu: ((await own.cpu()) - before) / work.count };
}

/**
 * CPU of the engine's process for a chat request about a patient (policy, row security, keys, identifiers, limits, durable entries,
 * the answer looked at), and the time that it adds, held against a proxy that only parses, looks for card numbers and forwards. Each
 * is a process of its own; provider and clients are another. Beside it @portkey-ai/gateway with its one regex check on, which forwards and
 * keeps nothing. It has no streamed rows: 1.15.2 answers 500 to every stream ("TypeError: immutable" in its own updateHeaders), with or
 * without the check.
 */
export async function run(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  const count = options.quick === true ? 300 : 1_500;
  const streams = options.quick === true ? 20 : 60;
  // What is measured is the program at work, not its compilation: of either side all that is hot is optimised by then.
  const warmUp = options.quick === true ? 100 : 4_000;
  const cluster = await startTestCluster({
    databaseFolder: inRepository('database'),
    sharedSql: { rowSecurity: inRepository('packages/row-security/sql'), fieldEncryption: inRepository('packages/field-encryption/sql') },
  }); // prettier-ignore
  const driver = await startMeasured<DriverReady>('./driver.ts', []);
  const { provider } = driver.ready;
  const configFolder = await writeConfig(provider);
  const json = { 'content-type': 'application/json' };
  const engine = await startMeasured<EngineReady>('./engine-process.ts', [
    JSON.stringify({ cluster: cluster.info, configFolder } satisfies EngineInput),
  ]);
  const proxy = await startMeasured<ProxyReady>('./minimal-proxy.ts', [
    JSON.stringify({ provider } satisfies ProxyInput),
  ]);
  const portkey = await startPortkey(provider);
  try {
    const { url, authorization } = engine.ready;
    const gateway: Way = { process: engine, url, headers: { ...json, authorization } };
    const least: Way = { process: proxy, url: proxy.ready.url, headers: json };
    const many = { count, concurrency: 10, stream: false, warmUp };
    const one = { count: Math.ceil(count / 3), concurrency: 1, stream: false, warmUp: Math.ceil(count / 6) };
    const streamed = { count: streams, concurrency: 1, stream: true, warmUp: Math.ceil(streams / 4) };
    const measureWay = async (way: Way) => ({
      many: await measure(driver, way, many),
      one: await measure(driver, way, one),
    });
    const held = { ...(await measureWay(least)), streamed: await measure(driver, least, streamed) };
    const own = { ...(await measureWay(gateway)), streamed: await measure(driver, gateway, streamed) };
    const other = portkey && (await measureWay({ ...portkey, headers: { ...json, ...portkey.headers } }));
    const row = (name: string, value: number, against: number): BenchRow => ({
      name,
      value,
      unit: 'ms',
      baseline: `minimal proxy ${against.toFixed(2)} ms`,
      ratio: value / against,
    });
    const rows = (who: string, of: Pick<typeof held, 'many' | 'one'>): BenchRow[] => [
      row(`${who}, CPU a request, ten at a time`, of.many.cpu, held.many.cpu),
      row(`${who}, CPU a request, one at a time`, of.one.cpu, held.one.cpu),
      row(`${who}, whole answer, one at a time`, of.one.whole, held.one.whole),
    ];
    return [
      ...rows('AI gateway', own),
      row('AI gateway, streamed, first words', own.streamed.firstWords, held.streamed.firstWords),
      row('AI gateway, streamed, whole answer', own.streamed.whole, held.streamed.whole),
      row('AI gateway, streamed, CPU a request', own.streamed.cpu, held.streamed.cpu),
      ...(other === undefined ? [] : rows('@portkey-ai/gateway', other)),
    ];
  } finally {
    await Promise.all([proxy.end(), driver.end(), engine.end(), portkey?.end()]);
    await cluster.stop();
    await rm(configFolder, { recursive: true });
  }
}

if (import.meta.main) console.table(await run({ quick: process.argv.includes('--quick') }));
