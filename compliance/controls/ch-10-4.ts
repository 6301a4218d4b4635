import type { CordonControl } from '../asked.ts';
import { billOfMaterials } from '../checks/supply-chain.ts';

export const ch10_4: CordonControl = {
  id: 'CH-10.4',
  title: 'A bill of materials can be made of every build',
  priority: 'P1',
  threat: 'Nobody can say whether a weakness concerns us.',
  owner: 'security engineering',
  references: { asvs: ['15.1.2'], hipaa: ['§164.308(a)(1)(ii)(A)'], ukGdpr: ['32'] },
  next: 'npm sbom --sbom-format cyclonedx',
  check: billOfMaterials,
};
