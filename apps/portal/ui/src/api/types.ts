/** Shapes of the engine's answers as the portal's own server passes them on. */
export interface Me {
  readonly subject: string;
  readonly role: string;
  readonly tenantName: string;
  readonly clinics: readonly {
    readonly id: string;
    readonly name: string;
    /** As the clinic writes it; null where it wrote none. */
    readonly telephone: string | null;
  }[];
  /** Null where the account is tied to no patient record. */
  readonly patientRecordId: string | null;
}

/** One access to the patient's record, as the engine tells it. */
export interface Access {
  readonly id: string;
  readonly at: string;
  readonly clinicId: string | null;
  /** One sentence in plain words. */
  readonly sentence: string;
  readonly proof: { readonly state: 'waiting' | 'logged' | 'proven' };
}

export interface AccessPage {
  readonly items: readonly Access[];
  readonly nextCursor: string | null;
}

export interface Profile {
  readonly fullName: string | null;
  /** ISO 8601 calendar date. */
  readonly dateOfBirth: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly address: string | null;
  readonly nhsNumber: string | null;
  readonly emergencyContact: string | null;
}

export interface OwnRecord {
  readonly id: string;
  readonly clinicId: string;
  /** Null where the record was erased or cannot be read. */
  readonly profile: Profile | null;
}
