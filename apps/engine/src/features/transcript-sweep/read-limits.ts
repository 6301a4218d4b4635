import { parseRetentionDuration, type DataClassId, type Policy } from '@cordon/access-policy';

/** How long a conversation is kept after its last change; without a purpose: where none that is configured keeps it. */
export interface RetentionLimit {
  readonly purpose: string | null;
  readonly years: number;
  readonly months: number;
  readonly days: number;
}

/**
 * What the policy in force says of conversations that are kept as this class: each purpose's own retention, which is no longer
 * than the class's. What a purpose has left that is configured no more, or keeps none any more, has the class's.
 */
export function readLimits({ files }: Policy, dataClass: DataClassId): RetentionLimit[] {
  const { purposes } = files.aiGateway;
  const ofClass = files.dataClasses.dataClasses.filter(({ id }) => id === dataClass);
  return [
    ...purposes.filter((each) => each.storeSanitisedTranscript).map((each) => [each.id, each] as const),
    ...ofClass.map((each) => [null, each] as const),
  ].flatMap(([purpose, { retentionPolicyId }]) => {
    const policy = files.retentionAndAccess.retentionPolicies.find(({ id }) => id === retentionPolicyId);
    const duration = parseRetentionDuration(policy?.maxDuration ?? '');
    // What ends with an account does not end by its age.
    if (duration === null || duration.from === 'closure') return [];
    const { years, months, days } = duration;
    return [{ purpose, years, months, days }];
  });
}
