import { describe, expect, it } from 'vitest';
import { change, readShippedFiles } from '../testing/shipped-files.ts';
import { printMatrix } from './matrix.ts';
import { compilePolicy } from './policy.ts';

const print = (...edits: readonly (readonly [string, unknown])[]): string => {
  const files = readShippedFiles();
  for (const [path, value] of edits) change(files.retentionAndAccess, path, value);
  return printMatrix(compilePolicy<string, string>(files));
};
const row = (page: string, role: string, dataClass: string): string => {
  const section = page.split('\n## ').find((part) => part.startsWith(role)) ?? '';
  return section.split('\n').find((line) => line.startsWith(`| \`${dataClass}\``)) ?? '';
};

describe('the matrix', () => {
  it('shows relation, conditions and refusals', () => {
    const page = print();
    expect(row(page, 'role.clinician', 'clinicalRecord')).toBe(
      '| `clinicalRecord` | clinic, glass | clinic, glass | clinic, factor | clinic | – | clinic | – | – | – | – | clinic, purpose |',
    );
    expect(row(page, 'role.corporateAdmin', 'patientProfile')).toContain('tenant, ciphertext');
    expect(row(page, 'role.patient', 'patientProfile')).toContain('own, fields');
    expect(row(page, 'role.receptionist', 'clinicalRecord')).toMatch(
      /^\| `clinicalRecord`( \| never){11} \|$/,
    );
  });

  it('leaves out the classes that a role reaches in no way', () => {
    expect(row(print(), 'role.auditor', 'patientProfile')).toBe('');
  });

  it('follows the files', () => {
    const page = print(
      ['roles.6.permissions.restricted', ['auditLogEntry']],
      ['accessRules.breakGlass.roles', []],
    );
    expect(row(page, 'role.auditor', 'auditLogEntry')).toContain('never');
    expect(page).not.toMatch(/\| clinic, glass \|/);
    expect(page).toContain('| break-glass | nobody: list, read');
  });
});
