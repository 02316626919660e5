// Words of three letters and fewer, as in rules/short_words.py: beside a number they make the shape of a registration, as in “TN14 and”.
const setOf = (words) => new Set(words.trim().split(/\s+/));

export const WORDS = setOf(`
a abi ace act ad add ado age ago ah aid ail aim air ale ali all am amy an ana and ann ant any ape apr apt arc are ark
arm art as ash ask ass at ate aug av ava ave awe axe bad bag ban bar bat bay be bea bed bee beg ben bet bib bid big
bin bit boa bob bog boo bow box boy bra bud bug bum bun bus but buy by bye cab cal can cap car cat cod cog con coo cop
cos cot cow coy cry cub cue cup cut cy dad dam dan day dec dee den des dew did die dig dim din dip do dog don dot dr
dry dub due dug dye ear eat ebb eel egg ego eh elf eli elm ema end era est etc eva eve ewe eye fab fad fan far fat fax
fay feb fed fee few fi fig fin fir fit fix fl flu fly foe fog for fox fri fry fun fur gag gap gas gel gem get gig gin
go god got gum gun gus gut guy gym ha had ham has hat hay he hem hen her hew hey hi hid him hip his hit ho hob hog hop
hot how hub hue hug hum hut ian ice icy id ida if ii ill imp in ina inc ink inn ion ire is it its iv iva ivo ivy ix
jab jam jan jar jaw jay jed jen jet jim jn jo job joe jog jon jot joy jug jul jun kay ken key kid kim kin kit la lab
lad lag lap law lax lay lea led lee leg len leo les let lid lie lip lit liz ln log lot lou low lyn ma mad mae man map
mar mat max may me meg mel men met mia mid mix mob mon mop mr ms mud mug mum my nab nap ne ned net new nia nil nina
nip no nod nor not nov now nr nun nut nw oak oar oat oct odd of off oft oh oil ok old on one opt or orb ore our out
owe owl own ox oz pa pad pam pan par pat paw pay pc pea peg pen per pet pew pic pie pig pin pip pit ply pod pop pot
pro pru pub pup put rae rag ram ran rap rat raw ray rd re red reg rep rex rib rid rig rim rip rob rod ron ros rot row
roy rub rug rum run rut rye sad sam sat saw say se sea see sep set sew she shy sic sid sin sip sir sit six ski sky sly
so sob son sow soy spa spy st stu sub sue sum sun sw tag tam tan tap tar tax tea ted ten the thu thy tie tim tin tip
to toe tom ton too top tow toy try tub tue tug two uk um un una up us use val van vat vet vi via vis viv von vow wad
wag war was wax way we web wed wes wet who why wi wig win wit won woo wow ye yes yet yew you zac zak zap zip zoe zoo
`);

/** In capitals too: nobody writes these in small letters alone. */
export const ABBREVIATIONS = setOf(`
am amg anpr awd bbc bhp bmw cc cdi cm csw eva fly fpn ft fwd gps gti hgv hp hr hrs hse jct kcc kg km kmh kph lb lbs
led lgv lwb mgb min mm mot mph mps mpv mtr nhs nip pcc pcs ph pm psc psv ptn pts rta rtc rwd sdc sec sgt sid suv svr
swb tdi tdv tel tro tsi vas vin vol vtr vts wks yd yds yrs
`);
