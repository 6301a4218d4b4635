import { NAMES_WITH_SHORT_FORMS } from './nicknames.ts';

/** Frequent given names of the United Kingdom and the United States, folded; those with short forms are in the table of nicknames. */
const FREQUENT = `
aaron abdul abdullah abigail adam adrian agnes ahmed aidan aisha alan albert alfred ali alice alicia alison
allan amanda amber amelia amy ana andrea angela anita annette antonio archie arthur asha ashley audrey ava
barry beatrice beverley beverly bilal brandon brenda brian bridget bruce callum cameron carl carla carlos
carmen carol caroline carolyn cecilia cheryl chloe claire clara clare clive colin connor constance craig
cynthia cyril damian darren dawn dean declan denis denise dennis derek diana diane dominic donald donna
doris douglas duncan dylan edith edna eileen elaine elena ella ellen elsa eric erica erin esther ethan eva
evan evelyn faith farah fatima felicity fernando fiona florence gareth gary gavin gemma geoffrey geraldine
gladys glenn gloria gordon grace graham grant gwen hannah harvey hassan hazel heather helen herbert hilary
holly howard hugh hugo hussain ian ibrahim imran irene iris isaac isla ivan ivy jade jane janet janice
jasmine jason jay jean jeffrey jeremy joan joel jose joyce juan julia julian julie june justin karen karl
kayla keith kelly kerry kevin kimberly kirsty kyle lara laura lauren leah lee leila lena leslie lewis liam
lilian lily linda lorna lorraine lucas lucy luis luke lydia lynn malcolm marcus maria marian marie marilyn
marion mark marlene marvin maureen maurice max maya melanie melissa mia mildred miriam mohamad mona monica
muriel nadia nancy naomi neil nigel nina noah norma norman olga omar oscar owen paul pauline pedro penelope
percy phoebe phyllis priya rachel raj ralph reginald rene rhys rita robin rodney roger rosa rosalind roy
ruby russell ruth ryan sadia salma sandra scott sean sebastian shannon sharon sheila shirley sian simon
sofia sonia sophia sophie stacey stanley stella stuart sunita sybil sylvia tamara tanya tara tariq tracey
tracy trevor tyler ursula vanessa vera vernon veronica violet virginia vivian wayne wendy wilfred winifred
yasmin yusuf yvonne zara zoe
`;

export const GIVEN_NAMES: ReadonlySet<string> = new Set([
  ...FREQUENT.trim().split(/\s+/u),
  ...NAMES_WITH_SHORT_FORMS,
]);
