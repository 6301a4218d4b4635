import type { PolicyFiles } from './check-shape.ts';
import { unknownReference } from './check-references.ts';
import { approximateDays, parseRetentionDuration } from './durations.ts';
import type { PolicyProblem } from './error.ts';
import { FILE_NAMES, READ_ACTIONS, type FileKey } from './ids.ts';
import { showValue, toJsonPath } from './json-path.ts';

/** Roles that see a tenant's people or its audit log; no tenant may let them sign in with a password alone. */
const ALWAYS_SECOND_FACTOR: readonly string[] = ['role.admin', 'role.corporateAdmin', 'role.auditor'];
/** Parts of a chat request that a purpose may whitelist besides the fields of its data classes. */
const CHAT_ROOTS = ['chatMessage', 'conversationContext'] as const;

type Check = (files: PolicyFiles) => PolicyProblem[];

/** What the schemas cannot say: statements that contradict each other. Needs all three files well-formed. */
export function checkConsistency(files: PolicyFiles): PolicyProblem[] {
  return CHECKS.flatMap((check) => check(files));
}

const CHECKS: readonly Check[] = [
  classesWithoutArticle9,
  purposesWithoutArticle9,
  anonymisedTooLate,
  rolesWithoutSecondFactor,
  capabilitiesThatWriteUnderRead,
  writesWithoutActions,
  fieldsNobodyDeclares,
  breakGlassOutsideClinics,
  fieldsOutsideThePurpose,
  providersInTheClear,
  transcriptsKeptTooLong,
];

function contradiction(
  file: FileKey,
  steps: readonly PropertyKey[],
  value: unknown,
  message: string,
): PolicyProblem {
  return {
    kind: 'contradiction',
    file: FILE_NAMES[file],
    path: toJsonPath(steps),
    value: showValue(value),
    message,
  };
}

function classesWithoutArticle9({ dataClasses }: PolicyFiles): PolicyProblem[] {
  return dataClasses.dataClasses.flatMap((entry, index) =>
    entry.containsPHI && entry.lawfulBasis.article9 === undefined
      ? [
          contradiction(
            'dataClasses',
            ['dataClasses', index, 'lawfulBasis'],
            entry.lawfulBasis,
            'PHI needs a basis under article 9',
          ),
        ]
      : [],
  );
}

function purposesWithoutArticle9({ dataClasses, aiGateway }: PolicyFiles): PolicyProblem[] {
  const phi = new Set(dataClasses.dataClasses.filter((entry) => entry.containsPHI).map((entry) => entry.id));
  return aiGateway.purposes.flatMap((purpose, index) =>
    purpose.lawfulBasis.article9 === undefined && purpose.allowedDataClasses.some((id) => phi.has(id))
      ? [
          contradiction(
            'aiGateway',
            ['purposes', index, 'lawfulBasis'],
            purpose.lawfulBasis,
            'PHI needs a basis under article 9',
          ),
        ]
      : [],
  );
}

function anonymisedTooLate({ retentionAndAccess }: PolicyFiles): PolicyProblem[] {
  return retentionAndAccess.retentionPolicies.flatMap((policy, index) => {
    const longest = parseRetentionDuration(policy.maxDuration);
    const anonymised = parseRetentionDuration(policy.autoAnonymiseAfter);
    if (
      longest === null ||
      anonymised === null ||
      longest.from !== anonymised.from ||
      longest.from === 'closure'
    )
      return [];
    if (approximateDays(anonymised) <= approximateDays(longest) + 1) return [];
    return [
      contradiction(
        'retentionAndAccess',
        ['retentionPolicies', index, 'autoAnonymiseAfter'],
        policy.autoAnonymiseAfter,
        'is longer than maxDuration',
      ),
    ];
  });
}

function rolesWithoutSecondFactor({ retentionAndAccess }: PolicyFiles): PolicyProblem[] {
  return retentionAndAccess.roles.flatMap((role, index) =>
    ALWAYS_SECOND_FACTOR.includes(role.id) && role.secondFactor !== 'required'
      ? [
          contradiction(
            'retentionAndAccess',
            ['roles', index, 'secondFactor'],
            role.secondFactor,
            'this role always needs a second factor',
          ),
        ]
      : [],
  );
}

function capabilitiesThatWriteUnderRead({ retentionAndAccess }: PolicyFiles): PolicyProblem[] {
  const reading: readonly string[] = READ_ACTIONS;
  const writing = new Set(
    retentionAndAccess.capabilities
      .filter(({ actions }) => actions.some((action) => !reading.includes(action)))
      .map(({ id }) => id),
  );
  return retentionAndAccess.roles.flatMap((role, index) =>
    role.permissions.read.flatMap((id, place) =>
      writing.has(id)
        ? [
            contradiction(
              'retentionAndAccess',
              ['roles', index, 'permissions', 'read', place],
              id,
              'this capability does more than read',
            ),
          ]
        : [],
    ),
  );
}

function writesWithoutActions({ dataClasses, retentionAndAccess }: PolicyFiles): PolicyProblem[] {
  const classes = new Set(dataClasses.dataClasses.map(({ id }) => id));
  const writable = new Set(retentionAndAccess.accessRules.writeActions.map(({ dataClassId }) => dataClassId));
  return retentionAndAccess.roles.flatMap((role, index) =>
    role.permissions.write.flatMap((id, place) =>
      classes.has(id) && !writable.has(id)
        ? [
            contradiction(
              'retentionAndAccess',
              ['roles', index, 'permissions', 'write', place],
              id,
              'accessRules.writeActions does not say what writing this class means',
            ),
          ]
        : [],
    ),
  );
}

function fieldsNobodyDeclares({ retentionAndAccess }: PolicyFiles): PolicyProblem[] {
  const { capabilities, accessRules } = retentionAndAccess;
  const fieldsOf = new Map(accessRules.recordFields.map(({ dataClassId, fields }) => [dataClassId, fields]));
  const check = (
    steps: readonly PropertyKey[],
    dataClassId: string,
    fields: readonly string[],
  ): PolicyProblem[] => {
    const known = fieldsOf.get(dataClassId) ?? [];
    return fields.flatMap((field, place) =>
      known.includes(field)
        ? []
        : [unknownReference('retentionAndAccess', toJsonPath([...steps, 'fields', place]), field, known)],
    );
  };
  return [
    ...capabilities.flatMap(({ dataClassId, fields = [] }, index) =>
      check(['capabilities', index], dataClassId, fields),
    ),
    ...accessRules.fieldViews.flatMap(({ dataClassId, fields }, index) =>
      check(['accessRules', 'fieldViews', index], dataClassId, fields),
    ),
  ];
}

function breakGlassOutsideClinics({ retentionAndAccess }: PolicyFiles): PolicyProblem[] {
  const { roles, accessRules } = retentionAndAccess;
  return accessRules.breakGlass.roles.flatMap((id, place) =>
    roles.some((role) => role.id === id && role.scope !== 'clinic')
      ? [
          contradiction(
            'retentionAndAccess',
            ['accessRules', 'breakGlass', 'roles', place],
            id,
            'only a role with the scope "clinic" can break glass',
          ),
        ]
      : [],
  );
}

function fieldsOutsideThePurpose({ dataClasses, aiGateway }: PolicyFiles): PolicyProblem[] {
  const classes = dataClasses.dataClasses.map(({ id }) => id);
  return aiGateway.purposes.flatMap(({ whitelistedFields, allowedDataClasses }, index) =>
    whitelistedFields.flatMap((field, place): PolicyProblem[] => {
      const steps = ['purposes', index, 'whitelistedFields', place];
      const root = /^[A-Za-z0-9]+/.exec(field)?.[0] ?? '';
      if (CHAT_ROOTS.some((known) => known === root) || allowedDataClasses.includes(root)) return [];
      if (!classes.includes(root))
        return [unknownReference('aiGateway', toJsonPath(steps), root, [...classes, ...CHAT_ROOTS])];
      return [
        contradiction('aiGateway', steps, field, 'belongs to a data class that the purpose does not allow'),
      ];
    }),
  );
}

function providersInTheClear({ aiGateway }: PolicyFiles): PolicyProblem[] {
  return aiGateway.providers.flatMap((provider, index) =>
    provider.kind === 'remote' && !provider.baseUrl.startsWith('https:')
      ? [
          contradiction(
            'aiGateway',
            ['providers', index, 'baseUrl'],
            provider.baseUrl,
            'a remote provider is reached by https only',
          ),
        ]
      : [],
  );
}

/** A conversation goes by its purpose's policy: by then the promise of each class that is in it must have been kept. */
function transcriptsKeptTooLong({
  dataClasses,
  retentionAndAccess,
  aiGateway,
}: PolicyFiles): PolicyProblem[] {
  const policies = new Map(retentionAndAccess.retentionPolicies.map((policy) => [policy.id, policy]));
  const daysOf = (policyId: string | undefined): number => {
    const duration = parseRetentionDuration(policies.get(policyId ?? '')?.maxDuration ?? '');
    return duration === null ? Infinity : approximateDays(duration);
  };
  return aiGateway.purposes.flatMap((purpose, index) => {
    const policy = policies.get(purpose.retentionPolicyId);
    if (!purpose.storeSanitisedTranscript || policy === undefined) return [];
    const refuse = (message: string) => [
      contradiction('aiGateway', ['purposes', index, 'retentionPolicyId'], policy.id, message),
    ];
    if (
      policy.anchor !== 'conversation.ended' ||
      parseRetentionDuration(policy.maxDuration)?.from !== 'anchor'
    )
      return refuse('the purpose stores transcripts, so its retention must count from "conversation.ended"');
    const shorter = dataClasses.dataClasses.filter(
      ({ id, retentionPolicyId }) =>
        purpose.allowedDataClasses.includes(id) && daysOf(retentionPolicyId) < daysOf(policy.id),
    );
    return shorter.flatMap(({ id, retentionPolicyId }) =>
      refuse(`the purpose would store transcripts for longer than ${retentionPolicyId} lets ${id} be kept`),
    );
  });
}
