import { describe, expect, it } from 'vitest';
import { readTenantRequest, type TenantOptions } from './tenant-request.ts';

const person = { 'admin-email': ' Ada@Clinic.example ', 'admin-name': ' Ada Admin ' };
const place = { name: 'northgate', clinic: 'northgate-leeds' };
const account = '0A1B2C3D-0000-4000-8000-000000000001';
const read = (options: TenantOptions) => readTenantRequest(options, 'the usage');

describe('a request to add a tenant', () => {
  it('names the place and a person, or the place and an account of another provider', () => {
    expect(read({ ...place, ...person, region: 'region.uk' })).toEqual({
      ...place,
      region: 'region.uk',
      administrator: { email: 'Ada@Clinic.example', displayName: 'Ada Admin' },
    });
    expect(read({ ...place, 'admin-account': account })).toEqual({
      ...place,
      administrator: { accountId: account.toLowerCase() },
    });
  });

  it.each(['name', 'clinic', 'admin-email', 'admin-name'])(
    'is answered with the usage without --%s',
    (missing) => {
      expect(() => read({ ...place, ...person, [missing]: undefined })).toThrow('the usage');
    },
  );

  it.each(['N', 'a', 'Northgate', 'north gate', '-north', 'north-', 'nörth', 'a'.repeat(41), '', "n';--"])(
    'is refused with "%s" as a name or a clinic',
    (code) => {
      expect(() => read({ ...place, ...person, name: code })).toThrow(/^--name takes a code/);
      expect(() => read({ ...place, ...person, clinic: code })).toThrow(/^--clinic takes a code/);
    },
  );

  it.each(['ada', 'ada@', '@clinic.example', 'a@b', 'ada@x.example,eve@x.example', `${'a'.repeat(250)}@x.example`])(
    'is refused with "%s" as an address, which is not repeated',
    (email) => {
      const attempt = () => read({ ...place, ...person, 'admin-email': email });
      expect(attempt).toThrow('--admin-email takes one e-mail address.');
    },
  );

  it.each(['', '   ', 'Ada\nAdmin', 'Ada\u0000', 'Ada\u2028Admin', 'a'.repeat(201)])(
    'is refused with %j as a person’s name',
    (name) => {
      expect(() => read({ ...place, ...person, 'admin-name': name })).toThrow(/^--admin-name takes a name/);
    },
  );

  it('is refused with no region, an account that is none, or a person beside an account', () => {
    expect(() => read({ ...place, ...person, region: 'UK' })).toThrow(/^--region takes a region/);
    expect(() => read({ ...place, 'admin-account': 'ada' })).toThrow(/^--admin-account takes the id/);
    expect(() => read({ ...place, ...person, 'admin-account': account })).toThrow(/stands instead of/);
  });
}); // prettier-ignore
