import { readdir } from 'node:fs/promises';
import { generateSigningKey, signCheckpoint } from '@cordon/transparency-log';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  buildLog,
  logKey,
  startWitnessUnderTest,
  type WitnessUnderTest,
} from '../testing/witness-under-test.ts';

let witness: WitnessUnderTest;
beforeAll(async () => {
  witness = await startWitnessUnderTest();
});
afterAll(() => witness.close());

const five = buildLog(5);
const head = 'cordon.test/log\n5\n';
const signatures = five.checkpoint.slice(five.checkpoint.indexOf('\n\n') + 2);
const first = (checkpoint: string) => `old 0\n\n${checkpoint}`;
const changed = (what: string | RegExp, to: string) => first(five.checkpoint.replace(what, to));
const flipLast = (line: string) =>
  line.replace(/(.)(=*\n)$/, (_all, last: string, rest: string) => (last === 'A' ? 'B' : 'A') + rest);
const stranger = generateSigningKey('cordon.test/stranger');
const thief = generateSigningKey('cordon.test/log');

/** 400: it is no request of the specification; 403: nobody trusted has signed it; 404: a log that is not watched. */
const bad: Record<string, [body: string | Uint8Array<ArrayBuffer>, status: number]> = {
  'nothing': ['', 400],
  'a word': ['old', 400],
  'a negative size': [`old -1\n\n${five.checkpoint}`, 400],
  'a size with a zero before it': [`old 00\n\n${five.checkpoint}`, 400],
  'a size that no number holds': [`old 9007199254740993\n\n${five.checkpoint}`, 400],
  'a size in other digits': [`old \u0660\n\n${five.checkpoint}`, 400],
  'no empty line': ['old 0\n', 400],
  'lines that end as on another system': [first(five.checkpoint).replaceAll('\n', '\r\n'), 400],
  'a mark of byte order': [`\ufeff${first(five.checkpoint)}`, 400],
  'bytes that are no text': [Buffer.concat([Buffer.from(first(head)), Buffer.from([0xff, 0xfe, 0x00])]), 400],
  'a hash too short': [`old 0\nAAAA\n\n${five.checkpoint}`, 400],
  'more hashes than a proof can have': [`old 0\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}\n${five.checkpoint}`, 400],
  'no checkpoint': ['old 0\n\n', 404],
  'a checkpoint of two lines': [first(`cordon.test/log\n5\n\n${signatures}`), 400],
  'a tree of a negative size': [changed('\n5\n', '\n-5\n'), 400],
  'a tree of a fraction': [changed('\n5\n', '\n5.0\n'), 400],
  'a root of another length': [changed(/\n5\n.{4}/, '\n5\n'), 400],
  'an empty tree with a root of its own': [changed('\n5\n', '\n0\n'), 400],
  'an old size beyond the tree': [(await five.request(0)).replace('old 0', 'old 6'), 400],
  'no signature': [first(five.checkpoint.slice(0, five.checkpoint.indexOf('\n\n') + 2)), 400],
  'a text that goes on behind the signatures': [`${first(five.checkpoint)}x\n`, 400],
  'two hundred signatures': [first(five.checkpoint + signatures.repeat(199)), 400],
  'a bit of the signature turned': [first(flipLast(five.checkpoint)), 403],
  'another size under the same signature': [changed('\n5\n', '\n6\n'), 403],
  'a further line under the same signature': [changed('\n\n', '\nmore\n\n'), 403],
  'the signature of another key of that name': [first(buildLog(5, 'a', thief).checkpoint), 403],
  'the signature of a known log under another origin': [first(signCheckpoint({ origin: 'cordon.test/log', size: 5, root: Buffer.alloc(32, 1), extensions: [] }, [stranger])), 403],
  'a log that is not watched': [first(buildLog(5, 'a', stranger).checkpoint), 404],
  'a log that would be a file elsewhere': [changed('cordon.test/log', '../../etc/passwd'), 404],
  'a log in other letters': [changed('cordon.test/log', 'cordon.test/LOG'), 404],
  'a proof from nothing': [`old 0\n${Buffer.alloc(32).toString('base64')}\n\n${five.checkpoint}`, 422],
  'more than a request can be': ['x'.repeat(700_000), 413],
}; // prettier-ignore

it.each(Object.entries(bad))('refuses %s, and keeps nothing of it', async (_what, [body, status]) => {
  const answer = await witness.post(body);
  expect(answer).toMatchObject({ status, type: 'application/problem+json; charset=utf-8' });
  // Nothing of what was sent comes back.
  expect(answer.text).not.toMatch(/passwd|AAAA|xxxx/);
  expect(await readdir(witness.folder)).toEqual(['lock']);
});

it('refuses proofs that are cut, lengthened, turned round or of another step, and goes on with the right one', async () => {
  expect((await witness.post(await five.request(0))).status).toBe(200);
  const next = buildLog(300);
  const proof = await next.proofFrom(5);
  const send = (hashes: readonly Uint8Array[], checkpoint = next.checkpoint) =>
    witness.post(
      `old 5\n${hashes.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('')}\n${checkpoint}`,
    );
  const zeros = Buffer.alloc(32);
  for (const hashes of [
    [],
    proof.slice(1),
    proof.slice(0, -1),
    [...proof, zeros],
    proof.toReversed(),
    [zeros, ...proof.slice(1)],
    await buildLog(299).proofFrom(5),
    await buildLog(300, 'b').proofFrom(5),
  ])
    expect(await send(hashes)).toMatchObject({ status: 422 });
  expect(await send(proof, buildLog(300, 'b').checkpoint)).toMatchObject({ status: 422 });
  expect(await send(proof)).toMatchObject({ status: 200 });
});

it('answers a replay with the size that it saw last, and the same tree again with another cosignature of it', async () => {
  const next = buildLog(300);
  for (const replayed of [await five.request(0), await next.request(5), await next.request(0)])
    expect(await witness.post(replayed)).toEqual({ status: 409, type: 'text/x.tlog.size', text: '300\n' });
  const again = `old 300\n\n${next.checkpoint}`;
  expect(await witness.post(again)).toMatchObject({ status: 200 });
  const other = buildLog(300, 'b', logKey);
  const forked = await witness.post(`old 300\n\n${other.checkpoint}`);
  expect(forked).toMatchObject({ status: 409, type: 'application/problem+json; charset=utf-8' });
  expect(forked.text).toContain('witness-forked');
  // One who lost is no further than before.
  expect(await witness.post(again)).toMatchObject({ status: 200 });
});
