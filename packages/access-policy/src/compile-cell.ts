import type { Cell, Permits } from './cell.ts';
import type { PolicyFiles } from './check-shape.ts';
import type { Deny, Permit } from './decision.ts';
import { AI_ACTION, FILE_NAMES, READ_ACTIONS, WRITE_ACTIONS, type Action } from './ids.ts';
import type { PermitReason } from './reason-codes.ts';
import type { DataClass } from './schemas/data-classes.ts';
import type { AccessRules, Capability, Role } from './schemas/retention-and-access.ts';

/** What grants, and which fields it covers; null for all of them. */
interface Grant {
  readonly rule: string;
  readonly fields: readonly string[] | null;
}

/** Works out one role × action × data class. Everything that can be known before a question is known here. */
export function compileCell(
  files: PolicyFiles,
  roleIndex: number,
  role: Role,
  action: Action,
  dataClass: DataClass,
): Cell {
  const { accessRules } = files.retentionAndAccess;
  const grants = findGrants(files, roleIndex, role, action, dataClass.id);
  const fields = permittedFields(files, role, action, dataClass.id, grants);
  const grant = grants.find((known) => known.fields === null) ?? grants[0];
  const opening = action === 'break-glass';
  const switching = action === 'switch-clinic';
  return {
    action,
    // Breaking glass is asked for before any clinic relation exists; the grant names one patient instead.
    scope: opening && role.scope === 'clinic' ? 'tenant' : role.scope,
    restrictedBy: findRestriction(files, roleIndex, role, action, dataClass.id),
    permits: grant === undefined ? null : toPermits(grant.rule, fields),
    fields: fields === null ? null : new Set(fields),
    needsClinic: switching || (role.scope === 'clinic' && dataClass.containsPHI && !opening),
    needsPatient: opening,
    clinicSwitch: clinicSwitchFor(role, action, dataClass),
    allowedUnderRestriction: opening || switching || isAllowedUnderRestriction(accessRules, role.id, action),
    breakGlassMaxMs:
      accessRules.breakGlass.roles.includes(role.id) &&
      accessRules.breakGlass.actions.some((open) => open === action)
        ? accessRules.breakGlass.maxMinutes * 60_000
        : null,
    freshFactorMaxSeconds: accessRules.freshFactor.actions.includes(action)
      ? accessRules.freshFactor.maxAgeSeconds
      : null,
    purposes: purposeOutcomes(files, role.id, action, dataClass.id),
  };
}

function isAllowedUnderRestriction(rules: AccessRules, roleId: string, action: Action): boolean {
  return rules.recordRestriction.permitted.some(
    ({ roles, actions }) => roles.includes(roleId) && actions.includes(action),
  );
}

function clinicSwitchFor(role: Role, action: Action, dataClass: DataClass): Cell['clinicSwitch'] {
  const open = role.ciphertextBeforeClinicSwitch;
  if (open === undefined || !dataClass.containsPHI || action === 'switch-clinic') return 'not-needed';
  const reading = action === 'list' || action === 'read';
  return reading && open.includes(dataClass.id) ? 'ciphertext' : 'required';
}

function toPermits(rule: string, fields: readonly string[] | null): Permits {
  const permit = (reason: PermitReason, disclosure: Permit['disclosure'] = 'plaintext'): Permit =>
    Object.freeze({ decision: 'permit', reason, rule, disclosure, ...(fields === null ? {} : { fields }) });
  return {
    granted: permit('granted'),
    ownRecord: permit('granted-own-record'),
    ciphertextOnly: permit('granted-ciphertext-only', 'ciphertext'),
    breakGlass: permit('granted-break-glass'),
  };
}

function findRestriction(
  files: PolicyFiles,
  roleIndex: number,
  role: Role,
  action: Action,
  dataClassId: string,
): Deny | null {
  const index = role.permissions.restricted.findIndex(
    (id) => id === dataClassId || findCapability(files, id, action, dataClassId) !== undefined,
  );
  if (index === -1) return null;
  return Object.freeze({
    decision: 'deny',
    reason: 'role-restricted',
    rule: ruleOf(roleIndex, 'restricted', index),
  });
}

function findGrants(
  files: PolicyFiles,
  roleIndex: number,
  role: Role,
  action: Action,
  dataClassId: string,
): Grant[] {
  if (action === AI_ACTION) return findPurposeGrants(files, role.id, dataClassId);
  const writeActions =
    files.retentionAndAccess.accessRules.writeActions.find((entry) => entry.dataClassId === dataClassId)
      ?.actions ?? [];
  const covered = {
    read: READ_ACTIONS.some((known) => known === action),
    write: WRITE_ACTIONS.some((known) => known === action) && writeActions.some((known) => known === action),
  };
  return (['read', 'write'] as const).flatMap((kind) =>
    role.permissions[kind].flatMap((id, index): Grant[] => {
      const rule = ruleOf(roleIndex, kind, index);
      if (id === dataClassId) return covered[kind] ? [{ rule, fields: null }] : [];
      const capability = findCapability(files, id, action, dataClassId);
      return capability === undefined ? [] : [{ rule, fields: capability.fields ?? null }];
    }),
  );
}

function findPurposeGrants(files: PolicyFiles, roleId: string, dataClassId: string): Grant[] {
  return files.aiGateway.purposes.flatMap((purpose, index) => {
    const place = purpose.roles.indexOf(roleId);
    if (place === -1 || !purpose.allowedDataClasses.includes(dataClassId)) return [];
    return [{ rule: purposeRule(index, place), fields: null }];
  });
}

/** Grants add up; views of the role then narrow. Null where every field is open. */
function permittedFields(
  files: PolicyFiles,
  role: Role,
  action: Action,
  dataClassId: string,
  grants: readonly Grant[],
): readonly string[] | null {
  const { fieldViews, recordFields } = files.retentionAndAccess.accessRules;
  const views = fieldViews.filter(
    (view) =>
      view.dataClassId === dataClassId &&
      view.roles.includes(role.id) &&
      view.actions.some((known) => known === action),
  );
  const limited = grants.every((grant) => grant.fields !== null);
  if (views.length === 0 && !limited) return null;
  const all = recordFields.find((entry) => entry.dataClassId === dataClassId)?.fields ?? [];
  const granted = limited
    ? all.filter((field) => grants.some((grant) => grant.fields?.includes(field)))
    : all;
  return Object.freeze(granted.filter((field) => views.every((view) => view.fields.includes(field))));
}

function purposeOutcomes(
  files: PolicyFiles,
  roleId: string,
  action: Action,
  dataClassId: string,
): Cell['purposes'] {
  const inAi = action === AI_ACTION;
  const allowed = inAi || action === 'read' || action === 'list';
  return new Map(
    files.aiGateway.purposes.map((purpose, index) => {
      const place = purpose.roles.indexOf(roleId);
      const refusal = !purpose.roles.includes(roleId)
        ? 'purpose-not-for-role'
        : !purpose.allowedDataClasses.includes(dataClassId)
          ? 'purpose-not-for-data-class'
          : allowed
            ? null
            : 'purpose-not-for-action';
      const permits = inAi && refusal === null ? toPermits(purposeRule(index, place), null) : null;
      return [purpose.id, { refusal, permits }];
    }),
  );
}

function findCapability(
  files: PolicyFiles,
  id: string,
  action: Action,
  dataClassId: string,
): Capability | undefined {
  return files.retentionAndAccess.capabilities.find(
    (capability) =>
      capability.id === id &&
      capability.dataClassId === dataClassId &&
      capability.actions.some((known) => known === action),
  );
}

function ruleOf(roleIndex: number, kind: 'read' | 'write' | 'restricted', index: number): string {
  return `${FILE_NAMES.retentionAndAccess}#/roles/${roleIndex}/permissions/${kind}/${index}`;
}

function purposeRule(index: number, place: number): string {
  return `${FILE_NAMES.aiGateway}#/purposes/${index}/roles/${place}`;
}
