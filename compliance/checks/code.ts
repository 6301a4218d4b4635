import { fail, judgeFaults, pass, seen, unknown, type Answer } from '@cordon/control-gate';
import type { Asked } from '../asked.ts';

/** Published test numbers of the card networks, in the disguises that paper and people use. */
const cards = [
  '4111111111111111',
  '4111 1111 1111 1111',
  '4111-1111-1111-1111',
  '5555.5555.5555.4444',
  '3782 822463 10005',
  '6011\u00a01111\u00a01111\u00a01117',
  'CARD4111111111111111x',
  '２２２３００３１２２００３２２２',
  '4111 1111\n1111 1111',
  '411l 11ll 1111 11I1',
];
const innocent = [
  '943 476 5919',
  '07700 900123',
  '2026-03-01 10:00',
  '500 mg 3x daily',
  '4111 1111 1111 1112',
];

/** The scrubber that stands before intake, asked with numbers that the card networks publish for tests. */
export function scrubberHolds({ scrub }: Asked): Promise<Answer> {
  const missed = cards.filter((text) => scrub(text).findings.length === 0).length;
  const eaten = innocent.filter((text) => scrub(text).value !== text).length;
  const said = `${cards.length - missed} of ${cards.length} disguised numbers taken out, ${eaten} of ${innocent.length} other numbers touched`;
  const faults = [
    ...(missed > 0 ? [`${missed} of ${cards.length} card numbers survive`] : []),
    ...(eaten > 0 ? [`${eaten} of ${innocent.length} numbers that are no cards are taken out`] : []),
  ];
  return Promise.resolve(
    judgeFaults(faults, `Card numbers are taken out: ${said}.`, [
      seen('published test numbers', 'packages/pan-scrubber', said),
    ]),
  );
}

/** Tests of the repository on a subject; a file in which nothing ran is no pass. */
export const testsHold =
  (project: 'unit' | 'integration', ...paths: readonly string[]) =>
  async (asked: Asked, signal: AbortSignal): Promise<Answer> => {
    const { passed, failed, silent } = await asked.test(project, paths, signal);
    const next = `npx vitest run --project ${project} ${paths.join(' ')}`;
    const evidence = [seen(next, 'this checkout', `${passed} passed, ${failed} failed`)];
    if (failed > 0) return fail(`${failed} tests fail.`, evidence, next);
    if (silent.length > 0 || passed === 0)
      return unknown(`No test ran in ${silent.join(', ')}.`, evidence, next);
    return pass(`${passed} tests hold.`, evidence);
  };

/** The import rules, asked of the tool itself; a tool that cruised nothing proves nothing. */
export async function wallsStand(asked: Asked, signal: AbortSignal): Promise<Answer> {
  const { code, stdout, stderr } = await asked.run(
    'npx',
    ['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'packages', 'apps'],
    signal,
  );
  const read = readCruise(stdout);
  if (read === undefined)
    return unknown('The import check answered nothing that can be read.', [
      seen('depcruise', 'packages apps', `exit code ${code}: ${stderr.slice(-400)}`),
    ]);
  const evidence = [
    seen(
      'depcruise packages apps',
      'this checkout',
      `${read.totalCruised} modules, ${read.violations.length} violations`,
    ),
  ];
  if (read.totalCruised < 100)
    return unknown(
      `The import check saw ${read.totalCruised} modules: this is not the whole repository.`,
      evidence,
    );
  const faults = read.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`);
  return judgeFaults(
    faults,
    `${read.totalCruised} modules keep to the import rules.`,
    evidence,
    'npm run check:walls',
  );
}

interface Cruise {
  readonly totalCruised: number;
  readonly violations: readonly {
    readonly from: string;
    readonly to: string;
    readonly rule: { readonly name: string };
  }[];
}

function readCruise(text: string): Cruise | undefined {
  try {
    return (JSON.parse(text) as { summary: Cruise }).summary;
  } catch {
    return undefined;
  }
}

/** One line a rule, each of which the linter must refuse. */
const planted: readonly (readonly [rule: string, line: string])[] = [
  [
    'cordon/no-string-built-sql',
    "export const read = (db: { query: (sql: string) => unknown }, id: string): unknown => db.query(`SELECT * FROM patients WHERE id = '${id}'`);",
  ],
  [
    'no-unsanitized/property',
    'export const show = (place: HTMLElement, text: string): void => { place.innerHTML = text; };',
  ],
  ['@typescript-eslint/no-implied-eval', "export const later = (): unknown => setTimeout('alert(1)', 1);"],
  ['no-console', 'console.log(1);'],
  ['security/detect-unsafe-regex', 'export const slow = /(a+)+$/;'],
  ['@typescript-eslint/no-explicit-any', 'export const any = (value: any): unknown => value;'],
];

/** The linter is asked with violations of our own: a rule that is off, or a linter that is not there, says nothing of them. */
export async function lintRulesBite(asked: Asked, signal: AbortSignal): Promise<Answer> {
  const source = `${planted.map(([, line]) => line).join('\n')}\n`;
  const { code, stdout, stderr } = await asked.run('node', ['compliance/lint-planted.ts', source], signal);
  if (code !== 0)
    return unknown('The linter could not be asked.', [
      seen('eslint', 'violations planted for it', stderr.slice(-400)),
    ]);
  const found = new Set(JSON.parse(stdout) as string[]);
  const faults = planted.filter(([rule]) => !found.has(rule)).map(([rule]) => `${rule} finds nothing`);
  return judgeFaults(faults, `${planted.length} rules find what was planted for them.`, [
    seen(`${planted.length} planted violations`, 'eslint', [...found].sort()),
  ]);
}

/** No secret in the tree, and none of this installation's in logs or environments. */
export async function secretsKept(asked: Asked): Promise<Answer> {
  const { of, scanned, findings } = await asked.findSecrets();
  const evidence = [
    seen('cordon secrets check', of, `${scanned} texts looked at, ${findings.length} findings`),
  ];
  if (scanned === 0) return unknown('Nothing was looked at.', evidence);
  return judgeFaults(findings, `${scanned} texts hold no secret.`, evidence, 'npx cordon secrets check');
}
