import { contactSchemas, lineOfText, type RecordKind } from '../../records/index.ts';
import { wipeSearchKeys } from '../../pipeline/change-record.ts';
import { indexPatient } from './insert-patient.ts';

const { dateOfBirth, email, nhsNumber, personName, phone } = contactSchemas;

/** Patients as records that are changed and have a history. Who finds them is kept up with what they are called. */
export const patientKind: RecordKind = {
  segment: 'patients',
  resourceType: 'Patient',
  words: { one: 'a patient', many: 'patients' },
  dataClass: 'patientProfile',
  table: 'clinical.patients',
  versions: 'clinical.patient_versions',
  patientColumn: 'id',
  createdColumn: 'created_at',
  order: { column: 'created_at', first: 'newest' },
  plain: {},
  sealed: {
    fullName: { column: 'full_name', input: personName, listed: true },
    dateOfBirth: { column: 'date_of_birth', input: dateOfBirth, listed: true },
    phone: { column: 'phone', input: phone, optional: true },
    email: { column: 'email', input: email, optional: true },
    address: { column: 'address', input: lineOfText(400), optional: true },
    nhsNumber: { column: 'nhs_number', input: nhsNumber, optional: true },
    emergencyContact: { column: 'emergency_contact', input: lineOfText(200), optional: true },
  },
  async follow(engine, caller) {
    const search = await engine.tenantKeys.search(caller.tenantId);
    return async (transaction, { tenantId, id, clinicId }, fields) => {
      await transaction.query(
        'DELETE FROM clinical.patient_search_tokens WHERE tenant_id = $1 AND patient_id = $2',
        [tenantId, id],
      );
      const present = Object.entries(fields).filter(([, value]) => value !== null);
      const profile = {
        ...Object.fromEntries(present),
        fullName: fields['fullName'] ?? '',
        dateOfBirth: fields['dateOfBirth'] ?? '',
      };
      await indexPatient(transaction, { tenantId, id, clinicId, profile }, search.written);
      wipeSearchKeys(search);
    };
  },
};
