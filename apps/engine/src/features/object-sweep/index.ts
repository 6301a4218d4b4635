export { scheduleSweeps } from './schedule-sweeps.ts';
export { sweepObjects } from './sweep-objects.ts';
