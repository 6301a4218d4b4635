/** What can be wrong with a log. */
export type FindingKind =
  | 'changed' // the row is not the one that its leaf stands for
  | 'removed' // the leaf is there, or is known from the tree, and the row is gone
  | 'inserted' // a row or leaf that the signed tree does not have
  | 'reordered' // a known leaf in another's place
  | 'renumbered' // a number is missing in the row of leaves
  | 're-hashed' // the leaf is not the one of the signed tree
  | 'rolled-back' // fewer leaves than a signed checkpoint covers
  | 'forked' // two signed checkpoints, or tree and checkpoint, contradict each other
  | 'month-altered' // a month's table was renamed, detached, given other bounds, or lost what guards it
  | 'intent-without-outcome' // a change began, and nothing says how it ended
  | 'not-published' // the folder of the published log, which the store is compared with, has no checkpoint
  | 'not-witnessed' // a witness whose key was given has cosigned nothing
  | 'not-sequenced'; // a row older than a minute has no leaf

/** One fault. */
export interface Finding {
  readonly kind: FindingKind;
  /** The number, from 0, that the leaf has or should have; null where the finding is about none. */
  readonly index: number | null;
  /** Null where the row is gone, or the finding is about no single entry. */
  readonly entryId: string | null;
  /** One sentence. Holds ids and numbers only. */
  readonly detail: string;
}

/** Findings that mean that somebody has tampered with the store; the others, that a process ended too early or evidence is not at hand. */
export function isForgery(finding: Finding): boolean {
  return !['intent-without-outcome', 'not-sequenced', 'not-published', 'not-witnessed'].includes(
    finding.kind,
  );
}
