import { fail, judgeFaults, pass, seen, unknown, type Answer } from '@cordon/control-gate';
import { parse } from 'yaml';
import type { Asked } from '../asked.ts';

interface Workflow {
  readonly permissions?: unknown;
  readonly on?: unknown;
  readonly jobs?: Readonly<
    Record<
      string,
      {
        readonly permissions?: Record<string, string>;
        readonly steps?: readonly {
          readonly uses?: string;
          readonly with?: Record<string, unknown>;
          readonly run?: string;
        }[];
      }
    >
  >;
}

/** Workflows begin with no permission, pin what they use by commit, and run nothing of a stranger with secrets. */
export async function workflowsAreLeast(asked: Asked): Promise<Answer> {
  const files = (await asked.listFiles('.github/workflows')).filter((file) => /\.ya?ml$/.test(file));
  const faults: string[] = [];
  for (const file of files) {
    const text = await asked.readText(`.github/workflows/${file}`);
    const { permissions, on, jobs = {} } = parse(text) as Workflow;
    if (JSON.stringify(permissions) !== '{}') faults.push(`${file} does not begin with permissions: {}`);
    if (JSON.stringify(on ?? '').includes('pull_request_target'))
      faults.push(`${file} runs a stranger's change with our secrets`);
    for (const [job, { permissions: granted, steps = [] }] of Object.entries(jobs)) {
      if (granted === undefined) faults.push(`${file}, ${job}: says nothing of its permissions`);
      for (const [scope, level] of Object.entries(granted ?? {}))
        if (level === 'write' && !['id-token', 'attestations'].includes(scope))
          faults.push(`${file}, ${job}: may write ${scope}`);
      for (const { uses, with: options, run } of steps) {
        if (uses !== undefined && !/@[0-9a-f]{40}$/.test(uses))
          faults.push(`${file}, ${job}: ${uses} is not pinned by commit`);
        if (uses?.startsWith('actions/checkout@') === true && options?.['persist-credentials'] !== false)
          faults.push(`${file}, ${job}: leaves its credentials in the checkout`);
        if (/\$\{\{\s*github\.(event|head_ref)/.test(run ?? ''))
          faults.push(`${file}, ${job}: writes a stranger's text into a shell`);
      }
    }
  }
  if (files.length === 0) return unknown('There is no workflow to be read.', []);
  return judgeFaults(faults, `${files.length} workflows hold the least they need.`, [
    seen('permissions, pins and triggers', '.github/workflows', files),
  ]);
}

/** What an owner must see: sign-in, access, AI gateway, migrations, configuration, and what guards all of it. */
export const ownedPaths = ['/apps/identity/', '/apps/engine/src/caller/', '/apps/engine/src/keys/', '/apps/engine/src/features/ai-gateway/', '/packages/access-policy/', '/packages/ai-gateway/', '/packages/row-security/', '/packages/control-gate/', '/config/', '/database/', '/compliance/', '/deploy/', '/.agent/', '/.github/', '/.ci/']; // prettier-ignore

export async function sensitivePathsOwned(asked: Asked): Promise<Answer> {
  const lines = (await asked.readText('CODEOWNERS'))
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const owners = new Map(lines.map((line) => [line.split(/\s+/)[0] ?? '', line.split(/\s+/).slice(1)]));
  const faults = ownedPaths
    .filter((path) => (owners.get(path) ?? []).length === 0)
    .map((path) => `nobody owns ${path}`);
  return judgeFaults(
    faults,
    `${ownedPaths.length} sensitive paths have owners.`,
    [seen('owners of sensitive paths', 'CODEOWNERS', `${lines.length} lines`)],
    'add the path to CODEOWNERS',
  );
}

/** Changes to owned paths since the last hundred commits carry the word of a reviewer who is not their author. */
export async function changesReviewed(asked: Asked, signal: AbortSignal): Promise<Answer> {
  const paths = ownedPaths.map((path) => `:(top)${path.slice(1)}`);
  const { code, stdout, stderr } = await asked.run(
    'git',
    [
      'log',
      '-n',
      '100',
      '--no-merges',
      '--format=%H%x00%ae%x00%(trailers:key=Reviewed-by,valueonly,separator=%x2C)',
      '--',
      ...paths,
    ],
    signal,
  );
  if (code !== 0)
    return unknown('The history cannot be read.', [seen('git log', 'this checkout', stderr.slice(-300))]);
  const commits = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\0'));
  const unreviewed = commits.filter(([, author = '', reviewers = '']) => {
    const others = reviewers
      .split(',')
      .filter((each) => /<[^>]+>/.test(each) && !each.includes(`<${author}>`));
    return others.length === 0;
  });
  const evidence = [
    seen(
      'Reviewed-by trailers of the last 100 changes to owned paths',
      'git log',
      `${commits.length} changes, ${unreviewed.length} without a reviewer`,
    ),
  ];
  if (commits.length === 0) return unknown('The history holds no change to an owned path.', evidence);
  return unreviewed.length === 0
    ? pass(`${commits.length} changes were reviewed by somebody else.`, evidence)
    : fail(
        `${unreviewed.length} of ${commits.length} changes to owned paths name no reviewer, the last ${(unreviewed[0]?.[0] ?? '').slice(0, 12)}.`,
        evidence,
        'merge by pull request with a trailer "Reviewed-by: Name <address>" of somebody who is not the author',
      );
}

/** A rule of the page on secure code names what holds it, and that exists. */
export async function secureCodingHeld(asked: Asked): Promise<Answer> {
  const text = await asked.readText('docs/secure-coding.md');
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && !/^\| (rule|-)/i.test(line));
  const faults: string[] = [];
  for (const row of rows) {
    const [, rule = '', holds = ''] = row.split('|').map((cell) => cell.trim());
    const named = [...holds.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    if (named.length === 0) faults.push(`"${rule.slice(0, 60)}" names nothing that holds it`);
    for (const name of named.filter((each) => each.includes('/') && /\.(ts|mjs|cjs)$/.test(each)))
      if ((await asked.readText(name).catch(() => undefined)) === undefined)
        faults.push(`"${rule.slice(0, 60)}" names ${name}, which is not there`);
  }
  if (rows.length === 0) faults.push('the page has no rules');
  return judgeFaults(faults, `${rows.length} rules name what holds them.`, [
    seen('rules and what holds them', 'docs/secure-coding.md', `${rows.length} rules`),
  ]);
}
