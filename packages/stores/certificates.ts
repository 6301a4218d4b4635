/** Private certificate authorities for a single machine: issued, kept in files, renewed before they end. */
export {
  type CertificateRequest,
  type Credential,
  issueAuthority,
  issueCertificate,
} from './src/certificates/authority.ts';
export {
  type CertificateFiles,
  keepAuthority,
  keepCertificate,
  type KeptAuthority,
} from './src/certificates/keep.ts';
export { keepStoreCertificates } from './src/certificates/store-certificates.ts';
