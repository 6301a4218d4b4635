const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/u));

/** Before a name, and part of no name: what follows is one whatever it looks like. */
export const TITLES = set(
  'mr mrs ms miss mx dr doctor prof professor sir rev reverend nurse lady dame lord fr messrs mdm madam',
);

/** Before a name as often as not. */
export const ROLES = set(`
hygienist dentist surgeon receptionist consultant therapist orthodontist endodontist periodontist anaesthetist midwife solicitor driver interpreter
referrer clinician practitioner technician pharmacist councillor sister brother master father`);

export const RELATIONS = set(`
husband wife partner son daughter mum mom mummy mother dad daddy father brother sister aunt auntie uncle nan nana gran granny grandma grandmother grandad grandfather
grandpa grandson granddaughter niece nephew cousin friend carer caregiver guardian child baby boy girl twin twins neighbour neighbor fiance fiancee boyfriend girlfriend
stepson stepdaughter stepmum stepdad colleague boss manager spouse landlord`);

/** Before the name of whoever is greeted, thanked, addressed or signs. */
export const GREETINGS = set(`
hi hello hey hiya dear morning afternoon evening regards thanks thx cheers love sincerely faithfully truly wishes respectfully called named attn fao cc re signed witness
from xx dearest`);

/** Labels of forms and notes: what follows, to the end of the field, is a name. */
export const NAME_LABELS = set(
  'name names surname forename forenames firstname lastname fullname maiden patient pt client member subscriber policyholder referrer guardian subject clinician owner driver witness signed holder attendee',
);

export const PARTICLES = set(
  'van der den de du da di do dos das del della la le von zu zum ten ter bin ibn bint al el abu st',
);
/** Of these one alone before a name belongs to it. */
export const SURE_PARTICLES = set('van von de du da di del della dos bin ibn bint al el der la');

/** Behind a word with or without a genitive: the disease, sign or duct is named after somebody long dead. */
export const EPONYM_HEADS = set(`
disease syndrome palsy sign duct cavity angina phenomenon disorder test tumour tumor ulcer canal spots nodes node lines line fold glands gland paralysis class classification appliance technique
stain lymphoma sarcoma anaemia anemia contracture cyst ligament space method curve triad ganglion`);
export const EPONYMS = set(
  'crohn crohns parkinson parkinsons alzheimer alzheimers hodgkin hodgkins raynaud raynauds cushing cushings downs asperger aspergers tourette tourettes huntingtons sjogren sjogrens bells paget pagets',
);

/** A brand stands before these, or behind a count of them. */
export const PRODUCT_HEADS = set(`
toothpaste mouthwash brush brushes toothbrush gel rinse strips aligner aligners varnish paste cream tablets capsules refills refill composite implant implants cement crown crowns bur burs floss
insurance brand braces trays app website portal`);

/** Behind a name that is a place’s or an institution’s, not a person’s. */
export const PLACE_HEADS = set(`
clinic dental practice hospital infirmary surgery health medical centre center school primary academy college university lab labs laboratory pharmacy station park church bank technique hall`);

/** What people are said to do or be: behind these words stands no name’s second part, before them the one who does it. */
export const SAID = set(`
is was has had says said gave rang rung called told asked took needs phoned wants did does put who here off will would and cannot cant wont texted emailed came went saw sat fell lost
broke ate slept spoke paid left made thinks feels thought felt knows knew sent got wrote bit drove brought bought kept met read ran stood swore threw wore woke`);
