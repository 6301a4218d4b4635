import { AI_ACTION, ACTIONS, type Action } from './ids.ts';
import type { Decision } from './decision.ts';
import type { Policy } from './policy.ts';
import type { Caller, DecisionContext, Resource } from './question.ts';

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;
const OWN_CLINIC: Resource = { tenantId: 'tenant', clinicId: 'clinic', patientRecordId: 'patient' };
const OTHER_CLINIC: Resource = { ...OWN_CLINIC, clinicId: 'other-clinic' };
const OWN_RECORD: Resource = { ...OTHER_CLINIC, patientRecordId: 'own-record' };

/** Every role × action × data class as Markdown, found by asking `decide`, not by reading the files. */
export function printMatrix(policy: Policy<string, string>): string {
  const { roles } = policy.files.retentionAndAccess;
  return [
    '# Who may do what',
    '',
    'Printed from `config/champagne-retention-and-access.json` and its two companions by asking the decision point itself;',
    'a test compares this page with what it answers. What is not listed here is denied.',
    '',
    ...LEGEND,
    '',
    ...roles.flatMap((role) => printRole(policy, role.id, role.description)),
    ...printFields(policy),
    ...printAttributes(policy),
  ].join('\n');
}

const LEGEND = [
  '| cell | meaning |',
  '|---|---|',
  '| clinic | records of the clinics the caller is a member of |',
  "| own | the caller's own records |",
  '| tenant | all records of the tenant |',
  '| …, factor | with a factor shown recently |',
  '| …, fields | some fields only, listed below |',
  "| …, glass | also another clinic's record under a break-glass grant |",
  '| …, ciphertext | rows without keys until the caller has switched into the clinic |',
  '| …, switch | only after switching into the clinic |',
  '| …, purpose | only under a purpose of the AI gateway that allows role and class |',
  "| never | in the role's `restricted` list: nothing else can permit it |",
  '| – | nothing grants it |',
];

function printRole(policy: Policy<string, string>, role: string, description: string): string[] {
  const rows = policy.files.dataClasses.dataClasses.map(({ id }) => [
    `\`${id}\``,
    ...ACTIONS.map((action) => describeCell(policy, role, action, id)),
  ]);
  const shown = rows.filter((row) => row.slice(1).some((cell) => cell !== '–'));
  return [
    `## ${role}`,
    '',
    description,
    '',
    `| data class | ${ACTIONS.join(' | ')} |`,
    `|---|${ACTIONS.map(() => '---|').join('')}`,
    ...shown.map((row) => `| ${row.join(' | ')} |`),
    '',
  ];
}

/** What a role may at best, and what it takes: found by leaving out one condition at a time. */
function describeCell(
  policy: Policy<string, string>,
  role: string,
  action: Action,
  dataClass: string,
): string {
  const ask = (
    resource: Resource,
    more: Partial<Caller<string>> = {},
    context: DecisionContext = {},
  ): Decision => {
    const caller = { ...callerOf(role, action, policy, dataClass), ...more };
    return policy.decide(caller, action, dataClass, resource, context);
  };
  const switched = { activeClinicId: OTHER_CLINIC.clinicId };
  const anywhere = ask(OTHER_CLINIC, {}, switched);
  const best =
    [anywhere, ask(OWN_CLINIC), ask(OWN_RECORD)].find(({ decision }) => decision === 'permit') ?? anywhere;
  if (best.decision === 'deny') return best.reason === 'role-restricted' ? 'never' : '–';
  const where = best === anywhere ? 'tenant' : best.reason === 'granted-own-record' ? 'own' : 'clinic';
  const place = where === 'tenant' ? OTHER_CLINIC : where === 'own' ? OWN_RECORD : OWN_CLINIC;
  const unswitched = ask(place);
  const conditions = [
    ask(place, { factorAgeSeconds: undefined }, switched).reason === 'fresh-factor-required'
      ? 'factor'
      : null,
    best.fields === undefined ? null : 'fields',
    where === 'clinic' && ask(OTHER_CLINIC, {}, glassFor(OTHER_CLINIC)).decision === 'permit'
      ? 'glass'
      : null,
    unswitched.decision === 'permit' && unswitched.disclosure === 'ciphertext' ? 'ciphertext' : null,
    unswitched.reason === 'clinic-switch-required' ? 'switch' : null,
    action === AI_ACTION ? 'purpose' : null,
  ].filter((condition) => condition !== null);
  return [where, ...conditions].join(', ');
}

function callerOf(
  role: string,
  action: Action,
  policy: Policy<string, string>,
  dataClass: string,
): Caller<string> {
  const purpose = policy.files.aiGateway.purposes.find(
    ({ roles, allowedDataClasses }) => roles.includes(role) && allowedDataClasses.includes(dataClass),
  );
  return {
    tenantId: 'tenant',
    clinicIds: ['clinic'],
    role,
    subject: 'subject',
    patientRecordId: 'own-record',
    factorAgeSeconds: 0,
    ...(action === AI_ACTION && purpose !== undefined ? { purpose: purpose.id } : {}),
  };
}

function glassFor({ tenantId, patientRecordId = '' }: Resource): DecisionContext {
  const grant = { tenantId, subject: 'subject', patientRecordId, grantedAt: NOW, expiresAt: NOW + MINUTE };
  return { now: NOW, breakGlass: grant };
}

function printFields(policy: Policy<string, string>): string[] {
  const { accessRules, capabilities } = policy.files.retentionAndAccess;
  return [
    '## Fields',
    '',
    '| view or capability | data class | actions | fields |',
    '|---|---|---|---|',
    ...[...accessRules.fieldViews, ...capabilities].flatMap(({ id, dataClassId, actions, fields }) =>
      fields === undefined
        ? []
        : [`| \`${id}\` | \`${dataClassId}\` | ${actions.join(', ')} | ${fields.join(', ')} |`],
    ),
    '',
  ];
}

function printAttributes(policy: Policy<string, string>): string[] {
  const { freshFactor, breakGlass, recordRestriction } = policy.files.retentionAndAccess.accessRules;
  const list = (ids: readonly string[]): string => (ids.length === 0 ? 'nobody' : ids.join(', '));
  return [
    '## Attributes',
    '',
    '| attribute | effect |',
    '|---|---|',
    '| tenant | a record of another tenant is denied to everybody |',
    '| clinic | PHI whose clinic is not named is denied to roles bound to clinics |',
    `| factor | ${freshFactor.actions.join(', ')}: shown at most ${freshFactor.maxAgeSeconds} seconds ago |`,
    `| restriction | a record under restriction is used under break-glass only, save: ${recordRestriction.permitted.map(({ roles, actions }) => `${list(roles)} may ${actions.join(', ')}`).join('; ')} |`,
    '| legal hold | nothing under a legal hold is deleted |',
    `| break-glass | ${list(breakGlass.roles)}: ${breakGlass.actions.join(', ')} of one patient's record for ${breakGlass.maxMinutes} minutes |`,
    '| purpose | a caller acting under a purpose lists and reads its data classes only |',
    '',
  ];
}
