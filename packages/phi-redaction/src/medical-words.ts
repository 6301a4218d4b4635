/** Words of dental and general practice that ordinary word lists lack, folded: they look like names to what knows no better. */
export const MEDICAL_WORDS: readonly string[] = `
abscess alveolar amalgam amoxicillin amoxil anaesthetic anesthetic anterior antibiotic antibiotics apical apicectomy apixaban articaine aspirin
asthma atorvastatin augmentin azithromycin bisoprolol bitewing bitewings bloodwork bpe bruxism buccal calculus caries cbct cellulitis cephalexin
cerec chlorhexidine clarithromycin clindamycin clopidogrel codeine composite corsodyl crohn crohns crowding debridement debride denture dentures
dermatitis diabetes diabetic diastema diazepam diclofenac distal distobuccal doxycycline dpt duraphat ecg eczema edentulous edta endo endodontic endodontics
endodontist epilepsy epilepsied erythromycin extraction extractions fissure fissures fluoride fluconazole flossing furcation gingival gingivitis
gluma gum gums halitosis hba1c hypertension hypothyroid hypothyroidism ibuprofen implant implants impacted incisal incisor incisors interdental
intraoral invisalign iopa labial lansoprazole lidocaine lignocaine lingual lisinopril lorazepam luxation malocclusion mandible mandibular maxilla maxillary
medrol mesial mesiobuccal metformin methotrexate metronidazole midazolam miswak molar molars mouthguard mouthwash mrsa naproxen nhs
nociceptive novocaine numbing nystatin occlusal occlusion odontogenic omeprazole onlay onlays opg oralb orthodontic orthodontics orthodontist osteoporosis overbite
overjet oxycodone palatal panadol papilla paracetamol parafunction penicillin periapical pericoronitis perio periodontal periodontist periodontitis
pfm placebo plaque polyp polymer pontic prednisolone premolar premolars prilocaine prophy prophylaxis prosthodontist pulp pulpal pulpectomy pulpitis pulpotomy
radiograph radiographs radiolucency ramipril retainer retainers rivaroxaban root salbutamol sensodyne septocaine sertraline simvastatin sinus sinusitis statin statins
subgingival supragingival suture sutures tachycardia temazepam temporomandibular tmd tmj toothache toothbrush toothbrushing toothpaste tramadol trismus tylenol ulcer
ulcers unerupted veneer veneers ventolin warfarin waterpik xray xrays xylitol zirconia triage uti gp gps ae er ent ok okay hi hello dear thanks thx pls please
email emails sms whatsapp google facebook instagram website online app apps wifi iphone android paypal visa mastercard amex
mr mrs ms mx dr prof sir pt pts dob appt vm asap eta fyi aka btw omg lol tbh imo np plz ppl thru tmrw tomoz msg txt num mob tel fax ext ref refs inc ltd plc llc attn fao cc bcc fwd subj encl nb ps eg ie etc re im ive id ill youre theyre dont cant wont didnt doesnt isnt its thats whats hes shes were lets couldnt wouldnt
cemented recement bonded rebond etch bond bonding burs handpiece autoclave helix bleaching whitening aligner aligners attachments elastics brackets archwire wires spacer
haemostasis hemostasis haemorrhage ischaemia anaemia leukaemia hypoplasia dysplasia hyperplasia cyst cysts fistula lesion ulceration erythema oedema lymph node nodes parotid salivary sublingual
submandibular mandible condyle ramus lingually buccally mesially distally palatally cervical abrasion attrition erosion abfraction hypersensitivity dentine dentin enamel cementum
vertical horizontal occluso premed sedated sedation intravenous inhalation nitrous anaesthetist anesthetist escort postop preop fasting airway mallampati bmi
bruxist bruxing clicking deviating crossbite underbite malalignment diastemas crowded spaced rotated ectopic unrestored carious arrested sealant sealants varnish fluorosis
socket sockets haematoma hematoma paraesthesia paresthesia numbness tingling biopsy histology histopathology excision incision drainage flap graft grafting membrane abutment abutments osseointegration
lisinopril levothyroxine salbutamol insulin statins steroid steroids antihistamine antihistamines paracetomol nurofen calpol anadin lemsip gaviscon strepsils bonjela orajel anbesol kenalog
gutta percha endodontically obturation obturated apex apices canals coronal pulpotomised vital nonvital devital percussion ttp tender tenderness palpation
whatsapp wifi login username password url pdf jpeg docx dicom stl cctv gdpr hipaa ico gdc cqc bda bsp nice fgdp irmer coshh rddr eua gic rmgi pjc mcc emax bops oht ohi ohie fs fv
max min approx avg pre post non co ex semi mid quasi ultra meds med rmh pmh fh shx fhx pmhx isq cvc cvv mrn ssn nino mp mps ceo ceos rn dds dmd bds mfds rdh rda emr ehr pcp npi dea cdt cpt icd ucr eob eobs ppo hmo ppm bpm mmol mcg mg ml mm cm kg kcal iu
mon tue tues wed weds thu thur thurs fri sat sun am pm rota rotas locum locums bleep ward theatre theatres clinicians clinician referrer referrers policyholder policyholders dob postcode postcodes zip signed dated
smoker nonsmoker vaping vape alcohol units diet snacking fizzy
bpe ur ul lr ll la ga iv inr bp copd tb hiv hep rct rctx mod od bd tds qds prn prx tx rx hx dx sx fx nad wnl tca asap appt appts mins hrs wks yrs
jan feb mar apr jun jul aug sep sept oct nov dec
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december
easter christmas ramadan diwali hanukkah eid london english british american irish scottish welsh uk usa eu covid pfizer moderna astrazeneca
`
  .trim()
  .split(/\s+/u);
