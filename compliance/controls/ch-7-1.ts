import type { CordonControl } from '../asked.ts';
import { lawfulBasesNamed } from '../checks/registers.ts';

export const ch7_1: CordonControl = {
  id: 'CH-7.1',
  title: 'Every data class has its place, its retention and its lawful basis',
  priority: 'P2',
  threat: 'Data is kept for ever, for no reason that anybody remembers.',
  owner: 'privacy officer',
  references: {
    asvs: ['14.1.1', '14.1.2'],
    hipaa: ['§164.316(b)(2)(i)'],
    ukGdpr: ['5(1)(b)', '5(1)(e)', '6', '9'],
  },
  next: 'name basis and retention in config/champagne-data-classes.json and config/champagne-ai-gateway-config.json, then npx cordon check --only CH-7.1',
  check: lawfulBasesNamed,
};
