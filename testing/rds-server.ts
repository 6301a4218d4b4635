/** AWS RDS as far as two descriptions go, by its query protocol; checks what it is sent. */
import { findSignatureFault } from '../packages/field-encryption/testing/verify-signature.ts';
import {
  awsCredentials,
  awsRegion,
  serve,
  type KeyServer,
} from '../packages/field-encryption/testing/key-servers.ts';

/** A database that the server knows, by its identifier. */
export interface KnownDatabase {
  readonly kind: 'DBInstance' | 'DBCluster';
  readonly address: string;
  readonly encrypted: boolean;
}

export interface RdsServer extends KeyServer {
  /** Every request that it took, as `action identifier`. */
  readonly asked: string[];
  /** Answers with this body instead, whoever asks; undefined: serves again. */
  say(body: string | undefined): void;
}

const described = (name: string, { kind, address, encrypted }: KnownDatabase): string => {
  const endpoint =
    kind === 'DBInstance'
      ? `<Endpoint><Address>${address}</Address><Port>5432</Port><HostedZoneId>Z1</HostedZoneId></Endpoint>`
      : `<Endpoint>${address}</Endpoint><ReaderEndpoint>${address.replace('.cluster-', '.cluster-ro-')}</ReaderEndpoint>`;
  return (
    `<Describe${kind}sResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><Describe${kind}sResult><${kind}s>` +
    `<${kind}><${kind}Identifier>${name}</${kind}Identifier><Engine>postgres</Engine>${endpoint}` +
    `<StorageEncrypted>${String(encrypted)}</StorageEncrypted></${kind}></${kind}s></Describe${kind}sResult>` +
    `<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></Describe${kind}sResponse>`
  );
};

const refusal = (status: number, code: string) => ({
  status,
  body: `<ErrorResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><Error><Type>Sender</Type><Code>${code}</Code></Error></ErrorResponse>`,
});

export async function serveRds(databases: Readonly<Record<string, KnownDatabase>>): Promise<RdsServer> {
  const requests: string[] = [];
  let said: string | undefined;
  const server = await serve((asked, faults) => {
    const fault =
      findSignatureFault(asked, {
        accessKeyId: awsCredentials.AccessKeyId,
        secretAccessKey: awsCredentials.SecretAccessKey,
        region: awsRegion,
        service: 'rds',
      }) ??
      (asked.headers['x-amz-security-token'] === awsCredentials.SessionToken ? undefined : 'no session token');
    if (fault !== undefined) {
      faults.push(fault);
      return refusal(403, 'SignatureDoesNotMatch');
    }
    const form = new URLSearchParams(asked.body);
    const [, kind] = /^Describe(DBInstance|DBCluster)s$/.exec(form.get('Action') ?? '') ?? [];
    const type = String(asked.headers['content-type']);
    if (kind === undefined || asked.method !== 'POST' || asked.path !== '/' || form.get('Version') !== '2014-10-31' || !type.startsWith('application/x-www-form-urlencoded')) {
      faults.push('no request of this protocol');
      return refusal(400, 'InvalidAction');
    }
    const name = form.get(`${kind}Identifier`) ?? '';
    requests.push(`${form.get('Action') ?? ''} ${name}`);
    if (said !== undefined) return { status: 200, body: said };
    const found = Object.hasOwn(databases, name) ? databases[name] : undefined;
    return found?.kind === kind
      ? { status: 200, body: described(name, found) }
      : refusal(404, `${kind}NotFound`);
  }); // prettier-ignore
  return {
    ...server,
    asked: requests,
    say: (body) => {
      said = body;
    },
  };
}
