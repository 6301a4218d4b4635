/** What a synthetic form is: what is printed on it, and what a reader must make of it. */
export type FormMediaType = 'image/png' | 'image/jpeg' | 'application/pdf';
export type FormFieldName =
  | 'fullName'
  | 'dateOfBirth'
  | 'address'
  | 'postcode'
  | 'phone'
  | 'email'
  | 'nhsNumber'
  | 'emergencyContact'
  | 'allergies'
  | 'medication'
  | 'medicalHistory'
  | 'reasonForVisit'
  | 'notes';

/** How the sheet is set: dotted lines, a box behind each label, or boxes under their labels in two columns. */
export type FormLayout = 'lines' | 'boxed' | 'stacked';

export interface FormEntry {
  readonly label: string;
  /** One string per written line; an empty list leaves the field blank. */
  readonly written: readonly string[];
  /** In the stacked layout: share the row with the next entry. */
  readonly half?: true;
  /** Starts a new page (PDF only). */
  readonly newPage?: true;
}

export interface FormSheet {
  readonly layout: FormLayout;
  readonly practice: string;
  readonly heading: string;
  readonly entries: readonly FormEntry[];
  /** Written outside every field, at the foot of the sheet. */
  readonly margin?: string;
  /** Written up the left edge, turned by 90 degrees (images only). */
  readonly sideMargin?: string;
  /** Hand-written-like type for what the patient wrote. */
  readonly handwritten?: true;
  /** What a scanner or a camera did to the sheet (images and image-only PDFs). */
  readonly capture?: {
    readonly tiltDegrees?: number;
    readonly grain?: number;
    /** Store the picture on its side with the EXIF orientation that turns it upright. */
    readonly exifSideways?: true;
  };
  /** Of a PDF: keep a text layer, or hold nothing but the picture. */
  readonly pdf?: 'text' | 'image';
}

export interface FormCase {
  readonly id: string;
  readonly file: string;
  readonly mediaType: FormMediaType;
  readonly shows: string;
  readonly pages: number;
  readonly sheet: FormSheet;
  /** Digits only. */
  readonly plantedNumbers: readonly string[];
  readonly expected:
    | {
        readonly outcome: 'read';
        readonly fields: Readonly<Partial<Record<FormFieldName, string>>>;
        /** Fields that held nothing but a card number and come back absent. */
        readonly emptied: readonly FormFieldName[];
      }
    | {
        readonly outcome: 'refused';
        readonly code: 'intake-form-unreadable' | 'intake-form-invalid';
        /** At least these are named. */
        readonly fields: readonly FormFieldName[];
      }
    /** Read or refused, nothing of a number is left; at least `seen` of them were noticed. */
    | { readonly outcome: 'clean'; readonly seen: number };
}
