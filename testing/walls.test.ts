import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
let folder: string;

/** A small repository in which each import rule is broken once. */
const planted: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'apps-never-import-apps': {
    'apps/portal/src/x.ts': "import '../../engine/src/x.ts';",
    'apps/engine/src/x.ts': 'export {};',
  },
  'controls-never-import-apps': { 'compliance/checks/a.ts': "import '../../apps/engine/src/x.ts';" },
  'packages-never-import-apps': { 'packages/stores/a.ts': "import '../../apps/engine/src/x.ts';" },
  'packages-through-their-door': {
    'apps/identity/src/x.ts': "import '../../../packages/stores/src/inner.ts';",
    'packages/stores/src/inner.ts': 'export {};',
  },
  'features-through-their-door': {
    'apps/engine/src/server.ts': "import './features/alerts/routes.ts';",
    'apps/engine/src/features/alerts/routes.ts': 'export {};',
  },
  'features-do-not-look-into-features': {
    'apps/engine/src/features/intake/a.ts': "import '../alerts/routes.ts';",
  },
  'only-the-pipeline-takes-keys': {
    'apps/engine/src/features/intake/b.ts': "import { k } from '../../keys/k.ts';\nexport const used = k;",
    'apps/engine/src/keys/k.ts': 'export const k = 1;',
  },
  'pure-packages-are-pure': { 'packages/transparency-log/a.ts': "import 'zod';" },
  'the-scrubber-knows-no-platform': { 'packages/pan-scrubber/a.ts': "import 'node:fs';" },
  'pages-import-no-server-code': {
    'apps/console/ui/src/a.ts': "import '../../../../packages/stores/src/inner.ts';",
  },
  'no-model-provider-outside-the-gateway': { 'apps/web/src/model.ts': "import 'openai';" },
  'no-test-code-in-production': {
    'packages/service/a.ts': "import '../../testing/t.ts';",
    'testing/t.ts': 'export {};',
  },
  'no-circles': {
    'packages/service/b.ts': "import './c.ts';",
    'packages/service/c.ts': "import './b.ts';",
  },
  'nothing-unresolvable': { 'packages/service/d.ts': "import './nowhere.ts';" },
};

/** Libraries that know the way to a model, here or not; in processes, packages and pages. */
const providers: Readonly<Record<string, string>> = {
  'apps/portal/src/model.ts': '@anthropic-ai/sdk',
  'apps/console/ui/src/model.ts': '@ai-sdk/openai-compatible',
  'apps/identity/src/model.ts': 'ollama',
  'packages/ai-gateway/src/model.ts': 'openai/resources',
  'apps/engine/src/features/intake/model.ts': '@aws-sdk/client-bedrock-runtime',
};

let broken: Map<string, string[]>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-walls-'));
  const imports = Object.entries(providers).map(([path, name]) => ({ [path]: `import '${name}';` }));
  for (const files of [...Object.values(planted), ...imports])
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), `${text}\n`);
    }
  await mkdir(join(folder, 'bench'), { recursive: true });
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'tsconfig.base.json'])
    await cp(join(root, file), join(folder, file));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const { stdout } = await run(
    process.execPath,
    [
      cruiser,
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
      'apps',
      'packages',
      'testing',
      'compliance',
    ],
    { cwd: folder, maxBuffer: 32 * 1024 * 1024 },
  ).catch((error: unknown) => error as { stdout: string });
  const report = JSON.parse(stdout) as {
    summary: { violations: { from: string; rule: { name: string } }[]; totalCruised: number };
  };
  broken = new Map();
  for (const { from, rule } of report.summary.violations)
    broken.set(rule.name, [...(broken.get(rule.name) ?? []), from]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the import rules', () => {
  it.each(Object.entries(planted))('find a breach of %s', (rule, files) => {
    const offender = Object.keys(files)[0];
    expect(broken.get(rule)).toContain(offender);
  });

  it.each(Object.entries(providers))('find a way to a model in %s: %s', (path) => {
    expect(broken.get('no-model-provider-outside-the-gateway')).toContain(path);
  });
});
