import { randomUUID } from 'node:crypto';
import { describeCaller } from '../../audit/describe.ts';
import { recordCardNumbers } from '../../audit/record-card-numbers.ts';
import type { RequestCaller } from '../../caller/caller.ts';
import { changeRecord, sealFields, wipeSearchKeys } from '../../pipeline/change-record.ts';
import { decideOrRefuse, type Subject } from '../../pipeline/decide.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { describeRedFlags, findRedFlags, insertAlert, readRedFlags } from '../alerts/index.ts';
import { insertPatient } from '../patients/index.ts';
import type { ObjectStore } from '../../objects/index.ts';
import { keepsPictures } from './queries.ts';
import {
  IntakeReadingError,
  type Corrections,
  type FormReader,
  type ReadForm,
  type ReadingProgress,
} from './reading/index.ts';
import { insertPictures, removePictures, storePictures, type StoredPicture } from './store-pictures.ts';

export interface ReceivedForm {
  readonly intakeFormId: string;
  readonly patientId: string;
  readonly cardNumbersRemoved: number;
  readonly warnings: ReadForm['warnings'];
  /** What became of the picture: the clinic keeps none, it was kept blacked out, or a number was still to be seen on it. */
  readonly picture: ReadForm['pictures']['state'];
  /** The alert that the form raised by the clinic's red flags; null where it has none of them. */
  readonly alertId: string | null;
}

export interface FormUpload {
  readonly clinicId: string;
  readonly corrections: Corrections;
  readonly readBytes: () => Promise<Buffer>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ReadingProgress) => void;
}

const cleanedForm = (id: string, clinicId: string) =>
  ({ type: 'IntakeForm', id, clinicId, dataClass: 'intakeForm' }) as const;

const intakeTable = 'clinical.intake_forms';

function subjectOf(intakeFormId: string): Subject & { resourceId: string } {
  return {
    action: 'create',
    dataClass: 'intakeForm',
    auditAction: 'record.created',
    resourceType: 'IntakeForm',
    resourceId: intakeFormId,
  };
}

/**
 * Takes one uploaded form in. The decision comes before the bytes are looked at; what the reader refuses leaves nothing
 * behind but an audit entry.
 * @throws EngineError, IntakeReadingError (with the refused fields).
 */
export async function receiveForm(
  { engine, reader, objects }: { engine: EngineContext; reader: FormReader; objects: ObjectStore },
  caller: RequestCaller,
  upload: FormUpload,
): Promise<ReceivedForm> {
  const intakeFormId = randomUUID();
  const subject = subjectOf(intakeFormId);
  await decideOrRefuse(engine, caller, subject, { tenantId: caller.tenantId, clinicId: upload.clinicId });
  const keepPictures = await keepsPictures(engine.stores.readAs(caller), caller.tenantId, upload.clinicId);
  const form = await readOrRecord(engine, reader, caller, { ...upload, keepPictures }, intakeFormId);
  if (form.cardNumbersRemoved > 0)
    await recordCardNumbers(
      engine,
      caller,
      cleanedForm(intakeFormId, upload.clinicId),
      form.cardNumbersRemoved,
    );
  const pictures = await storePictures(objects, caller.tenantId, form.pictures);
  try {
    const written = await writeForm(engine, caller, upload.clinicId, { intakeFormId, form, pictures });
    const { cardNumbersRemoved, warnings } = form;
    return { intakeFormId, ...written, cardNumbersRemoved, warnings, picture: form.pictures.state };
  } catch (error) {
    await removePictures(objects, caller.tenantId, pictures);
    throw error;
  }
}

/** Patient, form, search tokens, pictures, and the alert that the form's answers ask for, in one transaction. */
async function writeForm(
  engine: EngineContext,
  caller: RequestCaller,
  clinicId: string,
  {
    intakeFormId,
    form,
    pictures,
  }: { intakeFormId: string; form: ReadForm; pictures: readonly StoredPicture[] },
): Promise<{ patientId: string; alertId: string | null }> {
  const subject = subjectOf(intakeFormId);
  const patientId = randomUUID();
  const { reasonForVisit, medicalHistory, notes } = form.fields;
  const flags = findRedFlags(
    [reasonForVisit, medicalHistory, notes],
    await readRedFlags(engine.stores.readAs(caller), caller.tenantId, clinicId),
  );
  const alertId = flags.length === 0 ? null : randomUUID();
  const search = await engine.tenantKeys.search(caller.tenantId);
  await changeRecord(engine, caller, {
    subject,
    alsoWrites: ['patientProfile'],
    alsoCreates:
      alertId === null ? [] : [{ resourceType: 'Alert', resourceId: alertId, dataClass: 'urgencyAlert' }],
    clinicId,
    patientId,
    newPatient: true,
    work: async (transaction, key) => {
      const { tenantId } = caller;
      const { fields } = form;
      const address = [fields.address, fields.postcode].filter((part) => part !== undefined).join(', ');
      const profile = { ...fields, address: address === '' ? undefined : address };
      const patient = { tenantId, id: patientId, clinicId, createdBy: caller.subject, profile };
      await insertPatient(transaction, patient, key, search);
      const cells = await sealFields(
        transaction,
        { tenantId, table: intakeTable, rowId: intakeFormId },
        key,
        {
          form_text: form.scrubbedText,
          allergies: fields.allergies,
          medication: fields.medication,
          medical_history: fields.medicalHistory,
          reason_for_visit: fields.reasonForVisit,
        },
      );
      await transaction.query(
        `INSERT INTO clinical.intake_forms (tenant_id, id, clinic_id, patient_id, submitted_by, page_count,
           card_numbers_removed, key_id, form_text, allergies, medication, medical_history, reason_for_visit)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
        [
          tenantId, intakeFormId, clinicId, patientId, caller.subject, form.pages, form.cardNumbersRemoved,
          key.keyId, cells.form_text, cells.allergies, cells.medication, cells.medical_history, cells.reason_for_visit,
        ],
      ); // prettier-ignore
      await insertPictures(transaction, { tenantId, clinicId, patientId, intakeFormId }, key, pictures);
      if (alertId === null) return;
      const place = { tenantId, id: alertId, clinicId, patientId, createdBy: caller.subject };
      const message = describeRedFlags(flags);
      await insertAlert(transaction, { ...place, urgency: 'urgent', source: 'intake', message }, key);
    },
  }).finally(() => {
    wipeSearchKeys(search);
  });
  return { patientId, alertId };
}

async function readOrRecord(
  engine: EngineContext,
  reader: FormReader,
  caller: RequestCaller,
  upload: FormUpload & { keepPictures: boolean },
  intakeFormId: string,
): Promise<ReadForm> {
  try {
    return await reader.read(await upload.readBytes(), upload);
  } catch (error) {
    await engine.audit.append([
      {
        ...describeCaller(caller),
        action: 'record.created',
        resourceType: 'IntakeForm',
        resourceId: intakeFormId,
        clinicId: upload.clinicId,
        dataClassIds: ['intakeForm'],
        decision: 'permit',
        reasonCode: 'intake-refused',
        outcome: 'failure',
      },
    ]);
    if (error instanceof IntakeReadingError && error.cardNumbersRemoved > 0)
      await recordCardNumbers(
        engine,
        caller,
        cleanedForm(intakeFormId, upload.clinicId),
        error.cardNumbersRemoved,
      );
    throw error;
  }
}
