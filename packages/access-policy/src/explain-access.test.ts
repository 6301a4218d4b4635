import { describe, expect, it } from 'vitest';
import { readShippedFiles } from '../testing/shipped-files.ts';
import { explainAccess } from './explain-access.ts';
import { compilePolicy } from './policy.ts';

const policy = compilePolicy<string, string>(readShippedFiles());
const explain = (question: string) => explainAccess(question.split(' '), policy);

describe('access explain', () => {
  it('names the decision, the line of the file and every check', () => {
    const { exitCode, text } = explain('--role DOCTOR --action read --class clinicalRecord');
    expect(exitCode).toBe(0);
    expect(text).toContain('permit: granted');
    expect(text).toContain(
      'champagne-retention-and-access.json#/roles/0/permissions/read/3 (clinicalRecord)',
    );
    expect(text.match(/^ {2}pass /gm)).toHaveLength(10);
  });

  it.each([
    [
      '--role role.admin --action amend --class clinicalRecord',
      'deny: role-restricted',
      '(directEditOfClinicalRecordWithoutClinicianWorkflow)',
    ],
    ['--role role.auditor --action read --class patientProfile', 'deny: no-grant', 'FAIL  grant'],
    [
      '--role role.clinician --action read --class clinicalRecord --clinic other',
      'deny: not-a-clinic-member',
      'FAIL  scope',
    ],
    [
      '--role role.clinician --action read --class clinicalRecord --clinic none',
      'deny: clinic-not-named',
      'FAIL  scope',
    ],
    [
      '--role role.clinician --action read --class clinicalRecord --tenant other',
      'deny: other-tenant',
      'FAIL  same-tenant',
    ],
    [
      '--role role.clinician --action read --class clinicalRecord --clinic other --break-glass',
      'permit: granted-break-glass',
      '',
    ],
    [
      '--role role.clinician --action read --class clinicalRecord --restricted',
      'deny: record-restricted',
      '',
    ],
    [
      '--role role.clinician --action export --class clinicalRecord --factor-age 301',
      'deny: fresh-factor-required',
      '',
    ],
    ['--role role.clinician --action export --class clinicalRecord --factor-age 300', 'permit: granted', ''],
    [
      '--role role.receptionist --action delete --class marketingLead --factor-age 1 --legal-hold',
      'deny: legal-hold',
      '',
    ],
    ['--role role.patient --action read --class treatmentPlan --record other', 'deny: not-own-record', ''],
    [
      '--role role.patient --action use-in-ai --class chatTranscriptPHI --purpose purpose.chat.triage.assist',
      'permit: granted-own-record',
      'purposes/1/roles/0 (role.patient)',
    ],
    [
      '--role CORPORATE_ADMIN --action list --class patientProfile',
      'permit: granted-ciphertext-only',
      'disclosure: ciphertext',
    ],
    [
      '--role CORPORATE_ADMIN --action list --class patientProfile --switched',
      'permit: granted',
      'disclosure: plaintext',
    ],
    [
      '--role role.receptionist --action read --class patientProfile',
      'permit: granted',
      'fields: fullName, dateOfBirth, phone, email',
    ],
  ])('%s → %s', (question, decision, also) => {
    const { exitCode, text } = explain(question);
    expect(text).toContain(`\n${decision}\n`);
    expect(text).toContain(also);
    expect(exitCode).toBe(decision.startsWith('permit') ? 0 : 1);
  });

  it('shows that a restricted class was refused by the first check', () => {
    const { text } = explain('--role role.receptionist --action read --class imagingAsset');
    expect(text).toMatch(/checks:\n {2}FAIL {2}restricted .*$/);
  });

  it.each([
    ['', '--role, --action and --class are needed'],
    [
      '--role role.clinican --action read --class clinicalRecord',
      'unknown role "role.clinican"; did you mean role.clinician?',
    ],
    [
      '--role role.clinician --action raed --class clinicalRecord',
      'unknown action "raed"; did you mean read?',
    ],
    ['--role role.clinician --action read --class teeth', 'unknown class "teeth"; known: '],
    [
      '--role role.clinician --action read --class clinicalRecord --clinic mine',
      '--clinic is own, other or none',
    ],
    [
      '--role role.clinician --action read --class clinicalRecord --tenant none',
      '--tenant and --record are own or other',
    ],
    [
      '--role role.clinician --action read --class clinicalRecord --factor-age soon',
      '--factor-age is a number of seconds',
    ],
    ['--frobnicate', 'frobnicate'],
  ])('answers %j with what is wrong', (question, expected) => {
    const { exitCode, text } = explainAccess(question.split(' ').filter(Boolean), policy);
    expect(exitCode).toBe(2);
    expect(text).toContain(expected);
  });
});
