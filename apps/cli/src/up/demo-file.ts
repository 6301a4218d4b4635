import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from './layout.ts';

/** A demo account as the seeding writes it to `.cordon/secrets/demo.json`. Engine and identity read their parts of it. */
export interface DemoAccount {
  readonly accountId: string;
  readonly email: string;
  readonly displayName: string;
  readonly password: string;
  /** The authenticator's secret in base32; absent for accounts without a second factor. */
  readonly totpSecret?: string;
  readonly role: string;
  readonly tenantId: string;
  readonly clinicIds: readonly string[];
  readonly patientRecordId: string | null;
  /** For people: role and place, such as "receptionist, Riverside Dental". */
  readonly description: string;
  readonly app: 'console' | 'portal';
}

export interface DemoPlace {
  readonly id: string;
  /** A code such as `northgate-leeds`. */
  readonly name: string;
}

interface DemoClinic extends DemoPlace {
  /** Absent for a clinic that has told nobody. */
  readonly telephone?: string;
}

export interface DemoFile {
  readonly tenants: readonly (DemoPlace & { readonly clinics: readonly DemoClinic[] })[];
  readonly accounts: readonly DemoAccount[];
}

export function demoFileOf(layout: Layout): string {
  return join(layout.secrets, 'demo.json');
}

/** Undefined when nothing was seeded. */
export async function readDemoFile(layout: Layout): Promise<DemoFile | undefined> {
  const text = await readFile(demoFileOf(layout), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as DemoFile);
}
