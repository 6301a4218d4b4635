import { CliError } from '../error.ts';
import { keepVerdictKey } from '../gate/verdict-key.ts';
import { keepAppCertificates } from './app-certificates.ts';
import { type AppContext, describeApp, apps } from './apps.ts';
import { type Child, startChild } from './children.ts';
import type { DemoFile } from './demo-file.ts';
import type { Layout } from './layout.ts';
import { choosesDemo, isWithoutDemo } from './choose-demo.ts';
import { writeEnvironmentFiles } from './environment-files.ts';
import { endLeftoverApps, rememberApps } from './leftover-apps.ts';
import type { UpOptions } from './options.ts';
import { makeOrigins } from './origins.ts';
import { requireFreePorts } from './ports.ts';
import { keepSecrets } from './secrets.ts';
import { seedDemo } from '../seed/seed-demo.ts';
import { EndedByPerson, rejectWhenAborted, Shutdown } from './shutdown.ts';
import { endLeftoverStores, makeStateFolder, removeState } from './state-folder.ts';
import { lockState } from './state-lock.ts';
import { startStores, usesOwnServers } from './stores.ts';
import { writeVerifierFile } from './verifier-file.ts';
import { renderSummary } from './summary.ts';
import { tellError } from '../tell-error.ts';

const say = (line: string): void => {
  console.log(`cordon: ${line}`);
};

/** Starts everything, waits for the end, and ends everything. Answers the exit code. */
export async function runUp(layout: Layout, options: UpOptions): Promise<number> {
  const begun = performance.now();
  const shutdown = new Shutdown();
  listenForEnd(shutdown);
  let code = 0;
  const report = (reason: unknown): void => {
    if (reason instanceof EndedByPerson) return;
    tellError(reason);
    code = 1;
  };
  try {
    console.log(await start(layout, options, shutdown));
    say(`Ready after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    await rejectWhenAborted(shutdown.signal);
  } catch (error) {
    // What was waited for may put an error of its own around the reason.
    report(shutdown.signal.aborted ? shutdown.signal.reason : error);
  }
  await shutdown.run().catch(report);
  return code;
}

/** Ctrl-C, `kill`, a closed terminal, or the launcher's own end. */
function listenForEnd(shutdown: Shutdown): void {
  const end = (): void => {
    shutdown.request(new EndedByPerson('the end was asked for'));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  process.once('disconnect', end);
}

/** Answers the text for people once everything is ready; throws when the end was asked for meanwhile. */
async function start(layout: Layout, options: UpOptions, shutdown: Shutdown): Promise<string> {
  const { signal } = shutdown;
  const ownServers = await usesOwnServers(layout);
  if (ownServers && options.fresh)
    throw new CliError(
      'arguments-invalid',
      '--fresh removes what Cordon keeps on this machine, and your own PostgreSQL is not among it: drop the five ' +
        'databases, remove .cordon, and start without it.',
    );
  await makeStateFolder(layout);
  shutdown.add(await lockState(layout.state, options));
  if ((await endLeftoverApps(layout.state)) > 0) say('Ended apps of an earlier start');
  if (await endLeftoverStores(layout)) say('Ended the PostgreSQL of an earlier start');
  if (options.fresh) {
    if (await isWithoutDemo(layout))
      throw new CliError(
        'arguments-invalid',
        '--fresh removes a demo. This installation was begun without it, and may hold data of real people: to remove all of ' +
          'it for good, remove the folder .cordon yourself.',
      );
    say('Removing data, secrets and logs');
    await removeState(layout);
    await makeStateFolder(layout);
  }
  const withDemo = await choosesDemo(layout, options.empty);
  if (!withDemo && !options.empty) say('This installation was begun without the demo, which is not added');
  await requireFreePorts(layout.ports, ownServers ? ['postgres'] : []);
  signal.throwIfAborted();

  const origins = makeOrigins(layout.ports, options.tls);
  const files = await keepSecrets(layout.secrets, origins);
  const certificates = await keepAppCertificates(layout.secrets, options.tls);
  // The engine is told by which key it knows the gate's reports.
  await keepVerdictKey(layout);
  const stores = await startStores(layout, say);
  shutdown.add(async () => {
    say('Ending the stores …');
    await stores.stop();
  });
  void stores.ended.then(() => {
    shutdown.request(
      new CliError('stores-ended', 'PostgreSQL ended by itself; its log is .cordon/logs/postgresql.log.'),
    );
  });
  await writeVerifierFile(layout, files, stores);
  signal.throwIfAborted();

  const logLevel = process.env['CORDON_LOG_LEVEL'] ?? 'info';
  const context: AppContext = { layout, origins, files, certificates, stores, logLevel };
  await writeEnvironmentFiles(context);
  const demo = withDemo ? await seedDemo(context, signal, say) : undefined;
  signal.throwIfAborted();
  const site = siteOf(demo);
  await startApps({ ...context, site }, shutdown);
  return renderSummary(origins, demo, {
    site: site !== undefined,
    authorityFile: certificates.web?.authorityFile,
  });
}

/** The public site of the demo is its first clinic's; without the demo, it is that of the clinic that the settings name. */
function siteOf(demo: DemoFile | undefined): AppContext['site'] {
  const {
    CORDON_SITE_TENANT_ID: tenantId,
    CORDON_SITE_CLINIC_ID: clinicId,
    CORDON_SITE_PHONE: phone,
  } = process.env;
  if (!demo && tenantId && clinicId && phone) return { tenantId, clinicId };
  const tenant = demo?.tenants[0];
  const clinic = tenant?.clinics[0];
  return tenant && clinic ? { tenantId: tenant.id, clinicId: clinic.id } : undefined;
}

async function startApps(context: AppContext, shutdown: Shutdown): Promise<void> {
  const { layout, certificates } = context;
  const started = apps.filter((name) => name !== 'web' || context.site !== undefined);
  say(`Starting ${started.join(', ')} …`);
  const children: Child[] = [];
  // All at once: each gives its requests in flight time, and the times must not add up.
  shutdown.add(async () => {
    say('Ending the apps …');
    await Promise.all(children.map((child) => child.stop()));
  });
  for (const name of started) {
    const child = await startChild(describeApp(name, context), layout.logs);
    children.push(child);
    void child.ended.then((error) => {
      shutdown.request(error);
    });
  }
  await rememberApps(
    layout.state,
    children.map(({ pid }) => pid),
  );
  await Promise.all(children.map((child) => child.ready(shutdown.signal, certificates.web?.authorityFile)));
}
