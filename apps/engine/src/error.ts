import type { PublicError } from '@cordon/service';

const answers = {
  'token-missing': [401, 'Sign in first: this address needs an access token.'],
  'token-invalid': [401, 'The access token is not valid here any more. Sign in again.'],
  'issuer-unavailable': [503, 'Sign-ins cannot be checked for the moment. Try again in a moment.'],
  'session-revoked': [401, 'This session was ended. Sign in again.'],
  'factor-missing': [403, 'This role needs a second factor. Sign in again with your one-time code.'],
  'access-denied': [403, 'Your role does not allow this. Ask an administrator of your clinic if you need it.'],
  'record-unknown': [404, 'There is no such record, or it is not open to you.'],
  'tenant-unknown': [404, 'There is no tenant of that id, so nothing was done. Check the id.'],
  'record-open': [409, 'This record is open to you already. Search for it among your patients.'],
  'audit-unavailable': [503, 'The audit store does not answer, so nothing can be disclosed. Try again in a moment.'],
  'keys-unavailable': [503, 'The key store does not answer, so records cannot be opened. Try again in a moment.'],
  'records-unavailable': [503, 'The record store does not answer. Try again in a moment.'],
  'record-damaged': [500, 'This record is damaged and stays closed. Tell an administrator, who can restore it from a backup.'],
  'record-destroyed': [410, 'This record was erased and cannot be opened again.'],
  'alert-settled': [409, 'Somebody else has taken this alert already. Look at the list again.'],
  'streams-exhausted': [429, 'Too many live views are open. Close one and try again.'],
  'imaging-busy': [503, 'Many pictures are being taken in just now. Upload this one again in a moment.'],
  'imaging-part-missing': [400, 'Send one picture as the file "image", and perhaps a text "caption" before it.'],
  'picture-too-large': [413, 'The picture has more than 20 MB or 40 million pixels. Export it smaller and upload it again.'],
  'picture-type-refused': [415, 'Only PNG, JPEG and WebP pictures are taken. Export the picture as one of them.'],
  'picture-damaged': [422, 'The picture is damaged or ends early. Export it again and upload it again.'],
  'range-unsatisfiable': [416, 'The picture has no such part. Ask for it whole.'],
  'intake-part-missing': [400, 'Send the clinic as the field "clinicId", then the scanned form as the file "form".'],
  'record-held': [409, 'A legal hold is in force on this record, so it cannot be erased. Lift the hold first.'],
  'hold-refused': [422, 'The hold cannot be placed: name a tenant that exists, and an end after the beginning.'],
  'hold-unknown': [404, 'No such hold of this tenant is in force. List its holds.'],
  'vault-older': [503, 'The key vault was restored from a time before records were erased. Run cordon keys replay, then start again.'],
  'root-key-wrong': [500, 'The root key is another than the one that wrapped the keys in the vault. Restore the right key or key management settings, and start again.'],
  'fresh-factor-required': [403, 'Confirm that it is you with your second factor, then try again.'],
  'clinic-switch-required': [403, 'Switch into the clinic first: patient details are opened one clinic at a time.'],
  'precondition-missing': [428, 'Send the "ETag" of the version that you read as "If-Match".'],
  'record-changed': [412, 'Somebody changed this record since you read it. Read it again, then repeat your change.'],
  'record-invalid': [422, 'The record cannot be stored like this. Correct the named fields.'],
  'appointment-taken': [409, 'The clinician is booked in this interval already. Choose another time.'],
  'idempotency-key-invalid': [400, 'Send an "Idempotency-Key" of 8 to 128 letters, digits, dashes or underscores.'],
  'contact-consent-missing': [422, 'Nobody can answer an enquiry without your agreement to be contacted. Agree, and send it again.'],
  'idempotency-key-reused': [422, 'This "Idempotency-Key" was used for another request. Take a new one.'],
  'region-unavailable': [422, 'This installation does not keep records in that region. Name the region it keeps them in, or add the tenant to another installation.'],
  'tenant-exists': [409, 'There is a tenant of this name already, with another clinic or another administrator. Choose another name.'],
  'region-mismatch': [500, 'A store is in another region than its data classes allow. Correct the store or the data classes.'],
  'cursor-invalid': [400, 'The page marker is not one of ours. Start from the first page.'],
  'proof-unavailable': [404, 'There is no proof of this entry yet. Try again in a few seconds.'],
  'internal-caller-unknown': [403, 'This address is for another caller: present the certificate that was made for it.'],
  'gate-report-refused': [422, 'The report is not signed by the key that this engine trusts, or is not of today. Run the gate again.'],
} as const satisfies Record<string, readonly [status: number, publicMessage: string]>; // prettier-ignore

export type EngineErrorCode = keyof typeof answers;

export class EngineError extends Error implements PublicError {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;
  readonly publicMessage: string;
  readonly status: number;
  readonly detail: string | undefined;
  readonly fields: PublicError['fields'];

  constructor(
    code: EngineErrorCode,
    more: { detail?: string; cause?: unknown; fields?: PublicError['fields'] } = {},
  ) {
    const [status, publicMessage] = answers[code];
    super(`${code}: ${more.detail ?? publicMessage}`, { cause: more.cause });
    this.code = code;
    this.publicMessage = publicMessage;
    this.status = status;
    this.detail = more.detail;
    this.fields = more.fields;
  }
}
