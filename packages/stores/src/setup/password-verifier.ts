import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const iterations = 4096;
const derive = promisify(pbkdf2);

/**
 * What PostgreSQL stores of a password (RFC 5803, `SCRAM-SHA-256$…`), computed here so that the password itself
 * never crosses into a server's log or activity view. Only for generated ASCII passwords, for which SASLprep
 * changes nothing.
 */
export async function makePasswordVerifier(password: string): Promise<string> {
  const salt = randomBytes(16);
  const salted = await derive(password, salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
