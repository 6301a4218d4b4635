import {
  explainNotInForce,
  fail,
  judgeFaults,
  listTestGaps,
  listUnsigned,
  readPenetrationTests,
  readProcessingAgreements,
  readVendorAgreements,
  seen,
  type Answer,
} from '@cordon/control-gate';
import type { Asked } from '../asked.ts';
import { readGateFile } from '../gate-file.ts';

export const registers = {
  vendors: '.agent/compliance/BAA_STATUS.md',
  processors: 'compliance/processing-agreements.md',
  tests: 'compliance/penetration-tests.md',
  settings: 'compliance/gate.json',
} as const;

/** Vendors that the product may be configured to give patients' data to. */
const neededVendors = ['Auth0', 'Twilio', 'Google Cloud', 'AWS'];

/** Every vendor's agreement is signed by both, in force, and not about to end. */
export async function agreementsInForce(asked: Asked): Promise<Answer> {
  const { vendors } = readGateFile(await asked.readText(registers.settings));
  const rows = readVendorAgreements(
    registers.vendors,
    await asked.readText(registers.vendors),
    new Set(vendors),
  );
  const faults = rows.flatMap((row) => explainNotInForce(row, asked.now) ?? []);
  for (const vendor of neededVendors)
    if (!rows.some((row) => row.vendor === vendor)) faults.push(`the register does not name ${vendor}`);
  const said = rows
    .map(
      ({ vendor, service, signed, expires }) =>
        `${vendor}, ${service}: ${signed ? `signed, until ${expires}` : 'not signed'}`,
    )
    .join('; ');
  return judgeFaults(
    faults,
    `${rows.length} agreements are signed and in force.`,
    [seen('the table of agreements', registers.vendors, said)],
    `have both parties sign, enter both days and the SHA-256 of the document in ${registers.vendors}, or take the vendor out of use`,
  );
}

/** Whoever processes personal data for the clinics has a contract. */
export async function processorsSigned(asked: Asked): Promise<Answer> {
  const rows = readProcessingAgreements(registers.processors, await asked.readText(registers.processors));
  const faults = listUnsigned(rows, asked.now);
  const hosting = rows.find(({ purpose }) => purpose === 'hosting');
  if (asked.to === 'production' && hosting?.processor === '')
    faults.push('nobody says where production is hosted, be it on premises of your own');
  const said = rows
    .map(({ purpose, processor, inUse }) => `${purpose}: ${inUse ? processor : 'not in use'}`)
    .join('; ');
  return judgeFaults(faults, 'Every processor in use has a contract.', [
    seen('the table of processors', registers.processors, said),
  ]);
}

/** An outside firm has tested the API, the isolation of tenants and OCR, and nothing critical is open. */
export async function penetrationTested(asked: Asked): Promise<Answer> {
  const { launch } = readGateFile(await asked.readText(registers.settings));
  const tests = readPenetrationTests(registers.tests, await asked.readText(registers.tests));
  return judgeFaults(
    listTestGaps(tests, launch, asked.now),
    `${tests.length} tests, and no critical finding is open.`,
    [
      seen(
        'the table of tests, and the day of launch',
        registers.tests,
        `${tests.length} tests; launch ${launch ?? 'not declared'}`,
      ),
    ],
  );
}

interface Bases {
  readonly article6?: string;
  readonly article9?: string;
}

/** Every data class and AI purpose names its lawful basis; health data names one of article 9 too. */
export async function lawfulBasesNamed(asked: Asked): Promise<Answer> {
  const classes = JSON.parse(await asked.readText('config/champagne-data-classes.json')) as {
    dataClasses: { id: string; containsPHI: boolean; lawfulBasis?: Bases }[];
  };
  const gateway = JSON.parse(await asked.readText('config/champagne-ai-gateway-config.json')) as {
    purposes: { id: string; allowedDataClasses: string[]; lawfulBasis?: Bases }[];
  };
  const health = new Set(classes.dataClasses.filter(({ containsPHI }) => containsPHI).map(({ id }) => id));
  const judgeOne = (id: string, isHealth: boolean, basis: Bases | undefined): string[] => [
    ...(/^6\(1\)\([a-f]\)$/.test(basis?.article6 ?? '') ? [] : [`${id} names no basis of article 6`]),
    ...(!isHealth || /^9\(2\)\([a-j]\)$/.test(basis?.article9 ?? '')
      ? []
      : [`${id} holds health data and names no condition of article 9`]),
  ];
  const faults = [
    ...classes.dataClasses.flatMap(({ id, containsPHI, lawfulBasis }) =>
      judgeOne(id, containsPHI, lawfulBasis),
    ),
    ...gateway.purposes.flatMap(({ id, allowedDataClasses, lawfulBasis }) =>
      judgeOne(
        id,
        allowedDataClasses.some((each) => health.has(each)),
        lawfulBasis,
      ),
    ),
  ];
  if (classes.dataClasses.length === 0) return fail('No data class is declared.', []);
  const said = `${classes.dataClasses.length} data classes and ${gateway.purposes.length} AI purposes`;
  return judgeFaults(faults, `${said} name their lawful basis.`, [seen('lawful bases', 'config', said)]);
}
