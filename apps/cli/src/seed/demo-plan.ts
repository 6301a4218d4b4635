import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { Secret } from 'otpauth';
import type { DemoAccount, DemoFile, DemoPlace } from '../up/demo-file.ts';

/** No letters that are taken for one another: demo passwords are read from a screen. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

function makePassword(): string {
  const group = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');
  return [group(), group(), group()].join('-');
}

const place = (name: string): DemoPlace => ({ id: randomUUID(), name });

/** Two clinic groups with two clinics each, and a person for each role. Names are made up, secrets made anew. */
export function makeDemoPlan(): DemoFile {
  // Numbers that Ofcom keeps free for stories.
  const leeds = { ...place('northgate-leeds'), telephone: '0113 496 0123' };
  const york = { ...place('northgate-york'), telephone: '01632 960123' };
  const northgate = { ...place('northgate'), clinics: [leeds, york] };
  const riverside = { ...place('riverside'), clinics: [place('riverside-hull'), place('riverside-bath')] };
  const person = (
    name: string,
    role: string,
    tenant: DemoFile['tenants'][number],
    clinics: readonly number[],
    description: string,
  ): DemoAccount => {
    const patient = role === 'role.patient';
    return {
      accountId: randomUUID(),
      email: `${name.toLowerCase().replaceAll(' ', '.')}@${tenant.name}.example`,
      displayName: name,
      password: makePassword(),
      ...(patient ? {} : { totpSecret: new Secret({ buffer: toArrayBuffer(randomBytes(20)) }).base32 }),
      role,
      tenantId: tenant.id,
      clinicIds: clinics.map((index) => tenant.clinics[index]?.id ?? ''),
      patientRecordId: patient ? randomUUID() : null,
      description,
      app: patient ? 'portal' : 'console',
    };
  };
  return {
    tenants: [northgate, riverside],
    accounts: [
      person('Rosa Reception', 'role.receptionist', northgate, [0], 'receptionist, Northgate Leeds'),
      person('Clara Clinician', 'role.clinician', northgate, [0], 'clinician, Northgate Leeds'),
      person('Yorick Clinician', 'role.clinician', northgate, [1], 'clinician, Northgate York'),
      person('Ada Admin', 'role.admin', northgate, [0, 1], 'admin, both Northgate clinics'),
      person('Cora Corporate', 'role.corporateAdmin', northgate, [], 'corporate admin, all of Northgate'),
      person('Otto Auditor', 'role.auditor', northgate, [], 'auditor, Northgate'),
      person('Petra Patient', 'role.patient', northgate, [0], 'patient, Northgate Leeds'),
      person('Rudi Reception', 'role.receptionist', riverside, [0], 'receptionist, Riverside Hull'),
      person('Carl Clinician', 'role.clinician', riverside, [0], 'clinician, Riverside Hull'),
    ],
  };
}

function toArrayBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
