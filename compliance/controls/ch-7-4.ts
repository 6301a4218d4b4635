import type { CordonControl } from '../asked.ts';
import { errorsAreQuiet } from '../checks/http.ts';

export const ch7_4: CordonControl = {
  id: 'CH-7.4',
  title: 'Error texts, URLs and logs carry nothing of a patient',
  priority: 'P2',
  threat: 'Logs are a second, unguarded record.',
  owner: 'engine team',
  references: { asvs: ['14.2.1', '16.2.5', '16.5.1'], hipaa: ['§164.312(a)(1)'], ukGdpr: ['5(1)(f)', '25'] },
  next: 'npm start, then npx cordon check --only CH-7.4',
  check: errorsAreQuiet,
};
