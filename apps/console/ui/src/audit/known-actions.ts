export interface ActionWords {
  /** In the filter. */
  readonly name: string;
  /** "opened {one}": the noun is filled in from the resource. */
  readonly did: string;
  /** "open {one}"; absent where it happened whatever was decided. */
  readonly to?: string;
  /** "opening {one}"; only for what is begun first and has its outcome recorded later. */
  readonly doing?: string;
}

/** Everything that the engine and identity write, in the order in which the filter offers it; a test compares it with theirs. */
export const KNOWN_ACTIONS: ReadonlyMap<string, ActionWords> = new Map<string, ActionWords>([
  ['record.opened', { name: 'Open a record', did: 'opened {one}', to: 'open {one}' }],
  ['record.listed', { name: 'List records', did: 'listed {many}', to: 'list {many}' }],
  ['ai.stopped', { name: 'Stop the assistant', did: 'stopped the assistant' }],
  ['ai.started', { name: 'Let the assistant go on', did: 'let the assistant go on' }],
  [
    'ai.called',
    {
      name: 'Ask the assistant',
      did: 'asked the assistant',
      to: 'ask the assistant',
      doing: 'asking the assistant',
    },
  ],
  ['ai.retried', { name: 'Ask the model again', did: 'had the model asked again, since it had not begun' }],
  [
    'ai.identifiers-opened',
    {
      name: 'Take personal details out for the assistant',
      did: 'had personal details taken out for the assistant',
    },
  ],
  [
    'record.created',
    { name: 'Create a record', did: 'created {one}', to: 'create {one}', doing: 'creating {one}' },
  ],
  [
    'record.changed',
    { name: 'Change a record', did: 'changed {one}', to: 'change {one}', doing: 'changing {one}' },
  ],
  [
    'record.searched',
    { name: 'Search for patients', did: 'searched for patients', to: 'search for patients' },
  ],
  [
    'break-glass.opened',
    {
      name: 'Break the glass',
      did: 'opened a record in an emergency',
      to: 'open a record in an emergency',
      doing: 'opening a record in an emergency',
    },
  ],
  [
    'break-glass.reviewed',
    {
      name: 'Review an emergency access',
      did: 'reviewed an emergency access',
      to: 'review an emergency access',
      doing: 'reviewing an emergency access',
    },
  ],
  [
    'clinic-switch.started',
    {
      name: 'Switch into a clinic',
      did: 'switched into a clinic',
      to: 'switch into a clinic',
      doing: 'switching into a clinic',
    },
  ],
  ['clinic-switch.ended', { name: 'Leave a clinic', did: 'left a clinic', to: 'leave a clinic' }],
  [
    'figures.read',
    { name: 'Read the figures', did: 'read the figures of the clinics', to: 'read the figures' },
  ],
  [
    'clinic-settings.changed',
    {
      name: 'Change clinic settings',
      did: 'changed a clinic’s settings',
      to: 'change a clinic’s settings',
      doing: 'changing a clinic’s settings',
    },
  ],
  [
    'alert.delivered',
    { name: 'Be shown an alert', did: 'was shown {one}', to: 'be shown {one}', doing: 'being shown {one}' },
  ],
  [
    'alert.acknowledged',
    { name: 'Take an alert', did: 'took {one}', to: 'take {one}', doing: 'taking {one}' },
  ],
  [
    'alert.escalated',
    {
      name: 'Pass an alert on',
      did: 'passed on {one}',
      to: 'pass on {one}',
      doing: 'passing on {one}',
    },
  ],
  [
    'alert.notified',
    {
      name: 'Tell people of an alert',
      did: 'told people of {one}',
      to: 'tell people of {one}',
      doing: 'telling people of {one}',
    },
  ],
  ['audit-log.read', { name: 'Read the audit log', did: 'read the audit log', to: 'read the audit log' }],
  [
    'audit-log.exported',
    {
      name: 'Take entries of the audit log away',
      did: 'took entries of the audit log away',
      to: 'take entries of the audit log away',
    },
  ],
  [
    'gate-report.taken',
    {
      name: 'Take in a report of the gate',
      did: 'took in a report of the gate',
      to: 'take in a report of the gate',
    },
  ],
  [
    'gate-board.read',
    {
      name: 'Read the board of controls',
      did: 'read the board of controls',
      to: 'read the board of controls',
    },
  ],
  [
    'access-report.read',
    {
      name: 'Ask who opened one’s record',
      did: 'asked who opened their record',
      to: 'ask who opened a record',
    },
  ],
  [
    'legal-hold.placed',
    {
      name: 'Place a legal hold',
      did: 'placed a legal hold on entries',
      to: 'place a legal hold on entries',
      doing: 'placing a legal hold on entries',
    },
  ],
  [
    'legal-hold.lifted',
    {
      name: 'Lift a legal hold',
      did: 'lifted a legal hold',
      to: 'lift a legal hold',
      doing: 'lifting a legal hold',
    },
  ],
  [
    'legal-hold.listed',
    { name: 'List the legal holds', did: 'listed the legal holds', to: 'list the legal holds' },
  ],
  [
    'security.pan-detected',
    {
      name: 'Send in a card number',
      did: 'sent in a card number, which was removed',
      to: 'send in a card number',
    },
  ],
  [
    'security.cell-refused',
    {
      name: 'Meet a damaged value',
      did: 'met a value that was damaged or out of place',
      to: 'read a damaged value',
    },
  ],
  [
    'key.destroyed',
    { name: 'Erase a record', did: 'destroyed the key of a record', to: 'destroy the key of a record' },
  ],
  [
    'record.reindexed',
    {
      name: 'Make a record findable anew',
      did: 'made a record findable under a new search key',
      to: 'make a record findable under a new search key',
    },
  ],
  ['key.swept', { name: 'Remove an unused key', did: 'removed an unused key', to: 'remove an unused key' }],
  ['key.rotated', { name: 'Replace a key', did: 'replaced a key', to: 'replace a key' }],
  ['seal-key.rotated', { name: 'Replace a seal key', did: 'replaced a seal key', to: 'replace a seal key' }],
  [
    'seal-key.retired',
    { name: 'Retire earlier seal keys', did: 'retired earlier seal keys', to: 'retire earlier seal keys' },
  ],
  ['sign-in.completed', { name: 'Sign in', did: 'signed in', to: 'sign in' }],
  [
    'sign-in.consented',
    {
      name: 'Allow an application',
      did: 'allowed an application to act for them',
      to: 'allow an application to act for them',
    },
  ],
  ['sign-in.refused', { name: 'Fail to sign in', did: 'tried to sign in', to: 'sign in' }],
  [
    'factor.enrolled',
    { name: 'Set up a second factor', did: 'set up a second factor', to: 'set up a second factor' },
  ],
  [
    'factor.reset',
    { name: 'Reset a second factor', did: 'had a second factor reset', to: 'reset a second factor' },
  ],
  [
    'account.password-changed',
    { name: 'Change a password', did: 'changed a password', to: 'change a password' },
  ],
  [
    'account.recovery-requested',
    { name: 'Ask for a new password', did: 'asked for a new password', to: 'have a password link sent' },
  ],
  [
    'account.recovery-approved',
    {
      name: 'Approve the recovery of an account',
      did: 'approved the recovery of an account',
      to: 'approve the recovery of an account',
    },
  ],
  ['account.invited', { name: 'Invite somebody', did: 'invited somebody', to: 'invite somebody' }],
  [
    'account.service-registered',
    { name: 'Register a service', did: 'registered a service', to: 'register a service' },
  ],
  ['account.service-ended', { name: 'End a service', did: 'ended a service', to: 'end a service' }],
  [
    'membership.granted',
    {
      name: 'Give somebody a role',
      did: 'gave somebody a role',
      to: 'give somebody a role',
      doing: 'giving somebody a role',
    },
  ],
  [
    'tenant.created',
    {
      name: 'Add a clinic group',
      did: 'added the clinic group',
      to: 'add a clinic group',
      doing: 'adding the clinic group',
    },
  ],
  [
    'clinic.created',
    { name: 'Add a clinic', did: 'added a clinic', to: 'add a clinic', doing: 'adding a clinic' },
  ],
  [
    'objects.swept',
    {
      name: 'Remove objects that no record names',
      did: 'removed stored objects that no record names',
      to: 'remove stored objects that no record names',
      doing: 'removing stored objects that no record names',
    },
  ],
  [
    'transcripts.swept',
    {
      name: 'Delete conversations whose retention has ended',
      did: 'deleted conversations whose retention has ended',
      to: 'delete conversations whose retention has ended',
      doing: 'deleting conversations whose retention has ended',
    },
  ],
  [
    'token.service-issued',
    { name: 'Give a service access', did: 'was given access as a service', to: 'have access as a service' },
  ],
  ['token.refused', { name: 'Have a token refused', did: 'had a token refused', to: 'use a token' }],
  ['token.family-revoked', { name: 'Have a sign-in ended', did: 'had a sign-in ended' }],
]);
