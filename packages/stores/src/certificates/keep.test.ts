import { X509Certificate } from 'node:crypto';
import { copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueAuthority, issueCertificate } from './authority.ts';
import { keepAuthority, keepCertificate, type KeptAuthority } from './keep.ts';

const request = { commonName: 'localhost', use: 'server', hosts: ['localhost', '127.0.0.1'] } as const;
let folder: string;
let authority: KeptAuthority;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-certificates-'));
  authority = await keepAuthority(join(folder, 'ca'), 'Test authority');
});
afterEach(() => rm(folder, { recursive: true }));

const keep = () => keepCertificate(authority, 'server', request);

describe('an authority', () => {
  it('may sign leaves and nothing else, and is kept', async () => {
    const certificate = new X509Certificate(authority.certificate);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect((await keepAuthority(join(folder, 'ca'), 'Test authority')).certificate).toBe(
      authority.certificate,
    );
  });

  it('keeps its key to the owner', async () => {
    expect((await stat(join(folder, 'ca', 'ca.key'))).mode & 0o777).toBe(0o600);
  });

  it('is renewed near its end', async () => {
    const old = await issueAuthority('Test authority', 30);
    await writeFile(authority.authorityFile, old.certificate);
    await writeFile(join(folder, 'ca', 'ca.key'), old.key);
    const renewed = new X509Certificate(
      (await keepAuthority(join(folder, 'ca'), 'Test authority')).certificate,
    );
    expect(Date.parse(renewed.validTo) - Date.now()).toBeGreaterThan(3000 * 86_400_000);
  });
});

describe('a certificate', () => {
  it('is signed by its authority, for its hosts and its use alone', async () => {
    const certificate = new X509Certificate((await keep()).certificate);
    expect(certificate.ca).toBe(false);
    expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(certificate.subject).toBe('CN=localhost');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkHost('example.org')).toBeUndefined();
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  it('of a client is for clients alone and names no host', async () => {
    const kept = await keepCertificate(authority, 'engine', { commonName: 'engine_clinical', use: 'client' });
    const certificate = new X509Certificate(kept.certificate);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.subjectAltName).toBeUndefined();
  });

  it('is kept while it fits', async () => {
    expect((await keep()).certificate).toBe((await keep()).certificate);
  });

  it('is renewed near its end', async () => {
    const { certificateFile, keyFile } = await keep();
    const old = await issueCertificate(authority, { ...request, days: 30 });
    await writeFile(certificateFile, old.certificate);
    await writeFile(keyFile, old.key);
    expect((await keep()).certificate).not.toBe(old.certificate);
  });

  it('is renewed when the key beside it is not its own', async () => {
    const { certificate, keyFile } = await keep();
    await copyFile(join(folder, 'ca', 'ca.key'), keyFile);
    expect((await keep()).certificate).not.toBe(certificate);
  });

  it('is renewed when another authority signed it', async () => {
    const { certificate } = await keep();
    await rm(authority.authorityFile);
    authority = await keepAuthority(join(folder, 'ca'), 'Test authority');
    const renewed = await keep();
    expect(renewed.certificate).not.toBe(certificate);
    expect(
      new X509Certificate(renewed.certificate).verify(new X509Certificate(authority.certificate).publicKey),
    ).toBe(true);
  });

  it('is renewed when it lacks a host or carries another name', async () => {
    const { certificate } = await keep();
    const wider = await keepCertificate(authority, 'server', {
      ...request,
      hosts: ['localhost', 'db.internal'],
    });
    expect(wider.certificate).not.toBe(certificate);
    const other = await keepCertificate(authority, 'server', { ...request, commonName: 'other' });
    expect(other.certificate).not.toBe(wider.certificate);
  });
});
