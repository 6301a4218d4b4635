import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { auth0Settings, toAuth0 } from './auth0.ts';
import { keycloakSettings, toKeycloak } from './keycloak.ts';
import { deployFolder, needsFactor, readPolicy, type SignInPolicy } from './policy.ts';

/** As an environment file. */
const toLines = (settings: Record<string, string>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** Everything below `deploy/identity` that is made from the policy, by path. */
export async function generate(policy: SignInPolicy): Promise<Record<string, string>> {
  const auth0 = Object.entries(toAuth0(policy)).map(([path, text]) => [`auth0/${path}`, text] as const);
  const realm = toKeycloak(policy, (role, tenantId) => needsFactor(policy, role, tenantId));
  const options = await resolveConfig(fileURLToPath(import.meta.url));
  const texts = [...auth0, ['keycloak/cordon-realm.json', realm] as const].map(async ([path, text]) => {
    const parser = path.endsWith('.js') ? 'babel' : 'json';
    return [path, await format(text, { ...options, parser })] as const;
  });
  return {
    ...Object.fromEntries(await Promise.all(texts)),
    'auth0.env': toLines(auth0Settings(policy)),
    'keycloak.env': toLines(keycloakSettings(policy)),
  };
}

if (import.meta.main)
  for (const [path, text] of Object.entries(await generate(readPolicy()))) {
    const target = fileURLToPath(new URL(path, deployFolder));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
