import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ask, files, questions } from '../testing/random-questions.ts';
import type { PolicyFiles } from './check-shape.ts';
import { DATA_CLASS_IDS, ROLE_IDS, type Action, type DataClassId, type RoleId } from './ids.ts';
import { compileFiles } from './policy.ts';

// Generous: these tests share their machine with all others.
vi.setConfig({ testTimeout: 30_000 });

const capabilityIds = files.retentionAndAccess.capabilities.map(({ id }) => id);

/** Any list of classes and capabilities for each role: also nonsense that a schema-valid file could hold. */
const someIds = fc.uniqueArray(fc.constantFrom(...DATA_CLASS_IDS, ...capabilityIds), { maxLength: 25 });
const anyFiles: fc.Arbitrary<PolicyFiles> = fc
  .array(fc.record({ read: someIds, write: someIds, restricted: someIds }), {
    minLength: ROLE_IDS.length,
    maxLength: ROLE_IDS.length,
  })
  .map((permissions) => ({
    ...files,
    retentionAndAccess: {
      ...files.retentionAndAccess,
      roles: files.retentionAndAccess.roles.map((role, index) => ({
        ...role,
        permissions: permissions[index] ?? role.permissions,
      })),
    },
  }));

/** Stated here without the compiler: does a list name the class, or a capability over class and action? */
function listCovers(of: PolicyFiles, list: readonly string[], action: Action, dataClass: string): boolean {
  return list.some(
    (id) =>
      id === dataClass ||
      of.retentionAndAccess.capabilities.some(
        (capability) =>
          capability.id === id &&
          capability.dataClassId === dataClass &&
          capability.actions.some((known) => known === action),
      ),
  );
}

const permissionsOf = (of: PolicyFiles, role: RoleId) => {
  const found = of.retentionAndAccess.roles.find(({ id }) => id === role);
  if (found === undefined) throw new Error(`${role} is missing`);
  return found.permissions;
};

describe('whatever the files and the question', () => {
  it('nothing that `restricted` names is permitted', () => {
    fc.assert(
      fc.property(anyFiles, fc.array(questions, { minLength: 60, maxLength: 60 }), (some, asked) => {
        const policy = compileFiles<RoleId, DataClassId>(some);
        for (const question of asked) {
          const { restricted } = permissionsOf(some, question.caller.role);
          if (listCovers(some, restricted, question.action, question.dataClass)) {
            expect(ask(policy, question)).toMatchObject({ decision: 'deny', reason: 'role-restricted' });
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it('nothing is permitted that no list or purpose names', () => {
    fc.assert(
      fc.property(anyFiles, fc.array(questions, { minLength: 60, maxLength: 60 }), (some, asked) => {
        const policy = compileFiles<RoleId, DataClassId>(some);
        for (const question of asked) {
          const { caller, action, dataClass } = question;
          const { read, write } = permissionsOf(some, caller.role);
          const named =
            listCovers(some, read, action, dataClass) ||
            listCovers(some, write, action, dataClass) ||
            (action === 'use-in-ai' &&
              some.aiGateway.purposes.some(
                ({ id, roles, allowedDataClasses }) =>
                  id === caller.purpose &&
                  roles.includes(caller.role) &&
                  allowedDataClasses.includes(dataClass),
              ));
          if (!named) expect(ask(policy, question).decision).toBe('deny');
        }
      }),
      { numRuns: 20 },
    );
  });
});
