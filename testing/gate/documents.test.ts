import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { expectBlocked, expectPass, soundWorld } from './sound-world.ts';
import { controls } from '../../compliance/controls.ts';
import { genericControls } from '../../compliance/generic.ts';
import { asvsRequirements, hipaaSections, ukGdprArticles } from '../../compliance/references.ts';
import { drawThreatModel, readThreatModel, threatModelComponents } from '../../compliance/threat-model.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('docs/secure-coding.md', () => {
  it('names rules that are in force, and tests that are there', async () => {
    await expectPass('CH-10.9', soundWorld());
    const eslint = new ESLint();
    const inForce = new Set(
      await Promise.all(
        ['packages/service/src/health.ts', 'apps/console/ui/src/api/index.ts'].map(async (file) =>
          Object.entries(
            ((await eslint.calculateConfigForFile(file)) as { rules: Record<string, [number]> }).rules,
          )
            .filter(([, [level]]) => level > 0)
            .map(([rule]) => rule),
        ),
      ).then((all) => all.flat()),
    );
    const named = Array.from(
      read('docs/secure-coding.md').matchAll(/^\| .* \| (.*) \|$/gm),
      ([, held = '']) => held,
    )
      .flatMap((held) => Array.from(held.matchAll(/`([^`]+)`/g), ([, name = '']) => name))
      .filter((name) => !name.endsWith('.ts'));
    expect(named.length).toBeGreaterThan(8);
    for (const rule of named) expect(inForce, rule).toContain(rule);
  });

  it('is refused with a rule that nothing holds, or that names a test which is not there', async () => {
    const broken = (row: string) =>
      soundWorld({
        readText: (path) =>
          path === 'docs/secure-coding.md'
            ? Promise.resolve(`| Rule | Held by |\n| - | - |\n${row}\n`)
            : soundWorld().readText(path),
      });
    await expectBlocked('CH-10.9', broken('| Be careful. | everybody |'), /"Be careful\." names nothing/);
    await expectBlocked(
      'CH-10.9',
      broken('| Be careful. | `testing/not-there.test.ts` |'),
      /which is not there/,
    );
  });
});

describe('threat models', () => {
  it('link every threat to a control and a test that exist', async () => {
    await expectPass('CH-10.12', soundWorld());
  });

  it('are refused with a threat whose control or test is gone, and with a component left out', async () => {
    const changed = (from: string, to: string) =>
      soundWorld({
        readText: async (path) => {
          const text = await soundWorld().readText(path);
          return path.endsWith('/portal.json') ? text.replace(from, to) : text;
        },
      });
    await expectBlocked(
      'CH-10.12',
      changed('"CH-1.3"', '"CH-1.99"'),
      /portal, T-PORTAL-1: there is no control CH-1\.99/,
    );
    await expectBlocked('CH-10.12', changed('request-guard.test.ts', 'no-guard.test.ts'), /there is no test/);
    const without = soundWorld({
      readText: (path) =>
        path.endsWith('/web.json') ? Promise.reject(new Error('gone')) : soundWorld().readText(path),
    });
    await expectBlocked('CH-10.12', without, /web has no threat model/);
  });

  it('are drawn on their page as they are', () => {
    const page = read('compliance/threat-models/README.md');
    for (const component of threatModelComponents) {
      const file = `compliance/threat-models/${component}.json`;
      expect(page).toContain(drawThreatModel(readThreatModel(file, read(file))));
    }
  });

  it('are refused where a flow leads nowhere', () => {
    const model = JSON.parse(read('compliance/threat-models/web.json')) as { flows: { to: string }[] };
    expect(() =>
      readThreatModel(
        'web.json',
        JSON.stringify({ ...model, flows: [{ id: 'x', from: 'visitor', to: 'moon', what: 'y' }] }),
      ),
    ).toThrow(
      expect.objectContaining({ code: 'register-malformed', detail: 'the flow x begins or ends nowhere' }),
    );
  });
});

it('impact assessments are complete, and nobody has approved them yet', async () => {
  const faults =
    /phi-processing: nobody has signed "Measures approved by"; phi-processing: nobody has signed .*; and 9 more/;
  await expectBlocked('CH-8.1', soundWorld(), faults);
});

describe('controls', () => {
  it('stand in a file each, by their id', () => {
    const files = readdirSync(new URL('../../compliance/controls', import.meta.url)).sort();
    expect(files).toEqual(controls.map(({ id }) => `${id.toLowerCase().replace('.', '-')}.ts`).sort());
  });

  it('are eleven tickets and the items of eleven chapters', () => {
    expect(controls.filter(({ id }) => id.startsWith('SEC-')).map(({ id }) => id)).toEqual(
      Array.from({ length: 11 }, (_, at) => `SEC-${String(at + 1).padStart(3, '0')}`),
    );
    const chapters = new Map<string, Set<string>>();
    for (const { id, priority } of controls.filter((each) => each.id.startsWith('CH-'))) {
      const chapter = id.slice(3).split('.')[0] ?? '';
      chapters.set(chapter, (chapters.get(chapter) ?? new Set()).add(priority));
    }
    const p1 = ['1', '2', '3', '4', '5', '6', '10'];
    expect(Object.fromEntries(chapters)).toEqual(
      Object.fromEntries(
        [...Array(11).keys()].map((at) => [
          String(at + 1),
          new Set([p1.includes(String(at + 1)) ? 'P1' : 'P2']),
        ]),
      ),
    );
  });

  it('refer to requirements that their sources have, by closed lists', () => {
    // The count of ASVS 5.0.0 as a whole: a section left out or counted wrong is seen.
    expect(asvsRequirements.size).toBe(345);
    const unknown = [...controls, ...genericControls].flatMap(({ id, references }) => [
      ...references.asvs.filter((each) => !asvsRequirements.has(each)).map((each) => `${id}: ASVS ${each}`),
      ...references.hipaa.filter((each) => !hipaaSections.has(each)).map((each) => `${id}: HIPAA ${each}`),
      ...references.ukGdpr
        .filter((each) => !ukGdprArticles.has(each))
        .map((each) => `${id}: UK GDPR ${each}`),
    ]);
    expect(unknown).toEqual([]);
  });

  it('name a next step that can be taken: no page to look at, and no command that there is not', () => {
    const packageJson = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const { id, next } of controls) {
      expect(next, id).not.toMatch(/^see /);
      for (const [, script = ''] of next.matchAll(/npm run ([a-z:]+)/g))
        expect(Object.keys(packageJson.scripts), id).toContain(script);
      for (const [, path = ''] of next.matchAll(/vitest run --project \w+ (\S+)/g))
        expect(existsSync(new URL(`../../${path}`, import.meta.url)), `${id}: ${path}`).toBe(true);
    }
  });
});

it('suppressions carry their reason on the same line', () => {
  const bare: string[] = [];
  for (const folder of ['apps', 'packages', 'testing', 'compliance', 'bench', 'launch'])
    for (const entry of readdirSync(new URL(`../../${folder}`, import.meta.url), {
      recursive: true,
      withFileTypes: true,
    })) {
      const path = `${entry.parentPath}/${entry.name}`;
      if (!entry.isFile() || !/\.(ts|tsx|mjs|js)$/.test(path) || /node_modules|\/dist\//.test(path)) continue;
      for (const line of readFileSync(path, 'utf8').split('\n'))
        if (
          /\/[/*] (eslint-disable|@ts-)/.test(line) &&
          !line.includes(' -- ') &&
          !/@ts-expect-error \S/.test(line)
        )
          bare.push(`${path}: ${line.trim()}`);
    }
  expect(bare).toEqual([]);
});
