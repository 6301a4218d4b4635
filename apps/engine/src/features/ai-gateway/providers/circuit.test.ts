import { expect, it } from 'vitest';
import { createCircuit } from './circuit.ts';

it('leaves a provider alone after five failures, and lets one call try it after half a minute', () => {
  let now = 0;
  const circuit = createCircuit(() => now);
  for (let count = 0; count < 5; count += 1) {
    circuit.enter('a');
    circuit.leave('a', true);
  }
  expect(() => { circuit.enter('a'); }).toThrow(/left alone/);
  circuit.enter('b');
  now = 30_001;
  circuit.enter('a');
  expect(() => { circuit.enter('a'); }).toThrow(/left alone/);
  circuit.leave('a', false);
  circuit.enter('a');
  circuit.enter('a');
}); // prettier-ignore
