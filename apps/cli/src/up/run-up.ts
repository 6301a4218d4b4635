import { keepAppCertificates } from './app-certificates.ts';
import { type AppContext, describeApp, startOrder } from './apps.ts';
import { startChild } from './children.ts';
import { demoFileOf, readDemoFile } from './demo-file.ts';
import type { Layout } from './layout.ts';
import { endLeftoverApps, rememberApps } from './leftover-apps.ts';
import type { UpOptions } from './options.ts';
import { makeOrigins } from './origins.ts';
import { requireFreePorts } from './ports.ts';
import { keepSecrets } from './secrets.ts';
import { type SeedContext, seedDemo } from '../seed/seed-demo.ts';
import { Shutdown } from './shutdown.ts';
import { endLeftoverStores, makeStateFolder, removeState } from './state-folder.ts';
import { lockState } from './state-lock.ts';
import { startStores } from './stores.ts';
import { renderSummary } from './summary.ts';
import { tellError } from '../tell-error.ts';

const say = (line: string): void => {
  console.log(`cordon: ${line}`);
};

/** Starts everything, waits for the end, and ends everything. Answers the exit code. */
export async function runUp(layout: Layout, options: UpOptions): Promise<number> {
  const shutdown = new Shutdown();
  listenForEnd(shutdown);
  const begun = performance.now();
  let code = 0;
  try {
    const starting = start(layout, options, shutdown);
    // An end that is asked for during the start waits for the step under way, and no further one is begun.
    const ready = await Promise.race([starting, shutdown.requested.then(() => undefined)]);
    if (ready === undefined) await starting.catch(() => undefined);
    else {
      console.log(ready);
      say(`Ready after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
      const reason = await shutdown.requested;
      if (reason !== endedByPerson) {
        console.error(`cordon: ${reason}`);
        code = 1;
      }
    }
    say('Ending everything …');
  } catch (error) {
    tellError(error);
    code = 1;
  }
  try {
    await shutdown.run();
  } catch (error) {
    tellError(error);
    code = 1;
  }
  return code;
}

const endedByPerson = 'ended by request';

/** Ctrl-C, `kill`, a closed terminal, or the launcher's own end. */
function listenForEnd(shutdown: Shutdown): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      shutdown.request(endedByPerson);
    });
  process.once('disconnect', () => {
    shutdown.request(endedByPerson);
  });
}

/** Answers the text for people once everything is ready; throws when the end was asked for meanwhile. */
async function start(layout: Layout, options: UpOptions, shutdown: Shutdown): Promise<string> {
  const { signal } = shutdown;
  await makeStateFolder(layout);
  shutdown.add(await lockState(layout.state, options.basePort));
  if ((await endLeftoverApps(layout.state)) > 0) say('Ended apps of an earlier start');
  if (await endLeftoverStores(layout)) say('Ended the PostgreSQL of an earlier start');
  if (options.fresh) {
    say('Removing data, secrets and logs');
    await removeState(layout);
    await makeStateFolder(layout);
  }
  await requireFreePorts(layout.ports);
  signal.throwIfAborted();

  const origins = makeOrigins(layout.ports, options.tls);
  const files = await keepSecrets(layout.secrets, origins);
  const certificates = await keepAppCertificates(layout.secrets, options.tls);
  const stores = await startStores(layout, say);
  shutdown.add(stores.stop);
  void stores.ended.then(() => {
    shutdown.request('PostgreSQL ended by itself; its log is .cordon/logs/postgresql.log.');
  });
  signal.throwIfAborted();

  const seed: SeedContext = { layout, origins, files, stores, demoFile: demoFileOf(layout), say };
  await seedDemo('stores', seed);
  signal.throwIfAborted();
  await startApps(
    { layout, origins, files, certificates, stores, logLevel: process.env['CORDON_LOG_LEVEL'] ?? 'info' },
    shutdown,
  );
  await seedDemo('apps', seed);
  return renderSummary(origins, await readDemoFile(layout), certificates.web?.authorityFile);
}

async function startApps(context: AppContext, shutdown: Shutdown): Promise<void> {
  const { layout, certificates } = context;
  const pids: number[] = [];
  const stops: (() => Promise<void>)[] = [];
  // All at once: each gives its requests in flight time, and the times must not add up.
  shutdown.add(async () => {
    await Promise.all(stops.map((stop) => stop()));
  });
  for (const group of startOrder) {
    say(`Starting ${group.join(' and ')} …`);
    const children = await Promise.allSettled(
      group.map((name) =>
        startChild(describeApp(name, context), {
          logs: layout.logs,
          authorityFile: certificates.web?.authorityFile,
          signal: shutdown.signal,
        }),
      ),
    );
    for (const child of children)
      if (child.status === 'fulfilled') {
        pids.push(child.value.pid);
        stops.push(child.value.stop);
        void child.value.ended.then((sentence) => {
          shutdown.request(sentence);
        });
      }
    await rememberApps(layout.state, pids);
    for (const child of children) if (child.status === 'rejected') throw child.reason;
    shutdown.signal.throwIfAborted();
  }
}
