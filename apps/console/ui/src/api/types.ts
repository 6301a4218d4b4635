/** Shapes of the engine's answers as the console's own server passes them on. */
export interface Clinic {
  readonly id: string;
  readonly name: string;
}

export interface Me {
  readonly subject: string;
  readonly role: string;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly clinics: readonly Clinic[];
  readonly patientRecordId: string | null;
}

/** One page of a list with a stable order; `nextCursor` is null on the last page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface PatientSummary {
  readonly id: string;
  readonly clinicId: string;
  /** Null for roles that may know that a record exists, but not whose it is. */
  readonly fullName: string | null;
  /** ISO 8601 calendar date. */
  readonly dateOfBirth: string | null;
  /** Why the name may be null: open, ciphertext (not for this role), destroyed (erased), damaged. */
  readonly state: string;
  readonly createdAt: string;
}

export interface PatientProfile {
  readonly fullName: string | null;
  readonly dateOfBirth: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly address: string | null;
  readonly nhsNumber: string | null;
  readonly emergencyContact: string | null;
}

export interface PatientRecord {
  readonly id: string;
  readonly clinicId: string;
  readonly createdAt: string;
  /** Null where the record was erased, is damaged, or is shown to the role without its contents. */
  readonly profile: PatientProfile | null;
}

export interface IntakeForm {
  readonly id: string;
  readonly receivedAt: string;
  readonly cardNumbersRemoved: number;
  /** Pages of which a blacked-out picture is kept. */
  readonly pictures: number;
  readonly fields: {
    readonly allergies: string | null;
    readonly medication: string | null;
    readonly medicalHistory: string | null;
    readonly reasonForVisit: string | null;
  } | null;
  readonly text: string | null;
}

export interface IntakeReceipt {
  readonly intakeFormId: string;
  readonly patientId: string;
  readonly cardNumbersRemoved: number;
  readonly warnings: readonly { readonly field: string; readonly reason: string }[];
}

export type Urgency = 'routine' | 'urgent' | 'emergency';

export interface UrgencyAlert {
  readonly id: string;
  readonly clinicId: string;
  readonly patientId: string;
  readonly state: string;
  readonly urgency: string;
  readonly message: string | null;
  readonly createdAt: string;
  /** When it goes to somebody else, if nobody takes it. */
  readonly escalatesAt: string;
  /** Account ids. */
  readonly assignedTo: string | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: string | null;
}

export interface Appointment {
  readonly id: string;
  readonly clinicId: string;
  readonly patientId: string;
  readonly version: number;
  readonly clinicianId: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly state: string;
  readonly reason?: string | null;
}

/** Of a patient and the assistant. */
export interface Conversation {
  readonly id: string;
  readonly state: string;
  readonly createdAt: string;
}

export interface OpenedConversation {
  readonly turns: readonly { readonly speaker: string; readonly at: string; readonly text: string }[];
}

export interface Clinician {
  /** The account that appointments name. */
  readonly id: string;
  readonly fullName: string | null;
  /** False for somebody who has left. */
  readonly current: boolean;
}

/** An emergency access to one record. */
export interface Emergency {
  readonly id: string;
  readonly patientId: string;
  readonly clinicId: string;
  readonly expiresAt: string;
}

export interface EmergencyToReview extends Emergency {
  readonly accountId: string;
  readonly grantedAt: string;
  /** Null where the record was erased. */
  readonly reason: string | null;
  readonly review: string | null;
}

/** What somebody who oversees many clinics sees of one; counts are rounded, small ones null. */
export interface ClinicFigures {
  readonly clinicId: string;
  readonly name: string;
  readonly patients: number | null;
  readonly alerts: number | null;
  readonly alertsWaiting: number | null;
}

/** The clinic that a corporate administrator has stepped into. */
export interface ClinicSwitch {
  readonly clinicId: string | null;
  readonly expiresAt: string | null;
}

/** An entry of a clinician; a later one may amend it. */
export interface ClinicalRecord {
  readonly id: string;
  readonly createdAt: string;
  readonly amendsId: string | null;
  readonly problemList?: string | null;
  /** Only where the entry was opened. */
  readonly relevantHistory?: string | null;
  readonly treatmentSummary?: string | null;
}

export interface TreatmentPlan {
  readonly id: string;
  readonly createdAt: string;
  readonly state: string;
  readonly title?: string | null;
  /** Only where the plan was opened. */
  readonly items?: readonly PlanItem[];
}

export interface PlanItem {
  readonly summaryText: string;
  readonly costPence: number | null;
  readonly state: string;
}

/** `waiting` for its place in the log's tree, `logged` in it, `proven` by a signed checkpoint. */
export interface ProofState {
  readonly state: 'waiting' | 'logged' | 'proven';
  readonly leafIndex: number | null;
}

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly actorSubject: string | null;
  readonly actorRole: string | null;
  readonly action: string;
  readonly dataClassIds: readonly string[];
  readonly decision: string;
  readonly reasonCode: string | null;
  readonly resourceType: string | null;
  readonly resourceId: string | null;
  readonly clinicId: string | null;
  readonly outcome: string | null;
  /** user, patient, service, system or anonymous; absent where the engine does not tell. */
  readonly initiatorType?: string;
  /** The entry that announced what this one is the outcome of. */
  readonly intentId?: string | null;
  readonly requestId: string | null;
  readonly proof: ProofState;
}
