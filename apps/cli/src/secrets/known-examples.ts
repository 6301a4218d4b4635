import type { SecretFinding } from './scan-texts.ts';

/** What has the form of a secret and is none, each looked at; a finding of another kind in the same file is still one. */
const knownExamples: readonly { readonly path: string; readonly kind: string; readonly reason: string }[] = [
  {
    path: 'packages/field-encryption/key-management.test.ts',
    kind: 'AWSSecretAccessKey',
    reason: 'the published example key of AWS, for the published example of a signature',
  },
  {
    path: 'packages/stores/src/own-servers.test.ts',
    kind: 'PostgreSQLConnection',
    reason: 'addresses of servers that do not exist',
  },
  {
    path: 'packages/service/settings.test.ts',
    kind: 'PostgreSQLConnection',
    reason: 'an address with a made-up password, which the settings must refuse',
  },
  {
    path: 'apps/cli/src/up/run-up.int.test.ts',
    kind: 'PostgreSQLConnection',
    reason: 'an address of a server that does not exist',
  },
  {
    path: 'apps/engine/src/features/ai-gateway/providers/providers.test.ts',
    kind: 'BasicAuth',
    reason: 'An address with a made-up name and password, which the gateway must refuse.',
  },
];

export function isKnownExample({ path, kind }: SecretFinding): boolean {
  return knownExamples.some((known) => known.path === path && known.kind === kind);
}
