import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { cloneStores } from '../../../testing/stores.ts';
import { buildTestPages, findFreePort, startTestApp, type TestApp, type TestAppOptions } from './test-app.ts';
import { TestBrowser } from './test-browser.ts';
import { startTestEngine, type TestEngine } from './test-engine.ts';
import { startTestProvider, testTenantId, type TestProvider } from './test-provider.ts';

const unlimited = { name: 'sign-in', limit: 10_000, windowSeconds: 60 };

/** A store, a provider, an engine and two servers of one app, for one test file. */
class TestSetup {
  readonly schema = 'console_sessions';
  readonly sessionKey = randomBytes(32);
  publicUrl = '';
  cookieName = '';
  provider!: TestProvider;
  engine!: TestEngine;
  app!: TestApp;
  /** A second server of the same app, as a second process would be: its own pool, the same key and table. */
  twin!: TestApp;
  /** The store's administrator, for looking and for turning clocks. */
  admin!: pg.Client;
  readonly #closers: (() => Promise<unknown>)[] = [];
  #shared!: Omit<TestAppOptions, 'port'>;
  readonly #more: TestAppOptions['more'];

  constructor(more: TestAppOptions['more']) {
    this.#more = more;
  }

  async open(): Promise<void> {
    const stores = await cloneStores(['identity']);
    const port = await findFreePort();
    this.publicUrl = `http://localhost:${port}`;
    this.cookieName = `__Host-cordon-test-${port}`;
    const pages = await buildTestPages();
    this.#closers.push(pages.remove);
    this.provider = await startTestProvider([this.publicUrl]);
    this.#closers.push(() => this.provider.close());
    this.engine = await startTestEngine();
    this.#closers.push(() => this.engine.close());
    this.#shared = {
      publicUrl: this.publicUrl,
      provider: this.provider,
      engineUrl: this.engine.url,
      database: stores.connection('identity', this.schema),
      schema: this.schema,
      sessionKey: this.sessionKey,
      pagesFolder: pages.folder,
      more: { limitRules: { signIn: unlimited }, ...this.#more },
    };
    this.app = await this.startAnother({ port });
    this.twin = await this.startAnother({});
    this.admin = new pg.Client(stores.admin('identity'));
    await this.admin.connect();
    this.#closers.push(() => this.admin.end());
  }

  async startAnother(options: Partial<TestAppOptions>): Promise<TestApp> {
    const app = await startTestApp({ port: 0, ...this.#shared, ...options });
    this.#closers.push(() => app.close());
    return app;
  }

  async close(): Promise<void> {
    await Promise.all(this.#closers.map((close) => close()));
  }

  reset(): void {
    Object.assign(this.provider.next, {
      account: 'anna',
      role: 'role.clinician',
      accessSeconds: 900,
      refuse: false,
      acr: 'urn:cordon:acr:password',
      tenantId: testTenantId,
    });
    Object.assign(this.provider.tokenEndpoint, { delayMs: 0, away: false, held: undefined });
    Object.assign(this.provider.refreshes, { granted: 0, refused: 0 });
    this.engine.seen.length = 0;
    this.engine.answer = undefined;
  }

  async signIn(account = 'anna'): Promise<TestBrowser> {
    this.provider.next.account = account;
    const browser = new TestBrowser();
    const { status } = await browser.navigate(`${this.publicUrl}/auth/sign-in`);
    expect(status).toBe(200);
    return browser;
  }

  /** Signs in with a token that has run out by the first request, so that it must be refreshed. */
  async signInExpired(): Promise<TestBrowser> {
    this.provider.next.accessSeconds = 5;
    const browser = await this.signIn();
    this.provider.next.accessSeconds = 900;
    return browser;
  }

  me(): string {
    return `${this.publicUrl}/api/v1/me`;
  }

  async countSessions(): Promise<number> {
    const text = `SELECT count(*)::int AS n FROM ${this.schema}.browser_sessions`;
    const { rows } = await this.admin.query<{ n: number }>(text);
    return rows[0]?.n ?? -1;
  }

  async clear(): Promise<void> {
    await this.admin.query(`DELETE FROM ${this.schema}.browser_sessions`);
  }

  /** The status of a GET whose target and header lines are sent exactly as written. */
  askRaw(target: string, headers: Record<string, string>, more = ''): Promise<number> {
    const lines = Object.entries({ host: `localhost:${this.app.port}`, connection: 'close', ...headers });
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return new Promise((resolve, reject) => {
      const socket = connect(this.app.port, '127.0.0.1', () => {
        socket.write(`GET ${target} HTTP/1.1\r\n${head}${more}\r\n`);
      });
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
      socket.on('error', reject).on('close', () => {
        resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0));
      });
    });
  }
}

/**
 * Opens a setup before the file's tests, closes it after them, and puts provider and engine back before each. `more` is said to
 * each of its servers.
 */
export function useTestSetup(more: TestAppOptions['more'] = {}): TestSetup {
  const setup = new TestSetup(more);
  beforeAll(() => setup.open());
  beforeEach(() => {
    setup.reset();
  });
  afterAll(() => setup.close());
  return setup;
}
