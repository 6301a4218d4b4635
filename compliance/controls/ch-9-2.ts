import { notBuilt } from '@cordon/control-gate';
import type { CordonControl } from '../asked.ts';

export const ch9_2: CordonControl = {
  id: 'CH-9.2',
  title: 'Signals of misuse raise an alarm to a person',
  priority: 'P2',
  threat: 'Nobody looks.',
  owner: 'operations',
  references: { asvs: ['16.4.3'], hipaa: ['§164.308(a)(6)(ii)'], ukGdpr: ['33'] },
  next: 'build the rules: a feature apps/engine/src/features/security-signals over audit.audit_logs that calls a person',
  check: notBuilt('rules over security events that call a person'),
};
