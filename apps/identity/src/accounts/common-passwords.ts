import { dictionary } from '@zxcvbn-ts/language-common';

/**
 * What the list below lacks: words of this trade, and phrases of the length that is asked for here. Written down for
 * this project from general knowledge, without endings: `isCommon` in password-rules.ts strips digits and signs, undoes
 * the usual replacements of letters, and folds repetitions.
 */
const ownWords =
  `abc abcd abcdef abcdefg abcdefgh access account admin administrator adobe alexander alexis amanda amber america
  andrea andrew angel angela anthony apple appointment arsenal ashley asshole austin autumn azerty badboy bailey banana
  barcelona baseball basketball batman beautiful bismillah blahblah blessed blink bubbles butterfly buster button
  cambridge celtic change changeme charlie cheese chelsea chicken chocolate chris christmas clinic computer cookie
  cordon corvette cowboy dallas daniel database default dental dentist diamond doctor dolphin donald dragon eagle
  einstein elephant elizabeth england everton everything eminem family ferrari flower football forever freedom friend
  friends fuckoff fuckyou gandalf garfield george ginger google guest guitar hammer hannah happy harley heaven hello
  hellohello helloworld hockey holiday hospital hunter iceman iloveyou iloveyouso infinity internet jackson jasmine
  jennifer jessica jesus jonathan jordan joshua junior justin killer kitten knight ladybug laptop letmein letmeinnow
  letmeinplease lincoln lion liverpool london longpassword login love lovely loveme lovelove loveyou madison maggie
  manchester manager marina martin master matrix matthew maverick mercedes merlin michael michelle midnight monday
  money monkey monster mother mountain mustang myname mypassword nascar newpassword newyork nicole ninja nintendo
  nothing november nurse october office oliver orange pa pass passphrase passw passwd password passwordpassword
  patient patrick peaches peanut pepper phoenix pokemon porsche portal prince princess purple pussy qaz qazwsx qazwsxedc
  qwer qwert qwerty qwertyqwerty qwertyu qwertyui qwertyuio qwertyuiop qwertyuiopasdfghjkl rabbit rachel ranger
  raspberry reception robert root runner sample samantha samsung scooter secret secretpassword security september
  service shadow silver slipknot snoopy soccer sophie spider spiderman spring standard starwars steelers summer sunday
  sunshine superman support surgery sweet system taylor teacher temp temporary tennis test tester testing thisismypassword
  thomas thunder tiger tigger tinkerbell trustno tuesday twitter user vanessa victoria vincent welcome welcomehome
  whatever william windows winner winter wizard wordpass yamaha yankees yellow youtube zaq zaqwsx zxcvb zxcvbn zxcvbnm
  asdf asdfg asdfgh asdfghj asdfghjk asdfghjkl asdfasdf asdfghjklzxcvbnm poiuytrewq mnbvcxz lkjhgfdsa
  correcthorsebatterystaple thequickbrownfox ilovemyfamily iloveyouforever`.split(/\s+/);

/**
 * The 49,233 passwords that head the published collections of breached ones, all lower case, together with words of our
 * own (NIST SP 800-63B-4, 3.1.1.2: "passwords obtained from previous breach corpuses"; guesses that the limits on
 * attempts would let through). Bundled, so that no candidate ever leaves this process.
 */
export const commonPasswords: ReadonlySet<string> = new Set([...ownWords, ...dictionary['passwords-common']]);
