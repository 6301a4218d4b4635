import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Asked } from '../../compliance/asked.ts';
import { impactSteps, impactSubjects } from '../../compliance/checks/documents.ts';
import { expectBlocked, expectPass, ran, soundWorld } from './sound-world.ts';

const hash = 'a'.repeat(64);
const register = '.agent/compliance/BAA_STATUS.md';
const rows = ['Auth0 | Identity', 'Twilio | SMS', 'Google Cloud | Document AI', 'AWS | KMS and S3'];
const agreements = (change: (text: string) => string = (text) => text): string =>
  change(
    `| Vendor | Service | Signed by both parties | Signed on | Expires | Document hash |\n|---|---|---|---|---|---|\n${rows.map((row) => `| ${row} | yes | 2026-01-10 | 2027-01-10 | ${hash} |\n`).join('')}`,
  );
const tests = `| Firm | Scope | Date | Critical open | High open | Medium open | Low open | Report hash |\n|---|---|---|---|---|---|---|---|\n| Example Ltd | API endpoints, tenant isolation, OCR | 2026-02-01 | 0 | 0 | 1 | 2 | ${hash} |\n`;
const settings = JSON.stringify({
  launch: '2026-04-01',
  patientData: { development: false, staging: false },
  vendors: ['Auth0', 'Twilio', 'Google Cloud', 'AWS'],
});
const impact = `${impactSteps.map((step) => `## ${step}\n\n${'What was found, and by whom. '.repeat(4)}\n\n`).join('')}| Item | Name | Date |\n|---|---|---|\n${['Measures approved by', 'Residual risks approved by', 'Advice of the data protection officer'].map((item) => `| ${item} | Dr Example | 2026-02-01 |\n`).join('')}`;
const lock = {
  packages: { 'node_modules/good': { version: '1.2.3', integrity: 'sha512-x', license: 'MIT' } },
};
const clean = {
  vulnerabilities: {},
  metadata: { vulnerabilities: { critical: 0, high: 0, moderate: 1, low: 2 } },
};
const bom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  components: [{ name: 'good', version: '1.2.3', purl: 'pkg:npm/good@1.2.3' }],
};
const cruise = { summary: { totalCruised: 900, violations: [] as object[] } };
const rules = [
  'cordon/no-string-built-sql',
  'no-unsanitized/property',
  '@typescript-eslint/no-implied-eval',
  'no-console',
  'security/detect-unsafe-regex',
  '@typescript-eslint/no-explicit-any',
];
const reviewed = `${'a'.repeat(40)}\0author@example.org\0Rev Iewer <reviewer@example.org>\n`;

/** Programs as they answer where all is well. */
const answers: Readonly<Record<string, string>> = {
  'npm audit': JSON.stringify(clean),
  'npm sbom': JSON.stringify(bom),
  'npx depcruise': JSON.stringify(cruise),
  'node compliance/lint-planted.ts': JSON.stringify(rules),
  'git log': reviewed,
  'npx cordon': 'proven, by CRYPT-LUKS2',
};
const texts: Readonly<Record<string, string>> = {
  [register]: agreements(),
  'compliance/penetration-tests.md': tests,
  'compliance/gate.json': settings,
  'package-lock.json': JSON.stringify(lock),
  ...Object.fromEntries(impactSubjects.map((subject) => [`compliance/dpia/${subject}.md`, impact])),
};

interface Changes {
  readonly text?: Readonly<Record<string, string>>;
  readonly answer?: Readonly<Record<string, string | Error>>;
  readonly more?: Partial<Asked>;
}

/** This repository with registers that are in order and programs that answer well, but for what a test changes. */
function world({ text = {}, answer = {}, more = {} }: Changes = {}): Asked {
  const sound = soundWorld();
  const known: Readonly<Record<string, string>> = { ...texts, ...text };
  return {
    ...sound,
    readText: (path) => (known[path] === undefined ? sound.readText(path) : Promise.resolve(known[path])),
    run: (program, args) => {
      const told = { ...answers, ...answer }[`${program} ${args[0] ?? ''}`];
      if (told instanceof Error) return Promise.reject(told);
      return Promise.resolve(told === undefined ? ran('', 127, 'not found') : ran(told));
    },
    ...more,
  };
}

const readOwn = async (path: string): Promise<string> => soundWorld().readText(path);
const asked = ['SEC-001', 'SEC-003', 'SEC-007', 'SEC-008', 'SEC-011', 'CH-1.5', 'CH-4.3', 'CH-4.4', 'CH-4.6', 'CH-5.1', 'CH-5.4', 'CH-6.1', 'CH-6.3', 'CH-7.1', 'CH-8.1', 'CH-10.1', 'CH-10.2', 'CH-10.3', 'CH-10.4', 'CH-10.5', 'CH-10.6', 'CH-10.7', 'CH-10.8', 'CH-10.13', 'CH-11.4']; // prettier-ignore
it.each(asked)('%s passes where nothing is wrong', (id) => expectPass(id, world()));

describe('the gate blocks, and names it, when somebody', () => {
  it.each<[string, string, Changes, RegExp]>([
    ['lets an agreement end', 'SEC-003', { text: { [register]: agreements((text) => text.replaceAll('2027-01-10', '2026-02-10')) } }, /with Auth0 \(Identity\) ended on 2026-02-10/],
    ['lets an agreement come near its end', 'SEC-003', { text: { [register]: agreements((text) => text.replace('2027-01-10', '2026-03-20')) } }, /Auth0 \(Identity\) ends in 19 days/],
    ['leaves an agreement unsigned', 'SEC-003', { text: { [register]: agreements((text) => text.replace(/SMS \| yes.*\|/, 'SMS | no | | | |')) } }, /Twilio \(SMS\) has not signed/],
    ['strikes a vendor from the register', 'SEC-003', { text: { [register]: agreements((text) => text.replace(/\| AWS.*\n/, '')) } }, /does not name AWS/],
    ['leaves a critical finding open', 'SEC-011', { text: { 'compliance/penetration-tests.md': tests.replace('| 0 | 0 |', '| 1 | 0 |') } }, /1 critical findings of Example Ltd/],
    ['breaks the scrubber', 'SEC-001', { more: { scrub: (value) => ({ value, findings: [] }) } }, /10 of 10 card numbers survive/],
    ['lets the scrubber eat what is no card', 'SEC-001', { more: { scrub: () => ({ value: '[REDACTED-PAN]', findings: [1] }) } }, /numbers that are no cards are taken out/],
    ['breaks what holds against hostile forms', 'SEC-007', { more: { test: () => Promise.resolve({ passed: 11, failed: 1, silent: [] }) } }, /1 tests fail/],
    ['installs a library with a known weakness', 'SEC-008', { answer: { 'npm audit': JSON.stringify({ ...clean, metadata: { vulnerabilities: { critical: 0, high: 3, moderate: 0, low: 0 } } }) } }, /3 high/],
    ['leaves the root key in a file', 'CH-4.3', { more: { rootKey: () => Promise.resolve({ kind: 'file', of: '.cordon/secrets/root.key' }) } }, /root key is a file/],
    ['commits a secret', 'CH-4.6', { more: { findSecrets: () => Promise.resolve({ of: 'here', scanned: 900, findings: ['config/x.json:3: AWS_SECRET'] }) } }, /config\/x\.json:3/],
    ['opens a secret file to all', 'CH-4.6', { more: { secretFiles: () => Promise.resolve([{ path: '.cordon/secrets/root.key', mode: 0o100644 }]) } }, /root\.key can be read by others/],
    ['changes a row of the log by force', 'CH-5.1', { more: { verifyAudit: () => Promise.resolve({ of: 'here', entries: 40, findings: ['changed: leaf 17'] }) } }, /changed: leaf 17/],
    ['sends checkpoints nowhere', 'CH-5.4', { more: { processes: () => Promise.resolve([{ name: 'sequencer', variables: [] }]) } }, /No witness outside/],
    ['takes the lawful basis from an AI purpose', 'CH-7.1', { text: { 'config/champagne-ai-gateway-config.json': JSON.stringify({ purposes: [{ id: 'purpose.chat.triage.assist', allowedDataClasses: ['chatTranscriptPHI'] }] }) } }, /purpose\.chat\.triage\.assist names no basis/],
    ['takes back the approval of an assessment', 'CH-8.1', { text: { 'compliance/dpia/portal.md': impact.replaceAll('Dr Example', '') } }, /portal: nobody has signed/],
    ['imports across a wall', 'CH-10.1', { answer: { 'npx depcruise': JSON.stringify({ summary: { totalCruised: 900, violations: [{ from: 'apps/portal/src/x.ts', to: 'apps/engine/src/keys/k.ts', rule: { name: 'apps-never-import-apps' } }] } }) } }, /apps-never-import-apps: apps\/portal\/src\/x\.ts/],
    ['switches a lint rule off', 'CH-10.2', { answer: { 'node compliance/lint-planted.ts': JSON.stringify(rules.slice(1)) } }, /cordon\/no-string-built-sql finds nothing/],
    ['takes a package from elsewhere', 'CH-10.3', { text: { 'package-lock.json': JSON.stringify({ packages: { 'node_modules/bad': { ...lock.packages['node_modules/good'], resolved: 'https://evil.example/bad.tgz' } } }) } }, /bad comes from elsewhere/],
    ['takes a package without a digest', 'CH-10.3', { text: { 'package-lock.json': JSON.stringify({ packages: { 'node_modules/bad': { version: '1.0.0' } } }) } }, /bad has no SHA-512/],
    ['takes a package that runs at install', 'CH-10.3', { text: { 'package-lock.json': JSON.stringify({ packages: { 'node_modules/bad': { ...lock.packages['node_modules/good'], hasInstallScript: true } } }) } }, /bad has an install script/],
    ['leaves a package out of the bill of materials', 'CH-10.4', { answer: { 'npm sbom': JSON.stringify({ ...bom, components: [{ name: 'other', version: '9.9.9', purl: 'pkg:npm/other@9.9.9' }] }) } }, /good is missing/],
    ['takes a licence that binds', 'CH-10.5', { text: { 'package-lock.json': JSON.stringify({ packages: { 'node_modules/bad': { version: '1.0.0', license: 'AGPL-3.0-only' } } }) } }, /bad is under AGPL-3\.0-only/],
    ['takes a choice of licences neither of which is ours', 'CH-10.5', { text: { 'package-lock.json': JSON.stringify({ packages: { 'node_modules/bad': { version: '1.0.0', license: '(GPL-2.0 OR SSPL-1.0)' } } }) } }, /bad is under \(GPL-2\.0 OR SSPL-1\.0\)/],
    ['ships a licence that tools alone may have', 'CH-10.5', { text: { 'package-lock.json': JSON.stringify({ packages: { 'node_modules/bad': { version: '1.0.0', license: 'MPL-2.0' } } }) } }, /bad is under MPL-2\.0/],
    ['hands the portal the engine’s credentials', 'CH-10.13', { more: { processes: () => Promise.resolve([{ name: 'portal', variables: ['CORDON_DB_ENGINE_CLINICAL_URL'] }]) } }, /portal is given CORDON_DB_ENGINE_CLINICAL_URL/],
    ['merges without a reviewer', 'CH-10.8', { answer: { 'git log': reviewed.replace('Rev Iewer <reviewer@example.org>', '') } }, /1 of 1 changes/],
    ['reviews a change of their own', 'CH-10.8', { answer: { 'git log': reviewed.replace('reviewer@', 'author@') } }, /1 of 1 changes/],
  ])('%s', async (_name, id, changes, says) => {
    await expectBlocked(id, world(changes), says);
  }); // prettier-ignore

  it.each<[string, string, Changes, RegExp]>([
    ['kills the scanner', 'SEC-008', { answer: { 'npm audit': new Error('spawn npm ENOENT') } }, /could not run: spawn npm ENOENT/],
    ['gives the scanner a registry that answers with an error', 'SEC-008', { answer: { 'npm audit': '{"error":{"code":"E405","summary":"Method Not Allowed"}}' } }, /gave no report/],
    ['gives the scanner a registry that answers with nothing', 'SEC-008', { answer: { 'npm audit': '{}' } }, /gave no report/],
    ['misspells a vendor', 'SEC-003', { text: { [register]: agreements((text) => text.replace('Twilio', 'Twillio')) } }, /line 4: the vendor "Twillio" is not known/],
    ['enters a day that there is not', 'SEC-003', { text: { [register]: agreements((text) => text.replace('2026-01-10', '2026-02-30')) } }, /line 3: "signed on" is no day/],
    ['takes the import check away', 'CH-10.1', { answer: { 'npx depcruise': '' } }, /answered nothing that can be read/],
    ['gives the import check nothing to see', 'CH-10.1', { answer: { 'npx depcruise': JSON.stringify({ summary: { totalCruised: 0, violations: [] } }) } }, /saw 0 modules/],
    ['empties a file of tests', 'SEC-007', { more: { test: () => Promise.resolve({ passed: 3, failed: 0, silent: ['x.test.ts'] }) } }, /No test ran in x\.test\.ts/],
    ['stops the audit log', 'CH-5.1', { more: { verifyAudit: () => Promise.resolve(undefined) } }, /No audit log runs/],
    ['puts the data on a plain disk', 'CH-4.4', { answer: { 'npx cordon': new Error('exit 1') } }, /could not run/],
    ['deploys what nobody built', 'CH-11.4', { more: { builds: () => Promise.resolve([{ name: 'apps/portal/dist/ui', sha256: null }]) } }, /Nobody saw a build of apps\/portal/],
  ])('%s, which makes the answer unknown', async (_name, id, changes, says) => {
    await expectBlocked(id, world(changes), says, 'unknown');
  }); // prettier-ignore

  it('puts an import of a model’s library into the portal', async () => {
    const sound = world();
    const planted = "import OpenAI from 'openai';\nexport const ask = new OpenAI();\n";
    const broken: Asked = {
      ...sound,
      listFiles: async (folder) => [...(await sound.listFiles(folder)), ...(folder === 'apps' ? ['portal/ui/src/planted.ts'] : [])],
      readText: (path) => (path === 'apps/portal/ui/src/planted.ts' ? Promise.resolve(planted) : sound.readText(path)),
    }; // prettier-ignore
    await expectBlocked(
      'CH-6.1',
      broken,
      /apps\/portal\/ui\/src\/planted\.ts names a model's provider: from 'openai'/,
    );
  });

  it.each([
    ['rotation', 'deploy/identity/auth0/clients/portal.json', '"rotating"', '"non-rotating"', /Auth0 does not rotate the refresh tokens of portal/],
    ['rotation at Keycloak', 'deploy/identity/keycloak/cordon-realm.json', '"revokeRefreshToken": true', '"revokeRefreshToken": false', /Keycloak does not rotate/],
  ])('switches %s off for an external provider', async (_name, file, from, to, says) => {
    const text = await readOwn(file);
    expect(text).toContain(from);
    await expectBlocked('CH-1.5', world({ text: { [file]: text.replace(from, to) } }), says);
  }); // prettier-ignore

  it.each([
    ['gives a workflow the right to write', 'contents: read', 'contents: write', /may write contents/],
    [
      'lets a workflow begin with every permission',
      'permissions: {}',
      'permissions: write-all',
      /does not begin with permissions: \{\}/,
    ],
    [
      'runs strangers’ changes with our secrets',
      'pull_request:',
      'pull_request_target:',
      /stranger's change/,
    ],
    ['takes an action by a name that can move', /@[0-9a-f]{40}/, '@v5', /is not pinned by commit/],
  ])('%s', async (_name, from, to, says) => {
    const file = '.github/workflows/ci.yml';
    const text = await readOwn(file);
    await expectBlocked('CH-10.6', world({ text: { [file]: text.replace(from, to) } }), says);
  });

  it('takes an owner from the migrations', async () => {
    const text = (await readOwn('CODEOWNERS')).replace(/^\/database\/.*\n/m, '');
    await expectBlocked('CH-10.7', world({ text: { CODEOWNERS: text } }), /nobody owns \/database\//);
  });

  it('damages the gateway’s configuration', async () => {
    const file = 'config/champagne-ai-gateway-config.json';
    const text = (await readOwn(file)).replace('"chatTranscriptNonPHI"', '"everything"');
    await expectBlocked('CH-6.3', world({ text: { [file]: text } }), /does not compile/);
  });
});

describe('a snapshot of advisories', () => {
  const snapshot = (
    takenAt: string,
    lockfile = createHash('sha256').update(JSON.stringify(lock)).digest('hex'),
    high = 0,
  ) =>
    JSON.stringify({
      takenAt,
      source: 'npm audit on another machine',
      lockfile,
      vulnerabilities: { critical: 0, high, moderate: 0, low: 0 },
    });
  const scan = (text: string): Asked =>
    world({ text: { 'compliance/advisories.json': text }, answer: { 'npm audit': '{"error":{}}' } });

  it('stands in for a registry that gives no report, for seven days', async () => {
    await expectPass('SEC-008', scan(snapshot('2026-02-23T00:00:00Z')));
  });

  it.each([
    ['older than seven days', snapshot('2026-02-21T00:00:00Z'), /says nothing after 7 days/, 'unknown'],
    ['of a time to come', snapshot('2026-03-05T00:00:00Z'), /says nothing after 7 days/, 'unknown'],
    ['of another lockfile', snapshot('2026-02-28T00:00:00Z', 'b'.repeat(64)), /another lockfile/, 'unknown'],
    ['that is none', '{"vulnerabilities":{}}', /no snapshot/, 'unknown'],
    ['with a high finding', snapshot('2026-02-28T00:00:00Z', undefined, 1), /1 high/, 'fail'],
  ] as const)('%s blocks', async (_name, text, says, state) => {
    await expectBlocked('SEC-008', scan(text), says, state);
  });
});
