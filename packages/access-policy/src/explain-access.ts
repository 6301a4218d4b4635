import { parseArgs } from 'node:util';
import { ACTIONS } from './ids.ts';
import { valueAt } from './json-path.ts';
import { findNearest } from './nearest.ts';
import type { Explanation } from './explain.ts';
import type { Policy } from './policy.ts';
import type { Caller, DecisionContext, Resource } from './question.ts';

const NOW = 1_700_000_000_000;
const USAGE = `usage: access explain --role ROLE --action ACTION --class CLASS
  --tenant own|other    the record's tenant (own)
  --clinic own|other|none    the record's clinic, seen from the caller's memberships (own)
  --record own|other    whether the record is the caller's own as a patient (own)
  --restricted    the record is under restriction
  --legal-hold    the record is under a legal hold
  --factor-age SECONDS    since a factor was last shown (never)
  --purpose PURPOSE    a purpose of the AI gateway
  --switched    a corporate admin has switched into the record's clinic
  --break-glass    with an emergency grant for the record`;

const OPTIONS = {
  role: { type: 'string' },
  action: { type: 'string' },
  class: { type: 'string' },
  tenant: { type: 'string', default: 'own' },
  clinic: { type: 'string', default: 'own' },
  record: { type: 'string', default: 'own' },
  restricted: { type: 'boolean', default: false },
  'legal-hold': { type: 'boolean', default: false },
  'factor-age': { type: 'string' },
  purpose: { type: 'string' },
  switched: { type: 'boolean', default: false },
  'break-glass': { type: 'boolean', default: false },
} as const;

export interface ExplainedAccess {
  /** 0 permit, 1 deny, 2 the question itself is wrong. */
  readonly exitCode: 0 | 1 | 2;
  readonly text: string;
}

/** Answers `access explain …` for a command line: the decision, the rule that made it, and every check asked. */
export function explainAccess(args: readonly string[], policy: Policy<string, string>): ExplainedAccess {
  const parsed = parseQuestion(args);
  if (typeof parsed === 'string') return { exitCode: 2, text: `${parsed}\n${USAGE}` };
  const { roles } = policy.files.retentionAndAccess;
  const role = roles.find(({ id, aliases = [] }) => id === parsed.role || aliases.includes(parsed.role))?.id;
  const action = ACTIONS.find((known) => known === parsed.action);
  const classes = policy.files.dataClasses.dataClasses.map(({ id }) => id);
  const unknown = [
    role === undefined
      ? unknownId(
          'role',
          parsed.role,
          roles.flatMap(({ id, aliases = [] }) => [id, ...aliases]),
        )
      : '',
    action === undefined ? unknownId('action', parsed.action, ACTIONS) : '',
    classes.includes(parsed.class) ? '' : unknownId('class', parsed.class, classes),
  ].filter((line) => line !== '');
  if (role === undefined || action === undefined || unknown.length > 0)
    return { exitCode: 2, text: unknown.join('\n') };
  const caller = { ...parsed.caller, role };
  const explanation = policy.explain(caller, action, parsed.class, parsed.resource, parsed.context);
  return {
    exitCode: explanation.decision.decision === 'permit' ? 0 : 1,
    text: [`${role} ${action} ${parsed.class}`, ...describe(explanation, policy)].join('\n'),
  };
}

interface Question {
  readonly role: string;
  readonly action: string;
  readonly class: string;
  readonly caller: Omit<Caller<string>, 'role'>;
  readonly resource: Resource;
  readonly context: DecisionContext;
}

/** The question, or what is wrong with it. */
function parseQuestion(args: readonly string[]): Question | string {
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options: OPTIONS, strict: true }));
  } catch (error) {
    return error instanceof Error ? error.message : 'the arguments cannot be read';
  }
  const { role, action, class: dataClass, tenant, clinic, record } = values;
  if (role === undefined || action === undefined || dataClass === undefined)
    return '--role, --action and --class are needed';
  if (![tenant, record].every((side) => ['own', 'other'].includes(side)))
    return '--tenant and --record are own or other';
  if (!['own', 'other', 'none'].includes(clinic)) return '--clinic is own, other or none';
  const factorAge = values['factor-age'];
  if (factorAge !== undefined && !/^\d{1,9}$/.test(factorAge)) return '--factor-age is a number of seconds';
  const tenantId = `${tenant}-tenant`;
  const patientRecordId = `${record}-record`;
  const clinicId = clinic === 'none' ? undefined : `${clinic}-clinic`;
  return {
    role,
    action,
    class: dataClass,
    caller: {
      tenantId: 'own-tenant',
      clinicIds: ['own-clinic'],
      subject: 'subject',
      patientRecordId: 'own-record',
      factorAgeSeconds: factorAge === undefined ? undefined : Number(factorAge),
      purpose: values.purpose,
    },
    resource: {
      tenantId,
      clinicId,
      patientRecordId,
      restricted: values.restricted,
      legalHold: values['legal-hold'],
    },
    context: {
      now: NOW,
      activeClinicId: values.switched ? clinicId : undefined,
      breakGlass: values['break-glass']
        ? { tenantId: 'own-tenant', subject: 'subject', patientRecordId, grantedAt: NOW, expiresAt: NOW + 1 }
        : undefined,
    },
  };
}

function unknownId(what: string, value: string, known: readonly string[]): string {
  const nearest = findNearest(value, known);
  return `unknown ${what} ${JSON.stringify(value)}; ${nearest === undefined ? `known: ${known.join(', ')}` : `did you mean ${nearest}?`}`;
}

function describe({ decision, checks }: Explanation, policy: Policy<string, string>): string[] {
  return [
    `${decision.decision}: ${decision.reason}`,
    `rule: ${decision.rule}${quoteRule(decision.rule, policy)}`,
    ...(decision.decision === 'permit' ? [`disclosure: ${decision.disclosure}`] : []),
    ...(decision.decision === 'permit' && decision.fields !== undefined
      ? [`fields: ${decision.fields.join(', ')}`]
      : []),
    'checks:',
    ...checks.map(({ name, asks, passed }) => `  ${passed ? 'pass' : 'FAIL'}  ${name.padEnd(18)}  ${asks}`),
  ];
}

/** What stands at the line of the file that a rule names. */
function quoteRule(rule: string, policy: Policy<string, string>): string {
  const [file = '', pointer = ''] = rule.split('#/');
  const root = file.includes('ai-gateway') ? policy.files.aiGateway : policy.files.retentionAndAccess;
  const value = pointer === '' ? undefined : valueAt(root, pointer.split('/'));
  return typeof value === 'string' ? ` (${value})` : '';
}
