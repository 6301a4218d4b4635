import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cloneDatabases, startTestCluster } from '@cordon/stores/testing';
import { createRateLimit } from '@cordon/web-guard';
import { giveConsent } from '../../testing/engine/route-table.ts';
import { runEngineOn } from '../../testing/engine/run-engine-on.ts';
import type { BenchRow } from '../row.ts';
import type { Drive, Driven } from './driver.ts';
import { openMinimalProxy } from './minimal-proxy.ts';

const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const purpose = 'purpose.chat.triage.assist';

interface Told {
  readonly provider?: string;
  readonly driven?: Driven;
  readonly failed?: string;
}

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

/**
 * CPU of this process for a chat request about a patient (policy, row security, keys, identifiers, limits, three durable entries, the
 * answer looked at), and the time that it adds, held against a proxy that only parses, looks for card numbers and forwards.
 */
export async function run(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  const count = options.quick === true ? 200 : 1_500;
  const cluster = await startTestCluster({
    databaseFolder: inRepository('database'),
    sharedSql: { rowSecurity: inRepository('packages/row-security/sql'), fieldEncryption: inRepository('packages/field-encryption/sql') },
  }); // prettier-ignore
  const driver = fork(fileURLToPath(new URL('./driver.ts', import.meta.url)), {
    execArgv: ['--conditions=cordon-source'],
  });
  const [{ provider = '' }] = (await once(driver, 'message')) as [Told];
  const folder = await writeConfig(provider);
  const engine = await runEngineOn(await cloneDatabases(cluster.info), undefined, {
    rateLimit: createRateLimit({ store: { take: () => ({ allowed: true }) } }),
    environment: { CORDON_CONFIG_DIR: folder },
  });
  const proxy = await openMinimalProxy(provider);
  try {
    const patient = engine.account('Petra Patientson');
    await giveConsent(engine, patient);
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${await engine.token(patient)}`,
    };
    const content = 'I am Petra Patientson, born 17 March 1984, and my upper left tooth hurts since yesterday. Ring me on 07700 900123.'; // prettier-ignore
    const body = JSON.stringify({ model: purpose, messages: [{ role: 'user', content }] });
    const gatewayUrl = `${engine.running.url}/v1/ai/chat/completions`;
    const measure = async (url: string, concurrency: number): Promise<Driven & { cpu: number }> => {
      const work = async (times: number): Promise<Driven> => {
        driver.send({ url, headers, body, count: times, concurrency } satisfies Drive);
        const [told] = (await once(driver, 'message')) as [Told];
        if (told.driven === undefined) throw new Error(told.failed);
        return told.driven;
      };
      await work(Math.ceil(count / 4));
      const before = process.cpuUsage();
      const driven = await work(count);
      const { user, system } = process.cpuUsage(before);
      return { ...driven, cpu: (user + system) / 1_000 / count };
    };
    const least = await measure(proxy.url, 10);
    const gateway = await measure(gatewayUrl, 10);
    const leastAlone = await measure(proxy.url, 1);
    const alone = await measure(gatewayUrl, 1);
    const row = (name: string, value: number, held: number, what: string): BenchRow => ({
      name,
      value,
      unit: 'ms',
      baseline: `${what} ${held.toFixed(2)} ms`,
      ratio: value / held,
    });
    return [
      row('AI gateway, CPU a request', gateway.cpu, least.cpu, 'minimal proxy'),
      row('AI gateway, first byte, one at a time', alone.firstByte, leastAlone.firstByte, 'minimal proxy'),
      row('AI gateway, whole answer, one at a time', alone.whole, leastAlone.whole, 'minimal proxy'),
    ];
  } finally {
    proxy.close();
    driver.kill();
    await engine.close();
    await cluster.stop();
    await rm(folder, { recursive: true });
  }
}
