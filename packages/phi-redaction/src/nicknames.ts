/** Short and pet forms of given names, a line a name; each form on a line stands for any other. */
const GROUPS = `
alexander alex alec lex sandy xander sasha alexandra alexandria alexa lexi
andrew andy drew
anthony tony ant
anne ann anna annie annabel annabelle
barbara babs barb barbie
benjamin ben benny benji
bernard bernie
catherine katherine kathryn katharine kate katie kathy cathy kat kitty kay
charles charlie chuck chas charlotte lottie
christopher chris kit topher christine christina chrissie tina
daniel dan danny dani danielle
david dave davey
deborah debra deb debbie
dorothy dot dottie dolly
edward ed eddie ted teddy ned edwin
eleanor ellie nell nora elle
elizabeth elisabeth liz lizzie beth betty bess eliza elsie libby lisa liza
emily em emma emmy
frances francis fran frank frankie
frederick fred freddie
gabriel gabe gabriella gabby
george georgie
gerald gerry jerry
gillian gill jill
gregory greg
harold harry hal henry hank harriet hattie
isabel isabella izzy bella
jacob jake james jim jimmy jamie
jacqueline jackie
jennifer jen jenny jess jessica jessie
john jack johnny jon jonathan
joseph joe joey jo joanna joanne josephine
joshua josh
judith judy
kenneth ken kenny
lawrence laurence larry
leonard len lenny leo
louise lou louis
madeleine maddie maddy
margaret maggie meg peggy marge greta daisy
martha marty martin
mary molly polly mae
matthew matt matty
megan meg
michael mike mick mickey mikey michelle shelly
mohammed muhammad mohamed mohammad mo
natalie nat nathan nathaniel nate natasha tasha
nicholas nick nicky nicola nicole nikki
oliver ollie olivia liv livvy
pamela pam
patricia pat patty trish tricia patrick paddy
peter pete
philip phillip phil pippa philippa
raymond ray
rebecca becca becky
richard rick ricky dick rich richie
robert rob robbie bob bobby bert roberta
ronald ron ronnie
rosemary rose rosie
samuel sam sammy samantha
sarah sara sally
stephen steven steve stephanie steph
susan sue susie suzanne suzie
theodore theo teddy
theresa teresa tess terry
thomas tom tommy
timothy tim timmy
valerie val
victoria vicky tori vic victor
vincent vince vinny
walter walt wally
william will bill billy liam willie
zachary zac zach zak
`;

const formsOf = new Map<string, Set<string>>();
for (const line of GROUPS.trim().split('\n')) {
  const names = line.split(' ');
  for (const name of names) formsOf.set(name, new Set([...(formsOf.get(name) ?? []), ...names]));
}

/** All names of the table, folded. */
export const NAMES_WITH_SHORT_FORMS: readonly string[] = [...formsOf.keys()];

/** Other forms of a folded given name; none for a name that has no usual ones. */
export function listNicknames(given: string): string[] {
  return [...(formsOf.get(given) ?? [])].filter((form) => form !== given);
}
