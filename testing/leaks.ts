import { afterAll } from 'vitest';
import { dropClones } from './stores.ts';

// Registered before the test file's own hooks, so it runs after them: what they left open is a leak.
afterAll(dropClones);
