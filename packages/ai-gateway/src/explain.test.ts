import { beforeAll, describe, expect, it } from 'vitest';
import { explainCall, readExample, type Gateway } from '../index.ts';
import { openExampleGateway, patient } from '../testing/example-gateway.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openExampleGateway();
});

const explain = (file: unknown, purpose = 'purpose.chat.triage.assist'): string =>
  explainCall(gateway, readExample(gateway, typeof file === 'string' ? file : JSON.stringify(file), purpose));
const request = (...contents: unknown[]): object => ({
  model: 'any',
  messages: contents.map((content) => ({ role: 'user', content })),
});

describe('what is explained of a call', () => {
  it('is what would be sent, and why', () => {
    const said = explain({ request: request('I am Amira Holloway, ring 07700 900123'), known: [patient] });
    expect(said).toMatch(/^Purpose {6}purpose\.chat\.triage\.assist: /u);
    expect(said).toMatch(/^Provider {5}provider\.example \(local, /mu);
    expect(said).toMatch(/^Replaced {5}2 × person, 1 × phone$/mu);
    expect(said).toMatch(/^user: I am person-\w{8} person-\w{8}, ring phone-\w{8}$/mu);
    expect(said).not.toMatch(/Amira|07700/u);
  });

  it('is told of a file that is a request alone, as a client sends it', () => {
    const said = explain(request('I am Amira Holloway, ring 07700 900123'));
    expect(said).toMatch(/^user: I am person-\w{8} person-\w{8}, ring phone-\w{8}$/mu);
  });

  it.each<[string, unknown, RegExp]>([
    ['that is empty', '', /the file is no JSON/u],
    ['that is no JSON', '{', /the file is no JSON/u],
    ['that is null', 'null', /not an object with request/u],
    ['with an unknown member', { request: request('hi'), extra: 1 }, /beside the request: extra/u],
    ['with people of another form', { request: request('hi'), known: [{ names: 'Amira' }] }, /known\.0\.names/u],
    ['without a request', {}, /the file has no request/u],
    ['with a member that is not sent', { request: { ...request('hi'), user: 'Amira' } }, /user: unrecognized_keys/u],
    ['with too much', { request: request('word '.repeat(5_000)) }, /too long/u],
    ['with more people than can be told apart', { request: request(Array.from({ length: 2 }, (_each, half) => ({ type: 'text', text: Array.from({ length: 6_000 }, (_number, at) => 200_000 + (half * 6_000 + at) * 7).join(', ') }))) }, /did not run to its end|too long/u],
    ['with a picture', { request: request([{ type: 'image_url', image_url: { url: 'data:,' } }]) }, /Pictures/u],
  ])('of a file %s is why nothing would be sent', (_what, file, reason) => {
    let refused: unknown;
    try {
      explain(file);
    } catch (error) {
      refused = error;
    }
    expect(refused).toMatchObject({ name: 'AiGatewayError' });
    expect(String(refused)).toMatch(reason);
    expect(String(refused)).not.toContain('Amira');
  }); // prettier-ignore
});
