import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodeOf, prove, renderText, type Proof } from './prover.ts';
import { type Fixture, makeFixture, readNaiveSchema, settingConfig } from './testing/fixture.ts';

let fixture: Fixture;
let proof: Proof;
beforeAll(async () => {
  fixture = await makeFixture(await readNaiveSchema());
  proof = await prove({ config: settingConfig(fixture.app), scratch: fixture.target });
});
afterAll(() => fixture.drop());

describe('x', () => {
  it('y', () => {
    console.log(renderText([proof]));
    expect(exitCodeOf([proof])).toBe(1);
  });
});
