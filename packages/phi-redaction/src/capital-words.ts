/** Words that are written with a capital and name no person: countries, peoples, languages, festivals, companies, machines. Folded. */
export const CAPITAL_WORDS: readonly string[] = `
afghanistan albania algeria america argentina armenia australia austria azerbaijan bahrain bangladesh barbados belarus belgium bolivia bosnia botswana brazil
britain bulgaria cambodia cameroon canada chile china colombia congo croatia cuba cyprus czechia denmark dominica ecuador egypt england eritrea estonia ethiopia
europe fiji finland france gambia germany ghana gibraltar greece grenada guatemala guyana haiti honduras hungary iceland india indonesia iran iraq ireland israel
italy jamaica japan jersey kazakhstan kenya korea kosovo kuwait latvia lebanon liberia libya lithuania luxembourg malawi malaysia malta mauritius mexico moldova
monaco mongolia montenegro morocco mozambique myanmar namibia nepal netherlands nicaragua nigeria norway oman pakistan palestine panama paraguay peru philippines
poland portugal qatar romania russia rwanda scotland senegal serbia singapore slovakia slovenia somalia spain sudan sweden switzerland syria taiwan
tanzania thailand tobago trinidad tunisia uganda ukraine uruguay venezuela vietnam wales yemen zambia zimbabwe africa asia caribbean
albanian amharic arabic armenian bangla bengali bulgarian cantonese croatian czech danish dari dutch estonian farsi finnish flemish french gaelic german greek
gujarati hausa hebrew hindi hungarian igbo italian japanese kurdish latvian lithuanian malay mandarin nepali norwegian pashto persian polish portuguese punjabi
romanian romani russian serbian shona sinhala slovak somali spanish swahili swedish tagalog tamil telugu thai tigrinya turkish ukrainian urdu vietnamese welsh yoruba zulu
african asian european indian pakistani bangladeshi nigerian ghanaian jamaican latino hispanic australian canadian chinese korean egyptian syrian afghan
muslim christian jewish hindu sikh buddhist catholic protestant quran bible christmas easter lent advent passover purim hanukkah ramadan eid diwali vaisakhi
thanksgiving halloween hogmanay
london manchester birmingham leeds glasgow edinburgh cardiff belfast liverpool bristol york oxford cambridge boston chicago texas california florida
ohio virginia georgia alabama alaska arizona arkansas colorado connecticut delaware hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland
massachusetts michigan minnesota mississippi missouri montana nebraska nevada hampshire oklahoma oregon pennsylvania tennessee utah vermont washington wisconsin wyoming
amazon apple google microsoft facebook instagram tiktok twitter youtube whatsapp zoom skype netflix uber ebay paypal klarna visa mastercard amex barclays hsbc
lloyds natwest santander monzo revolut nationwide halifax tesco sainsburys asda aldi lidl waitrose boots superdrug specsavers bupa denplan aviva axa vitality cigna aetna
humana metlife delta medicaid medicare kaiser walgreens cvs walmart costco target
colgate sensodyne corsodyl listerine aquafresh elmex parodontax philips sonicare braun oralb waterpik invisalign duraphat fixodent steradent polident
nespresso netflix coke pepsi lucozade fanta botox juvederm windows excel outlook adobe android iphone ipad
`
  .trim()
  .split(/\s+/u);
