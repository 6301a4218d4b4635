import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '@cordon/service';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openNotifier, readNotifierSettings, writeNotice } from './index.ts';

const clinicId = randomUUID();
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
let folder: string;
let register: string;
const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
const hash = 'a'.repeat(64);
const heading =
  '| Vendor | Service | Signed by both parties | Signed on | Expires | Document hash |\n|---|---|---|---|---|---|\n';

const notice = (more: Partial<Parameters<typeof writeNotice>[0]> = {}) =>
  writeNotice({
    alertId: randomUUID(),
    tenantId: randomUUID(),
    clinicId,
    clinicSlug: 'northgate-leeds',
    reason: 'raised',
    repeated: false,
    consoleUrl: 'https://console.example',
    ...more,
  });

async function secret(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(content), { mode: 0o600 });
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-notifier-'));
  register = join(folder, 'BAA_STATUS.md');
});
beforeEach(() => writeFile(register, `${heading}| Twilio | SMS | no | | | |\n`));
afterAll(() => rm(folder, { recursive: true }));

describe('the notice', () => {
  test('says that an alert waits, where, and whether it may be known already; and nothing of anybody', () => {
    expect(notice().text).toBe('An alert waits at northgate-leeds. Sign in: https://console.example');
    expect(notice({ reason: 'escalated', consoleUrl: undefined }).text).toBe(
      'Nobody has taken an alert at northgate-leeds in time; it was passed on. Sign in to the console',
    );
    expect(notice({ repeated: true }).text).toMatch(/^Repeated, you may have had this already\. /);
  });
});

describe('by mail', () => {
  let server: SMTPServer;
  let received: { to: string[]; text: string; user: string | undefined }[];
  let refusing = false;
  beforeAll(async () => {
    received = [];
    server = new SMTPServer({
      authOptional: false,
      allowInsecureAuth: true,
      hideSTARTTLS: true,
      onAuth: ({ username, password }, _session, done) => {
        if (['right'].includes(password ?? '')) done(null, { user: username ?? '' });
        else done(new Error('wrong password'));
      },
      onData: (stream, session, done) => {
        let text = '';
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
        stream.on('end', () => {
          if (refusing) { done(new Error('mailbox full')); return; }
          received.push({ to: session.envelope.rcptTo.map((each) => each.address), text, user: String(session.user) });
          done();
        });
      },
    }); // prettier-ignore
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
      }),
  );

  const open = async (pass: string) =>
    openNotifier(
      readNotifierSettings({
        CORDON_ENV: 'demo',
        CORDON_NOTIFIER: 'smtp',
        CORDON_SMTP_URL: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
        CORDON_SMTP_FROM: 'cordon@clinic.example',
        CORDON_SMTP_VENDOR: 'Mail vendor',
        CORDON_SMTP_CREDENTIALS_FILE: await secret('smtp.json', { user: 'cordon', pass }),
        CORDON_NOTIFIER_RECIPIENTS_FILE: await secret('mail.json', { [clinicId]: ['desk@clinic.example', 'duty@clinic.example'] }),
      }),
      silent,
    ); // prettier-ignore

  test('goes to those whom the clinic named, hidden from each other, under an id that a repetition keeps', async () => {
    const notifier = await open('right');
    const first = notice();
    await notifier.send(first);
    await notifier.send({ ...first, text: `again ${first.text}` });
    expect(received.map(({ to, user }) => [to, user])).toEqual([
      [['desk@clinic.example', 'duty@clinic.example'], 'cordon'],
      [['desk@clinic.example', 'duty@clinic.example'], 'cordon'],
    ]);
    const ids = received.map(({ text }) => /^Message-ID: (.*)$/im.exec(text)?.[1]);
    expect(ids).toEqual([`<${first.id}@cordon.invalid>`, ids[0]]);
    expect(received[0]?.text).toContain('An alert waits at northgate-leeds.');
    expect(received[0]?.text).not.toContain('duty@clinic.example');
    await notifier.send(notice({ clinicId: randomUUID() }));
    expect(received).toHaveLength(2);
  });

  test('says so when the server takes no notice, or not from us', async () => {
    refusing = true;
    await expect((await open('right')).send(notice())).rejects.toMatchObject({
      code: 'notifier-unavailable',
    });
    refusing = false;
    await expect((await open('wrong')).send(notice())).rejects.toMatchObject({
      code: 'notifier-unavailable',
    });
  });
});

describe('by text message', () => {
  let server: Server;
  let asked: { path: string; authorization: string; form: Record<string, string> }[];
  let status = 201;
  beforeAll(async () => {
    asked = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        asked.push({
          path: `${request.method ?? ''} ${request.url ?? ''}`,
          authorization: request.headers.authorization ?? '',
          form: Object.fromEntries(new URLSearchParams(body)),
        });
        response.writeHead(status, { 'content-type': 'application/json' }).end('{"sid":"SM1"}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const accountSid = `AC${'0'.repeat(32)}`;
  const settings = async (more: Record<string, string> = {}) =>
    readNotifierSettings({
      CORDON_ENV: 'demo',
      CORDON_NOTIFIER: 'twilio',
      CORDON_TWILIO_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      CORDON_TWILIO_FROM: '+447700900000',
      CORDON_TWILIO_CREDENTIALS_FILE: await secret('twilio.json', { accountSid, authToken: 'token-of-the-test' }),
      CORDON_NOTIFIER_RECIPIENTS_FILE: await secret('numbers.json', { [clinicId]: ['+447700900123'] }),
      CORDON_AGREEMENTS_FILE: register,
      ...more,
    }); // prettier-ignore

  test('asks the vendor as its API wants to be asked, with a text that names nobody', async () => {
    await openNotifier(await settings(), silent).send(notice());
    expect(asked).toEqual([
      {
        path: `POST /2010-04-01/Accounts/${accountSid}/Messages.json`,
        authorization: `Basic ${Buffer.from(`${accountSid}:token-of-the-test`).toString('base64')}`,
        form: {
          To: '+447700900123',
          From: '+447700900000',
          Body: 'An alert waits at northgate-leeds. Sign in: https://console.example',
        },
      },
    ]);
  });

  test.each([400, 401, 429, 500])('says so when the vendor answers %i', async (answer) => {
    status = answer;
    const notifier = openNotifier(await settings(), silent);
    await expect(notifier.send(notice())).rejects.toMatchObject({ code: 'notifier-unavailable' });
    status = 201;
  });

  const row = (signed: string, from: string, until: string, digest: string) =>
    `${heading}| Twilio | SMS | ${signed} | ${from} | ${until} | ${digest} |\n`;
  test.each<[string, () => string]>([
    ['without a register', () => ''],
    ['without a row', () => heading],
    ['unsigned', () => row('no', '', '', '')],
    ['signed without a document', () => row('yes', day(-10), day(300), '')],
    ['signed in the future', () => row('yes', day(2), day(300), hash)],
    ['that has ended', () => row('yes', day(-400), day(-1), hash)],
    ['that ends within a month', () => row('yes', day(-300), day(20), hash)],
    ['in a register with a row of another width', () => `${row('yes', day(-10), day(300), hash)}| Mail vendor | no |\n`],
    ['of two minds', () => row('yes', day(-10), day(300), hash) + row('no', '', '', '').split('\n').slice(2).join('\n')],
  ])('is refused in production with an agreement %s', async (_name, text) => {
    await writeFile(register, text());
    const production = await settings({ CORDON_ENV: 'production' });
    expect(() => openNotifier(production, silent)).toThrow(
      expect.objectContaining({ code: 'notifier-agreement-missing' }),
    );
  }); // prettier-ignore

  test('is there in production once the agreement is signed and in force', async () => {
    await writeFile(register, row('yes', day(-10), day(300), hash));
    const notifier = openNotifier(await settings({ CORDON_ENV: 'production' }), silent);
    expect(notifier.channel).toBe('twilio');
  });

  test('takes no address without TLS beyond this machine', async () => {
    await expect(settings({ CORDON_TWILIO_URL: 'http://api.twilio.example' })).rejects.toMatchObject({
      code: 'settings-invalid',
    });
  });
});

test('by default a line of the log, with ids alone', async () => {
  const lines: unknown[] = [];
  const notifier = openNotifier(readNotifierSettings({ CORDON_ENV: 'production' }), {
    ...silent,
    info: (event, fields) => lines.push([event, fields]),
  });
  const sent = notice();
  await notifier.send(sent);
  expect(lines).toEqual([
    ['alert notice', { component: 'alerts', tenantId: sent.tenantId, clinicId: sent.clinicId }],
  ]);
});
