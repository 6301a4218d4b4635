import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { generate } from './generate.ts';
import { deployFolder, needsFactor, parsePolicy, readPolicy } from './policy.ts';

const policy = readPolicy();
const files = await generate(policy);
const read = (path: string) => readFileSync(new URL(path, deployFolder), 'utf8');
const json = (path: string): unknown => JSON.parse(read(path));

describe('deploy/identity', () => {
  it('is what the policy makes, to the letter, and nothing else', () => {
    const there = readdirSync(deployFolder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(
        (entry) =>
          `${entry.parentPath}/${entry.name}`.split('deploy/identity/').at(-1)?.replace(/^\/+/, '') ?? '',
      );
    const handmade = ['sign-in-policy.json'];
    expect(there.filter((path) => !handmade.includes(path)).sort()).toEqual(Object.keys(files).sort());
    for (const [path, text] of Object.entries(files)) expect(read(path), path).toBe(text);
  });

  it('names the roles and factors of the access configuration', () => {
    const config = z
      .object({ roles: z.array(z.object({ id: z.string(), secondFactor: z.string().optional() })) })
      .parse(
        JSON.parse(
          readFileSync(new URL('../../config/champagne-retention-and-access.json', deployFolder), 'utf8'),
        ),
      );
    // Visitors whom nobody knows sign in nowhere: a token of a provider that says so is one too many.
    const stated = config.roles.flatMap(({ id, secondFactor }) =>
      secondFactor === undefined || id === 'role.public' ? [] : [[id, secondFactor]],
    );
    expect(policy.roles).toEqual(Object.fromEntries(stated));
  });

  it('refuses a tenant that opts out where no tenant may', () => {
    const [tenant] = policy.tenants;
    const bent = { ...policy, tenants: [{ ...tenant, optsOut: ['role.admin'] }] };
    expect(() => parsePolicy(JSON.stringify(bent))).toThrow(/opts out/);
  });
});

describe('the Auth0 tenant', () => {
  const client = z.strictObject({
    name: z.string(),
    app_type: z.literal('regular_web'),
    is_first_party: z.literal(true),
    oidc_conformant: z.literal(true),
    token_endpoint_auth_method: z.literal('client_secret_basic'),
    grant_types: z.tuple([z.literal('authorization_code'), z.literal('refresh_token')]),
    callbacks: z.array(z.url({ protocol: /^https$/ })).length(1),
    allowed_logout_urls: z.array(z.url({ protocol: /^https$/ })).length(1),
    web_origins: z.array(z.never()),
    allowed_origins: z.array(z.never()),
    cross_origin_authentication: z.literal(false),
    require_pushed_authorization_requests: z.literal(true),
    jwt_configuration: z.strictObject({ alg: z.literal('RS256'), lifetime_in_seconds: z.literal(900) }),
    refresh_token: z.strictObject({
      rotation_type: z.literal('rotating'),
      expiration_type: z.literal('expiring'),
      leeway: z.literal(0),
      token_lifetime: z.literal(604_800),
      infinite_token_lifetime: z.literal(false),
      infinite_idle_token_lifetime: z.literal(true),
    }),
    oidc_logout: z.strictObject({ backchannel_logout_urls: z.array(z.url()).length(1) }),
  });
  const resourceServer = z.strictObject({
    name: z.string(),
    identifier: z.literal('urn:cordon:engine'),
    signing_alg: z.enum(['RS256', 'PS256']),
    token_dialect: z.literal('rfc9068_profile'),
    token_lifetime: z.literal(900),
    token_lifetime_for_web: z.literal(900),
    allow_offline_access: z.literal(true),
    skip_consent_for_verifiable_first_party_clients: z.boolean(),
  });
  const action = z.strictObject({
    name: z.string(),
    code: z.string().regex(/^\.\/actions\/[a-z-]+\.js$/),
    runtime: z.literal('node22'),
    deployed: z.literal(true),
    supported_triggers: z.tuple([z.strictObject({ id: z.literal('post-login'), version: z.literal('v3') })]),
    dependencies: z.array(z.never()),
    secrets: z.array(z.never()),
  });

  it('has clients with rotating refresh tokens of seven days without leeway, and access tokens of 15 minutes', () => {
    for (const { id } of policy.clients) client.parse(json(`auth0/clients/${id}.json`));
    resourceServer.parse(json('auth0/resource-servers/engine.json'));
  });

  it('runs both Actions at each sign-in, the one that refuses last', () => {
    const triggers = z.strictObject({
      'post-login': z.array(z.strictObject({ action_name: z.string(), display_name: z.string() })),
    });
    const { 'post-login': bound } = triggers.parse(json('auth0/triggers/triggers.json'));
    const names = bound.map((each) => each.action_name);
    expect(names).toEqual(['ask-for-factor', 'refuse-without-factor']);
    for (const name of names) expect(action.parse(json(`auth0/actions/${name}.json`)).name).toBe(name);
  });

  it('takes no factor that travels by telephone or letter', () => {
    for (const name of ['sms', 'email'])
      expect(json(`auth0/guardian/factors/${name}.json`)).toEqual({ name, enabled: false });
  });
});

describe('the Keycloak realm', () => {
  const realm = z
    .looseObject({
      accessTokenLifespan: z.literal(900),
      revokeRefreshToken: z.literal(true),
      refreshTokenMaxReuse: z.literal(0),
      ssoSessionMaxLifespan: z.literal(604_800),
      registrationAllowed: z.literal(false),
      otpPolicyCodeReusable: z.literal(false),
      browserFlow: z.string(),
      roles: z.strictObject({
        realm: z.array(
          z.strictObject({
            name: z.string(),
            composite: z.boolean(),
            composites: z.object({ realm: z.array(z.string()) }).optional(),
          }),
        ),
      }),
      authenticationFlows: z.array(
        z.looseObject({
          alias: z.string(),
          authenticationExecutions: z.array(
            z.looseObject({ flowAlias: z.string().optional(), authenticatorConfig: z.string().optional() }),
          ),
        }),
      ),
      authenticatorConfig: z.array(z.object({ alias: z.string(), config: z.record(z.string(), z.string()) })),
      clients: z.array(
        z.looseObject({
          clientId: z.string(),
          publicClient: z.literal(false),
          implicitFlowEnabled: z.literal(false),
          directAccessGrantsEnabled: z.literal(false),
          redirectUris: z.array(z.url()).length(1),
          attributes: z.looseObject({
            'pkce.code.challenge.method': z.literal('S256'),
            'require.pushed.authorization.requests': z.literal('true'),
          }),
        }),
      ),
    })
    .parse(json('keycloak/cordon-realm.json'));

  it('makes a factor part of each membership that needs one, and of no other', () => {
    for (const { id } of policy.tenants)
      for (const role of Object.keys(policy.roles)) {
        const membership = realm.roles.realm.find(({ name }) => name === `${role}@${id}`);
        expect(membership?.composites?.realm.includes('factor-required') ?? false).toBe(
          needsFactor(policy, role, id),
        );
      }
  });

  it('says in amr, as the settings beside it read it, that a passkey or a code was shown', () => {
    const lines = read('keycloak.env').trim().split('\n');
    const settings = Object.fromEntries(lines.map((line) => line.split('=', 2) as [string, string]));
    const word = settings['CORDON_FACTOR_VALUE'];
    const configs = new Map(realm.authenticatorConfig.map(({ alias, config }) => [alias, config]));
    const steps = realm.authenticationFlows.find(
      ({ alias }) => alias === 'cordon factor',
    )?.authenticationExecutions;
    const enrolment = realm.authenticationFlows.find(({ alias }) => alias === 'cordon enrolment');
    const shown = [...(steps ?? []), ...(enrolment?.authenticationExecutions ?? [])].filter(
      ({ flowAlias }) => flowAlias === undefined,
    );
    expect(shown).toHaveLength(3);
    for (const { authenticatorConfig } of shown)
      expect(configs.get(authenticatorConfig ?? '')).toEqual({
        'default.reference.value': word,
        'default.reference.maxAge': '604800',
      });
    const named = z.array(z.object({ name: z.string(), protocolMapper: z.string() }));
    for (const client of realm.clients) {
      const mappers = named.parse(client['protocolMappers']);
      expect(mappers.find(({ name }) => name === settings['CORDON_CLAIM_FACTOR'])?.protocolMapper).toBe(
        'oidc-amr-mapper',
      );
      for (const name of ['CORDON_CLAIM_SUBJECT', 'CORDON_CLAIM_CLINICS'])
        expect(mappers.map((each) => each.name)).toContain(settings[name]);
    }
  });

  it('sets a factor up where there is none: by an execution that is required, which an alternative is not', () => {
    const flowOf = (alias: string) => realm.authenticationFlows.find((each) => each.alias === alias);
    expect(flowOf('cordon factor')?.authenticationExecutions.at(-1)).toMatchObject({ flowAlias: 'cordon enrolment', requirement: 'ALTERNATIVE' });
    expect(flowOf('cordon enrolment')?.authenticationExecutions).toMatchObject([{ authenticator: 'auth-otp-form', requirement: 'REQUIRED' }]);
  }); // prettier-ignore

  it('declares each attribute that becomes a claim, for the administration alone to write', () => {
    const profile = z
      .object({
        components: z.object({
          'org.keycloak.userprofile.UserProfileProvider': z.tuple([
            z.looseObject({ config: z.object({ 'kc.user.profile.config': z.tuple([z.string()]) }) }),
          ]),
        }),
      })
      .parse(json('keycloak/cordon-realm.json')).components['org.keycloak.userprofile.UserProfileProvider'][0];
    const { attributes } = z
      .object({ attributes: z.array(z.looseObject({ name: z.string(), permissions: z.object({ edit: z.array(z.string()) }) })) })
      .parse(JSON.parse(profile.config['kc.user.profile.config'][0]));
    const mappers = z.array(z.looseObject({ protocolMapper: z.string(), config: z.record(z.string(), z.string()) }));
    for (const client of realm.clients)
      for (const { protocolMapper, config } of mappers.parse(client['protocolMappers']))
        if (protocolMapper === 'oidc-usermodel-attribute-mapper')
          expect(attributes.find(({ name }) => name === config['user.attribute'])?.permissions.edit).toEqual(['admin']);
  }); // prettier-ignore

  it('has flows whose parts are all there', () => {
    const aliases = new Set(realm.authenticationFlows.map(({ alias }) => alias));
    const configs = new Set(realm.authenticatorConfig.map(({ alias }) => alias));
    expect(aliases).toContain(realm.browserFlow);
    for (const { flowAlias, authenticatorConfig } of realm.authenticationFlows.flatMap(
      (flow) => flow.authenticationExecutions,
    )) {
      if (flowAlias !== undefined) expect(aliases).toContain(flowAlias);
      if (authenticatorConfig !== undefined) expect(configs).toContain(authenticatorConfig);
    }
  });
});
