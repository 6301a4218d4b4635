import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { exitCodeOf, prove, type Proof, type ProverConfig } from './prover.ts';
import { type Fixture, leaksOf, makeFixture, readSoundSchema, soundConfig } from './testing/fixture.ts';

const open: Fixture[] = [];
afterAll(() => Promise.all(open.map((fixture) => fixture.drop())));

interface Change {
  readonly sql?: string;
  readonly config?: Partial<ProverConfig>;
  /** Signs in as the administrator in the role's place, where a real sign-in is what is tested. */
  readonly signsIn?: boolean;
}

async function proveSound({ sql = '', config = {}, signsIn = false }: Change): Promise<Proof> {
  const fixture = await makeFixture(await readSoundSchema(), sql);
  open.push(fixture);
  const { administrator } = fixture.target;
  return prove({
    config: soundConfig(fixture, { loginRoles: [fixture.app], ...config }),
    scratch: { administrator, ...(signsIn && { loginOf: () => administrator }) },
  });
}

/** What no schema that keeps its tenant in a setting can hold, and PostgreSQL's own. */
const inherent =
  /^(context\.forged-by-set-config |residue\.(cursor|setting|prepared-statement) |large-objects |statistics\.(row-count|counters|explain) |race\.revoked )/;

describe('a sound schema', () => {
  it('leaks nothing but what its setting lets anybody forge, and PostgreSQL leaves open', async () => {
    const proof = await proveSound({ config: {} });
    expect(leaksOf(proof).filter((leak) => !inherent.test(leak))).toEqual([]);
    expect(leaksOf(proof)).toContain('context.forged-by-set-config app.notes');
    expect(leaksOf(proof)).toContain('race.revoked app.notes');
  });
});

const trusting = `ALTER POLICY one_tenant ON app.notes USING (tenant_id = (SELECT app.current_tenant()))`;
/** A proof takes seconds: holes that do not hide one another share one. */
const broken: readonly [expected: readonly string[], change: Change][] = [
  [['revocation app.notes'], { sql: trusting }],
  [
    ['race.moved app.aside', 'rows.partition app.parts_a'],
    {
      sql: `CREATE TABLE app.aside (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, body text NOT NULL);
        GRANT SELECT, UPDATE ON app.aside TO :app; REVOKE UPDATE ON app.notes, app.replies FROM :app;
        CREATE TABLE app.parts (tenant_id uuid, id uuid, kind text, PRIMARY KEY (tenant_id, id, kind)) PARTITION BY LIST (kind);
        CREATE TABLE app.parts_a PARTITION OF app.parts FOR VALUES IN ('a'); GRANT SELECT ON app.parts, app.parts_a TO :app`,
    },
  ],
  [
    ['residue.context *'],
    { sql: 'ALTER TABLE app.notes DISABLE ROW LEVEL SECURITY; REVOKE SELECT ON app.members FROM :app' },
  ],
  [
    ['context.rolled-back-with-its-savepoint app.notes', 'context.empty-settings app.replies'],
    {
      sql: `CREATE POLICY wide ON app.notes FOR SELECT TO :app USING (true);
        CREATE POLICY wide ON app.replies FOR SELECT TO :app USING (app.current_tenant() IS NULL)`,
    },
  ],
  [
    ['server-log.values *', 'server-log.readable *'],
    {
      sql: `ALTER DATABASE :database SET log_statement = 'all'; GRANT pg_read_server_files TO :app;
        GRANT EXECUTE ON FUNCTION pg_read_file(text) TO :app`,
    },
  ],
  [['activity.literal *'], { signsIn: true }],
];

describe('the channels', () => {
  it.each(broken)('find %s', async (expected, change) => {
    expect(leaksOf(await proveSound(change))).toEqual(expect.arrayContaining([...expected]));
  });
});

it('finds no residue where the pool empties its connections', async () => {
  const proof = await proveSound({ config: { resetOnRelease: 'DISCARD ALL' } });
  expect(leaksOf(proof).filter((leak) => leak.startsWith('residue.'))).toEqual([]);
});

describe('what could not be tried', () => {
  it('is no pass: a context that shows its caller nothing proves nothing', async () => {
    const proof = await proveSound({
      config: { driver: { kind: 'setting', settings: { 'app.nobody': '$tenant' } } },
    });
    expect(proof.record.attempts('not-run')).toContainEqual(
      expect.objectContaining({
        channel: 'context.own',
        evidence: 'member saw no row of its own, so its attacks prove nothing',
      }),
    );
  });

  it('is no pass: a table that no row could be made for is named with the reason', async () => {
    const proof = await proveSound({
      sql: `CREATE TYPE app.pair AS (a integer, b integer);
        CREATE TABLE app.odd (tenant_id uuid, id uuid, pair app.pair NOT NULL, PRIMARY KEY (tenant_id, id))`,
      config: {
        accepted: [...new Set(leaksOf(await proveSound({})).map((leak) => leak.split(' ')[0] ?? ''))]
          .concat('gate.row-security', 'gate.forced', 'gate.policy-missing')
          .map((channel) => ({ channel, reason: 'a test', expires: '2999-01-01' })),
      },
    });
    expect(leaksOf(proof)).toEqual([]);
    expect(proof.record.attempts('not-run')).toContainEqual(
      expect.objectContaining({ channel: 'rows.planted', table: 'app.odd' }),
    );
    expect(exitCodeOf([proof])).toBe(2);
  });
});

describe('a live database', () => {
  it('is compared and gated, and not written to; what grows with time is no difference', async () => {
    const scratch = await makeFixture(
      await readSoundSchema(),
      `CREATE TABLE app.parts (tenant_id uuid, id uuid, kind text, PRIMARY KEY (tenant_id, id, kind)) PARTITION BY LIST (kind);
       CREATE TABLE app.parts_a PARTITION OF app.parts FOR VALUES IN ('a')`,
    );
    open.push(scratch);
    const live = await scratch.copy();
    await scratch.apply(`CREATE TABLE app.parts_b PARTITION OF app.parts FOR VALUES IN ('b')`);
    const proof = await prove({
      config: soundConfig(scratch, { loginRoles: [] }),
      scratch: scratch.target,
      live,
    });
    expect(proof.live).toBe(live.database);
    // The gates looked at the live one, which has no second partition.
    expect(leaksOf(proof)).toContain('gate.row-security app.parts_a');
    expect(leaksOf(proof)).not.toContain('gate.row-security app.parts_b');
    const client = new pg.Client(live);
    await client.connect();
    const { rowCount } = await client.query('SELECT FROM app.notes UNION ALL SELECT FROM app.parts');
    await client.end();
    expect(rowCount).toBe(0);
  });
});

describe('a proof that cannot be made', () => {
  const made = async (...sql: string[]): Promise<Fixture> => {
    const fixture = await makeFixture(await readSoundSchema(), ...sql);
    open.push(fixture);
    return fixture;
  };

  it('says that scratch and live are one database', async () => {
    const { target, ...fixture } = await made();
    const config = soundConfig({ target, ...fixture });
    await expect(prove({ config, scratch: target, live: target.administrator })).rejects.toMatchObject({
      code: 'prover-scratch-unsafe',
    });
  });

  it('says what differs between scratch and live', async () => {
    const scratch = await made();
    const live = await scratch.copy();
    await scratch.apply('ALTER TABLE app.notes ADD extra text');
    await expect(
      prove({ config: soundConfig(scratch), scratch: scratch.target, live }),
    ).rejects.toMatchObject({
      code: 'prover-fingerprint-differs',
      publicMessage: expect.stringContaining('column app.notes.extra') as string,
    });
  });

  it('says that a scratch database with rows may be somebody’s', async () => {
    const scratch = await made(`INSERT INTO app.notes VALUES (gen_random_uuid(), gen_random_uuid(), 'mine')`);
    await expect(prove({ config: soundConfig(scratch), scratch: scratch.target })).rejects.toMatchObject({
      code: 'prover-scratch-unsafe',
      publicMessage: expect.stringContaining('rows in app.notes') as string,
    });
  });

  it('says which role is missing', async () => {
    const scratch = await made();
    const config = soundConfig(scratch, { loginRoles: ['nobody_at_all'] });
    await expect(prove({ config, scratch: scratch.target })).rejects.toMatchObject({
      code: 'prover-role-missing',
      publicMessage: expect.stringContaining('nobody_at_all') as string,
    });
  });

  it('says which right the administrator lacks', async () => {
    const scratch = await made();
    const { administrator } = scratch.target;
    const weak = { ...administrator, options: `-c role=${scratch.app}` };
    await expect(
      prove({ config: soundConfig(scratch), scratch: { administrator: weak } }),
    ).rejects.toMatchObject({
      code: 'prover-may-not-plant',
      publicMessage: expect.stringContaining('SUPERUSER') as string,
    });
  });

  it('says that nobody answers', async () => {
    const scratch = await made();
    const administrator = { ...scratch.target.administrator, database: 'no_such_database' };
    await expect(prove({ config: soundConfig(scratch), scratch: { administrator } })).rejects.toMatchObject({
      code: 'prover-unreachable',
    });
  });

  it('finds no table to prove anything about', async () => {
    const scratch = await makeFixture();
    open.push(scratch);
    await expect(prove({ config: soundConfig(scratch), scratch: scratch.target })).rejects.toMatchObject({
      code: 'prover-nothing-to-prove',
    });
  });
});
