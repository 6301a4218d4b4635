import type { CordonControl } from '../asked.ts';
import { processorsSigned } from '../checks/registers.ts';

export const ch8_2: CordonControl = {
  id: 'CH-8.2',
  title: 'Processors have contracts',
  priority: 'P2',
  threat: 'A host or a texting service does with the data what it likes.',
  owner: 'compliance officer',
  references: { asvs: ['13.1.1'], hipaa: ['§164.308(b)(1)'], ukGdpr: ['28'] },
  next: 'enter the contracts in compliance/processing-agreements.md',
  lifeHours: 1,
  check: processorsSigned,
};
