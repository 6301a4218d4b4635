import type { CordonControl } from '../asked.ts';
import { certificatesRequired } from '../checks/stores.ts';

export const ch4_1: CordonControl = {
  id: 'CH-4.1',
  title: 'The clinical and vault stores take TLS and client certificates alone',
  priority: 'P1',
  threat: 'A password that leaked opens the clinical store from anywhere.',
  owner: 'security engineering',
  references: { asvs: ['12.3.1', '12.3.5', '12.1.3'], hipaa: ['§164.312(e)(1)'], ukGdpr: ['32(1)(a)'] },
  next: 'npx cordon certs list',
  check: certificatesRequired,
};
