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
mr mrs ms mx dr prof sir pt dob im ive id ill youre theyre dont cant wont didnt doesnt isnt its thats whats hes shes were lets couldnt wouldnt
bpe ur ul lr ll la ga iv inr bp copd tb hiv hep rct rctx mod od bd tds qds prn prx tx rx hx dx sx fx nad wnl tca asap appt appts mins hrs wks yrs
jan feb mar apr jun jul aug sep sept oct nov dec
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december
easter christmas ramadan diwali hanukkah eid london english british american irish scottish welsh uk usa eu covid pfizer moderna astrazeneca
`
  .trim()
  .split(/\s+/u);
