import { describe, expect, it } from 'vitest';
import { change, readShippedFiles } from '../testing/shipped-files.ts';
import { AccessPolicyError, type PolicyProblem } from './error.ts';
import type { FileKey } from './ids.ts';
import { compilePolicy } from './policy.ts';

type Edit = readonly [file: FileKey, path: string, value: unknown];

function problemsAfter(...edits: readonly Edit[]): readonly PolicyProblem[] {
  const files = readShippedFiles();
  for (const [file, path, value] of edits) change(files[file], path, value);
  try {
    compilePolicy(files);
  } catch (error) {
    if (error instanceof AccessPolicyError) return error.problems;
    throw error;
  }
  return [];
}

describe('the shipped files', () => {
  it('have no problem', () => {
    expect(problemsAfter()).toEqual([]);
  });
});

describe('a damaged file is refused', () => {
  const cases: readonly (readonly [string, Edit, Partial<PolicyProblem>])[] = [
    [
      'for a role that reads an unknown class',
      ['retentionAndAccess', 'roles.0.permissions.read.3', 'clinicalRecrod'],
      {
        kind: 'unknown-reference',
        path: '$.roles[0].permissions.read[3]',
        value: '"clinicalRecrod"',
        nearest: 'clinicalRecord',
      },
    ],
    [
      'for a restricted list that names nothing',
      ['retentionAndAccess', 'roles.4.permissions.restricted.0', 'clinicalRecords'],
      { kind: 'unknown-reference', path: '$.roles[4].permissions.restricted[0]', nearest: 'clinicalRecord' },
    ],
    [
      'for a class with an unknown retention policy',
      ['dataClasses', 'dataClasses.0.retentionPolicyId', 'retention.marketing.defualt'],
      {
        kind: 'unknown-reference',
        path: '$.dataClasses[0].retentionPolicyId',
        nearest: 'retention.marketing.default',
      },
    ],
    [
      'for a purpose with an unknown class',
      ['aiGateway', 'purposes.2.allowedDataClasses.0', 'treatmentPlans'],
      { kind: 'unknown-reference', path: '$.purposes[2].allowedDataClasses[0]', nearest: 'treatmentPlan' },
    ],
    [
      'for a purpose with an unknown role',
      ['aiGateway', 'purposes.3.roles.0', 'role.clinican'],
      { kind: 'unknown-reference', path: '$.purposes[3].roles[0]', nearest: 'role.clinician' },
    ],
    [
      'for an unknown key, at any depth',
      ['retentionAndAccess', 'roles.0.permissions.restrict', []],
      { kind: 'unknown-key', path: '$.roles[0].permissions.restrict', value: '[]', nearest: 'restricted' },
    ],
    [
      'for an unknown region',
      ['dataClasses', 'dataClasses.3.storageLocation', 'region.ukk'],
      {
        kind: 'invalid-value',
        path: '$.dataClasses[3].storageLocation',
        value: '"region.ukk"',
        nearest: 'region.uk',
      },
    ],
    [
      'for an unknown audit field',
      ['aiGateway', 'audit.logFields.1', 'tenantid'],
      { kind: 'invalid-value', path: '$.audit.logFields[1]', nearest: 'tenantId' },
    ],
    [
      'for AI calls that would not be logged',
      ['aiGateway', 'audit.logAllCalls', false],
      { kind: 'invalid-value', path: '$.audit.logAllCalls', value: 'false' },
    ],
    [
      'for a duration that is none',
      ['retentionAndAccess', 'retentionPolicies.0.maxDuration', '18 months'],
      { kind: 'invalid-value', path: '$.retentionPolicies[0].maxDuration', value: '"18 months"' },
    ],
    [
      'for a missing restricted list',
      ['retentionAndAccess', 'roles.2.permissions.restricted', undefined],
      { kind: 'invalid-value', path: '$.roles[2].permissions.restricted', value: '(absent)' },
    ],
    [
      'for a field that no record has',
      ['retentionAndAccess', 'capabilities.0.fields.0', 'phoneNumber'],
      { kind: 'unknown-reference', path: '$.capabilities[0].fields[0]', value: '"phoneNumber"' },
    ],
    [
      'for an id declared twice',
      ['retentionAndAccess', 'roles.6.id', 'role.admin'],
      { kind: 'duplicate-id', path: '$.roles[6].id', value: '"role.admin"' },
    ],
    [
      'for a capability that takes the name of a class',
      ['retentionAndAccess', 'capabilities.5.id', 'clinicalRecord'],
      { kind: 'duplicate-id', path: '$.capabilities[5].id', value: '"clinicalRecord"' },
    ],
    [
      'for a role that code relies on and nobody declares',
      ['retentionAndAccess', 'roles.6.id', 'role.auditors'],
      { kind: 'missing-id', path: '$.roles[].id', value: '"role.auditor"', nearest: 'role.auditors' },
    ],
    [
      'for PHI without a basis under article 9',
      ['dataClasses', 'dataClasses.5.lawfulBasis.article9', undefined],
      { kind: 'contradiction', path: '$.dataClasses[5].lawfulBasis' },
    ],
    [
      'for an AI purpose over PHI without a basis under article 9',
      ['aiGateway', 'purposes.1.lawfulBasis.article9', undefined],
      { kind: 'contradiction', path: '$.purposes[1].lawfulBasis' },
    ],
    [
      'for an AI purpose without a lawful basis',
      ['aiGateway', 'purposes.0.lawfulBasis', undefined],
      { kind: 'invalid-value', path: '$.purposes[0].lawfulBasis' },
    ],
    [
      'for data anonymised after it should be gone',
      ['retentionAndAccess', 'retentionPolicies.0.autoAnonymiseAfter', 'P2Y'],
      { kind: 'contradiction', path: '$.retentionPolicies[0].autoAnonymiseAfter', value: '"P2Y"' },
    ],
    [
      'for an admin who could sign in with a password alone',
      ['retentionAndAccess', 'roles.3.secondFactor', 'offered'],
      { kind: 'contradiction', path: '$.roles[3].secondFactor' },
    ],
    [
      'for a capability that writes, listed under read',
      ['retentionAndAccess', 'roles.1.permissions.read.0', 'acknowledgeUrgencyAlert'],
      { kind: 'contradiction', path: '$.roles[1].permissions.read[0]' },
    ],
    [
      'for a written class whose write actions nobody states',
      ['retentionAndAccess', 'roles.3.permissions.write.0', 'systemMetric'],
      { kind: 'contradiction', path: '$.roles[3].permissions.write[0]', value: '"systemMetric"' },
    ],
    [
      'for patients who could break glass',
      ['retentionAndAccess', 'accessRules.breakGlass.roles.0', 'role.patient'],
      { kind: 'contradiction', path: '$.accessRules.breakGlass.roles[0]' },
    ],
    [
      'for a whitelisted field of a class that the purpose does not allow',
      ['aiGateway', 'purposes.2.whitelistedFields.0', 'clinicalRecord.problemList'],
      { kind: 'contradiction', path: '$.purposes[2].whitelistedFields[0]' },
    ],
    [
      'for a whitelisted field of nothing',
      ['aiGateway', 'purposes.0.whitelistedFields.0', 'chatMesage.text'],
      { kind: 'unknown-reference', path: '$.purposes[0].whitelistedFields[0]', nearest: 'chatMessage' },
    ],
    [
      'for transcripts that a purpose keeps for longer than their class may be kept',
      ['dataClasses', 'dataClasses.7.retentionPolicyId', 'retention.accessReport.default'],
      {
        kind: 'contradiction',
        path: '$.purposes[1].retentionPolicyId',
        value: '"retention.chat.phi"',
        message:
          'the purpose would store transcripts for longer than retention.accessReport.default lets chatTranscriptPHI be kept',
      },
    ],
    [
      'for transcripts whose retention counts from something else than their end',
      ['aiGateway', 'purposes.1.retentionPolicyId', 'retention.metrics.default'],
      { kind: 'contradiction', path: '$.purposes[1].retentionPolicyId' },
    ],
    [
      'for transcripts that are kept until an account is closed',
      ['retentionAndAccess', 'retentionPolicies.7.maxDuration', 'UNTIL_ACCOUNT_CLOSURE'],
      { kind: 'contradiction', path: '$.purposes[1].retentionPolicyId' },
    ],
    [
      'for a remote provider reached in the clear',
      [
        'aiGateway',
        'providers.0',
        {
          id: 'provider.example',
          description: 'An example.',
          kind: 'remote',
          baseUrl: 'http://ai.example',
          region: 'region.uk',
          model: 'any',
          allowedPurposes: [],
        },
      ],
      { kind: 'contradiction', path: '$.providers[0].baseUrl' },
    ],
  ];

  it.each(cases)('%s', (_name, edit, expected) => {
    const problems = problemsAfter(edit);
    expect(problems).toContainEqual(expect.objectContaining(expected));
  });

  it('but not for the retention of a purpose that stores no transcript, nor for one that is shorter than the class’s', () => {
    expect(
      problemsAfter(
        ['aiGateway', 'purposes.1.storeSanitisedTranscript', false],
        ['aiGateway', 'purposes.1.retentionPolicyId', 'retention.clinicalRecord.default'],
        ['dataClasses', 'dataClasses.8.retentionPolicyId', 'retention.marketing.default'],
        ['retentionAndAccess', 'retentionPolicies.8.maxDuration', 'P18M'],
        ['retentionAndAccess', 'retentionPolicies.8.autoAnonymiseAfter', 'P18M'],
      ),
    ).toEqual([]);
  });

  it('with every problem of every file at once, in the order of the files', () => {
    const problems = problemsAfter(
      ['aiGateway', 'defaultRegion', 'region.us'],
      ['aiGateway', 'purposes.0.roles.0', 'role.nobody'],
      ['retentionAndAccess', 'roles.0.permissions.read.3', 'clinicalRecrod'],
      ['retentionAndAccess', 'roles.0.scope', 'everywhere'],
      ['dataClasses', 'dataClasses.0.extra', 1],
    );
    expect(problems.map(({ file, path }) => `${file} ${path}`)).toEqual([
      'champagne-data-classes.json $.dataClasses[0].extra',
      'champagne-retention-and-access.json $.roles[0].scope',
      'champagne-retention-and-access.json $.roles[0].permissions.read[3]',
      'champagne-ai-gateway-config.json $.defaultRegion',
      'champagne-ai-gateway-config.json $.purposes[0].roles[0]',
    ]);
  });

  it('with a message that names file, path, value and nearest id, and a public one that names none', () => {
    const files = readShippedFiles();
    change(files.retentionAndAccess, 'roles.0.permissions.read.3', 'clinicalRecrod');
    let refusal: unknown;
    try {
      compilePolicy(files);
    } catch (error) {
      refusal = error;
    }
    if (!(refusal instanceof AccessPolicyError)) throw new Error('the damaged file was accepted');
    expect(refusal.code).toBe('policy-files-invalid');
    expect(refusal.detail).toBe(
      'champagne-retention-and-access.json $.roles[0].permissions.read[3]: refers to an id that is not declared ("clinicalRecrod"); did you mean "clinicalRecord"?',
    );
    expect(refusal.publicMessage).not.toContain('clinicalRecrod');
  });

  it.each([null, [], 'text', 7, {}])('when it is %j instead of an object with entries', (value) => {
    const files = { ...readShippedFiles(), retentionAndAccess: value };
    expect(() => compilePolicy(files)).toThrow(AccessPolicyError);
  });

  it('when it is nested more deeply than it can be shown', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    const files = { ...readShippedFiles(), dataClasses: { dataClasses: deep, extra: deep } };
    expect(() => compilePolicy(files)).toThrow(AccessPolicyError);
  });

  it('when it holds more than it ever should, without a report as long as the file', () => {
    const files = readShippedFiles();
    change(files.retentionAndAccess, 'roles.0.permissions.read', new Array(60_000).fill('clinicalRecrod'));
    const strangers = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`rols${index}`, 1]));
    try {
      compilePolicy({ ...files, aiGateway: { ...strangers } });
      expect.unreachable();
    } catch (error) {
      expect((error as AccessPolicyError).problems.length).toBeLessThan(700);
    }
  });

  it('when a key named __proto__ tries to pass for a shape', () => {
    const files = readShippedFiles();
    const hostile: unknown = JSON.parse('{"__proto__": {"dataClasses": []}}');
    expect(() => compilePolicy({ ...files, dataClasses: hostile })).toThrow(AccessPolicyError);
  });
});
