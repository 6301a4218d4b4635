import { findHidden, isDay, judgeFaults, seen, unknown, type Answer } from '@cordon/control-gate';
import { readThreatModel, threatModelComponents } from '../threat-model.ts';
import type { Asked } from '../asked.ts';

/** Every component that faces somebody has its threats, and each threat a control and a test that exist. */
export async function threatsModelled(asked: Asked): Promise<Answer> {
  const controls = new Set(
    (await asked.listFiles('compliance/controls')).map((file) =>
      file
        .replace('.ts', '')
        .toUpperCase()
        .replace(/^(CH-\d+)-/, '$1.'),
    ),
  );
  const faults: string[] = [];
  let threats = 0;
  for (const component of threatModelComponents) {
    const file = `compliance/threat-models/${component}.json`;
    const text = await asked.readText(file).catch(() => undefined);
    if (text === undefined) {
      faults.push(`${component} has no threat model`);
      continue;
    }
    const model = readThreatModel(file, text);
    for (const threat of model.threats) {
      threats += 1;
      for (const control of threat.controls)
        if (!controls.has(control)) faults.push(`${component}, ${threat.id}: there is no control ${control}`);
      for (const test of threat.tests)
        if ((await asked.readText(test).catch(() => undefined)) === undefined)
          faults.push(`${component}, ${threat.id}: there is no test ${test}`);
    }
  }
  return judgeFaults(
    faults,
    `${threats} threats in ${threatModelComponents.length} components have controls and tests.`,
    [
      seen(
        'threats, their controls and tests',
        'compliance/threat-models',
        `${threats} threats, ${faults.length} without`,
      ),
    ],
  );
}

/** The seven steps of the Information Commissioner's template (ico.org.uk, "How do we do a DPIA?"). */
export const impactSteps = [
  'Step 1: identify the need',
  'Step 2: describe the processing',
  'Step 3: consider consultation',
  'Step 4: assess necessity and proportionality',
  'Step 5: identify and assess risks',
  'Step 6: identify measures',
  'Step 7: sign off',
] as const;
export const impactSubjects = ['phi-processing', 'portal', 'chatbot', 'ai-gateway'] as const;
const approvals = [
  'Measures approved by',
  'Residual risks approved by',
  'Advice of the data protection officer',
];

/** Each assessment has its seven steps, none empty, and is approved by name and day. */
export async function impactsApproved(asked: Asked): Promise<Answer> {
  const faults: string[] = [];
  for (const subject of impactSubjects) {
    const text = await asked.readText(`compliance/dpia/${subject}.md`).catch(() => undefined);
    if (text === undefined) {
      faults.push(`${subject} has no assessment`);
      continue;
    }
    for (const { line, what } of findHidden(text)) faults.push(`${subject}, line ${line}: ${what}`);
    const parts = new Map(
      text
        .split(/^## /m)
        .slice(1)
        .map((part) => [part.slice(0, part.indexOf('\n')).trim(), part.slice(part.indexOf('\n')).trim()]),
    );
    for (const step of impactSteps)
      if ((parts.get(step) ?? '').length < 80) faults.push(`${subject}: "${step}" is missing or empty`);
    const rows = (parts.get(impactSteps[6]) ?? '').split('\n').filter((line) => line.startsWith('|')).map((line) => line.split('|').map((cell) => cell.trim())); // prettier-ignore
    for (const item of approvals) {
      const [, , name = '', day = ''] = rows.find((cells) => cells[1] === item) ?? [];
      if (!/\p{L}/u.test(name) || !isDay(day) || day > asked.now.toISOString().slice(0, 10))
        faults.push(`${subject}: nobody has signed "${item}"`);
    }
  }
  return judgeFaults(faults, `${impactSubjects.length} assessments are complete and approved.`, [
    seen(
      'steps and signatures of each assessment',
      'compliance/dpia',
      `${impactSubjects.length} subjects, ${faults.length} faults`,
    ),
  ]);
}

/** What was built of this commit, by digest. */
export async function buildsAreKnown(asked: Asked): Promise<Answer> {
  const builds = await asked.builds();
  const evidence = [
    seen(
      'digests of what was built',
      'apps/*/dist',
      builds.map(({ name, sha256 }) => `${name} ${sha256 ?? 'not seen'}`).join('; '),
    ),
  ];
  const missing = builds.filter(({ sha256 }) => sha256 === null).map(({ name }) => name);
  if (builds.length === 0 || missing.length > 0)
    return unknown(`Nobody saw a build of ${missing.join(', ')}.`, evidence);
  return judgeFaults([], `${builds.length} builds are known by digest.`, evidence);
}
