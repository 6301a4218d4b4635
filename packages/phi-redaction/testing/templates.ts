/** Messages about somebody whose record is known. */
export const KNOWN_TEMPLATES: readonly string[] = [
  'Hi, this is {name}, my tooth has been hurting since {date}. Please ring me on {phone}.',
  'my name is {name} and my date of birth is {born}, can I change my appointment on {date}?',
  '{given} here again. The crown came off last night, can you fit me in? My number is {phone}',
  'Pt {formal}, DOB {born}, NHS no {number}. c/o pain UR6, swelling for 3 days. Ibuprofen 400 mg helps a little.',
  'Reviewed {name} on {date}. Caries at 36 and 37, BPE 212/232. Plan: composite filling, review in 6 weeks.',
  'Could you send the receipt to {email}? We moved to {street}, {postcode}. Thanks, {given}',
  'Please note {slip} cannot take penicillin. Contact {phone} or {email}.',
  'I am writing about {given}’s brace. {pet} has lost two brackets and the wire is poking her cheek.',
  'Ref {reference}: insurance asks for the notes of {name}, born {born}, of {street}, {postcode}.',
  'Mrs {family} phoned at 9:15. She takes warfarin 3 mg daily, last INR 2.4. Call back on {phone}.',
  'Dear team, {foreign} would like a copy of the x-ray from {date}. Kind regards, {given} {family}',
  'patient {formal} seen by hygienist {stranger} on {date}, full mouth scale, 45 minutes, £62.50 paid',
  'my social is {number} and my member id is {reference}, email {email}, zip {postcode}',
  'Extraction of LL8 under LA 2.2 ml articaine 4%. {given} tolerated it well. Next visit {date}.',
  '{name} ({born}) allergic to latex. Mother {stranger} to be rung on {phone} in an emergency.',
  'Hello, I’m {given} {family}. I live at {street} and need an NHS dentist near {postcode}.',
];

/** Messages whose writer nobody knows. */
export const OTHER_TEMPLATES: readonly string[] = [
  'Hello, my name is {stranger}. Do you take new patients? You can reach me at {email} or {phone}.',
  'Hi, I would like to book a check-up for my daughter {strangerGiven} on {date}, please call {phone}.',
  'My husband {stranger} had an implant with you on {date}. His reference is {reference}.',
  'Dr {stranger} referred me. I was born on {born} and live at {street}, {postcode}.',
  'Can you send the price list to {email}? Regards, {stranger}',
  'I spoke to {strangerGiven} at reception about a refund, reference {reference}.',
];

/** Messages that tell of nobody; whatever is found in them is found wrongly. */
export const PLAIN_MESSAGES: readonly string[] = [
  'How much is teeth whitening? I saw £299 on your website and wondered if the consultation is free.',
  'My gums bleed when I brush. Should I use chlorhexidine 0.2% twice a day for 7 days?',
  'Do you open on Saturday? I work until 6 pm on weekdays and could come in May or June.',
  'I took 400 mg ibuprofen and 500 mg paracetamol 4 hours ago, the pain is 7/10.',
  'BPE 222/212, no caries. Advised on interdental brushes size 0.6 mm, recall 12 months.',
  'What is the difference between a porcelain crown and a zirconia crown on a back tooth?',
  'The filling on my lower left molar fell out. It is sharp but does not hurt. What can I do at home?',
  'Will the denture fit better after 2 weeks? I may need 3 more visits according to the plan.',
  'Is parking free? I will come by bus, stop 14, and need step-free access for a wheelchair.',
  'Root canal of tooth 46, 3 canals, working length 21 mm, irrigation with 3% sodium hypochlorite.',
  'Can children under 18 get braces on the NHS? My neighbour says the wait is 2 years.',
  'Blood pressure 135/85, pulse 72 bpm, blood sugar 6.1 mmol/l before treatment under local anaesthetic.',
  'Plan: 4 visits, about 90 minutes each. Items: scale and polish, 2 composite fillings, 1 crown.',
  'I am nervous about needles. Do you offer sedation, and can I eat before it?',
];
