/** What AWS itself tells of a managed PostgreSQL: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html */
import { sendText, signAwsRequest } from '@cordon/field-encryption';
import { readDescribed } from './rds-answer.ts';

export interface RdsOptions {
  readonly region: string;
  /** Default `https://rds.<region>.amazonaws.com`. */
  readonly endpoint?: string | undefined;
  /** JSON with AccessKeyId, SecretAccessKey and perhaps SessionToken; read again at each call. */
  readonly credentialsFile: string;
  readonly ca?: string | undefined;
  /** Milliseconds for one answer. */
  readonly timeoutMs?: number | undefined;
}

export type ServerProof =
  { readonly state: 'proven'; readonly by: string } | { readonly state: 'unknown'; readonly reason: string };

/** Below what the readiness page gives to a fact, so that it hears the reason. */
const usualTimeoutMs = 2_000;
/** RDS names its endpoints <name>.<account's own part>.<region>.…, the second with `cluster-` before it for Aurora's. */
const domains = ['rds.amazonaws.com', 'rds.amazonaws.com.cn'];

/**
 * Proven where AWS says that the database at this very address stores encrypted; encryption of storage takes its logs, backups
 * and replicas with it. Whatever else comes, or nothing, is unknown.
 * @param host the one that is connected to, whose certificate the connection verifies against this name
 */
export async function proveRdsAtRest(options: RdsOptions, host: string): Promise<ServerProof> {
  const unknown = (reason: string): ServerProof => ({ state: 'unknown', reason });
  const [name = '', own = '', region, ...domain] = host.toLowerCase().split('.');
  if (!domains.includes(domain.join('.'))) return unknown('the address is none of AWS RDS');
  if (region !== options.region) return unknown('the address is of another region');
  const kind = own.startsWith('cluster-') ? 'DBCluster' : 'DBInstance';
  const url = new URL('/', options.endpoint ?? `https://rds.${options.region}.amazonaws.com`);
  const body = new URLSearchParams({
    Action: `Describe${kind}s`,
    Version: '2014-10-31',
    [`${kind}Identifier`]: name,
  }).toString();
  try {
    const headers = await signAwsRequest(
      { ...options, service: 'rds' },
      {
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body,
      },
    );
    const timeoutMs = options.timeoutMs ?? usualTimeoutMs;
    const answer = await sendText({ url, headers, body, ca: options.ca, timeoutMs });
    if (answer.status !== 200) return unknown(`AWS RDS answered with ${answer.status}`);
    const { addresses, encrypted } = readDescribed(kind, answer.text);
    if (!addresses.some((each) => each.toLowerCase() === host.toLowerCase()))
      return unknown('AWS RDS told of another address');
    return encrypted ? { state: 'proven', by: 'AWS RDS' } : unknown('AWS RDS says that it is not encrypted');
  } catch {
    // Away, too slow, too long, no XML, no credentials: nothing was learnt.
    return unknown('AWS RDS could not be asked or understood');
  }
}
