/**
 * What the corpus is made of. None of these names is in a list of the detector (held by a test): a detector that knows the answers
 * measures nothing.
 */
export const GIVEN = `
Amira Babatunde Caoimhe Dmitri Eluned Fearghal Giacomo Haruto Ingeborg Jaroslav Kwabena Lubomir Mirembe Nkechi Oluwaseun Priyanka Quillon
Rosalba Saoirse Thandiwe Ulrike Vasilisa Wambui Xiomara Yevgenia Zofia Anneliese Bartosz Chukwuemeka Deepika Ewelina Ffion Gurpreet Henrike
Iolanthe Jovana Kazimir Leocadia Magdalena Niamh Orlaith Parminder Rhiannon Sunniva Torquil Ximena Yorick Zuleikha
`
  .trim()
  .split(/\s+/u);

export const FAMILY = `
Holloway Okonkwo Ashworth Featherstonehaugh Llewellyn Szymanska Papadopoulos Ramaswamy Birtwhistle Entwistle Chowdhury Villanueva Castellanos
Nakamura Oyelaran Abernathy Blenkinsop Cholmondeley Dziedzic Eastham Fotheringham Grzybowski Hargreaves Iwanowski Jankowski Kirkbride
Lowenstein Macallister Nwachukwu Osgathorpe Pettigrew Quattlebaum Rasmussen Sutcliffe Tregenza Uttridge Vandermeer Wolstenholme Yarborough
Zimmermann Thistlethwaite Ravensdale Mbeki Kaczmarek Hetherington Gallagher Oduya Trelawney
`
  .trim()
  .split(/\s+/u);

/** Names that are words too, as many people’s are. */
export const WORDLY_FAMILY = [
  'Rivers',
  'Marsh',
  'Brook',
  'Winter',
  'Bishop',
  'Fields',
  'Stone',
  'Frost',
] as const;

/** The same name as the record has it and as its bearer writes it. */
export const OTHER_ALPHABETS = [
  { given: 'Vasilisa', family: 'Sokolova', written: 'Василиса Соколова' },
  { given: 'Bogdan', family: 'Petrenko', written: 'Богдан Петренко' },
  { given: 'Eleni', family: 'Papadopoulou', written: 'Ελένη Παπαδοπούλου' },
  { given: 'Kamal', family: 'Mansour', written: 'كمال منصور' },
] as const;

export const UK_STREETS = [
  'Orchard Lane',
  'Larkhill Road',
  'Bellweather Close',
  'Saint Aldhelm Street',
  'Quarrybank Terrace',
  'Moorcroft Avenue',
] as const;
export const US_STREETS = [
  'Sycamore Drive',
  'Willow Creek Road',
  'Lakeshore Boulevard',
  'Pinehurst Court',
  'Magnolia Avenue',
] as const;
export const UK_POSTCODES = [
  'LS6 3HN',
  'YO10 4DD',
  'M14 5TP',
  'SW1A 2AA',
  'EC1A 1BB',
  'B33 8TH',
  'CR2 6XH',
  'DN55 1PT',
] as const;
export const US_STATES = ['CA 94110', 'TX 78704', 'OH 43215', 'NY 10027', 'WA 98103'] as const;
