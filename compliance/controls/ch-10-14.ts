import type { CordonControl } from '../asked.ts';
import { pythonScanned } from '../checks/python.ts';

export const ch10_14: CordonControl = {
  id: 'CH-10.14',
  title: 'Python, where there is any, is scanned',
  priority: 'P1',
  threat: 'A script that somebody added brings packages that nobody looked at.',
  owner: 'security engineering',
  references: {
    asvs: ['15.1.2', '15.2.1'],
    hipaa: ['§164.308(a)(1)(ii)(B)'],
    ukGdpr: ['32(1)(d)'],
  },
  next: 'pip-audit --strict --requirement requirements.txt',
  check: pythonScanned,
};
