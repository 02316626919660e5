"""Words of three letters and fewer: beside a number they make the shape of a registration, as in "TN14 and"."""

ONE_OR_TWO = """
a ad ah am an as at av be by do dr eh fi fl go ha he hi ho id if ii in is it iv ix jn la ln ma me mr ms my ne no nr nw
of oh ok on or ox oz pa pc rd re se so st sw to uk um un up us vi we wi ye
"""
THREE = """
ace act add ado age ago aid ail aim air ale all and ant any ape apt arc are ark arm art ash ask ass ate ave awe axe
bad bag ban bar bat bay bed bee beg bet bib bid big bin bit boa bog boo bow box boy bra bud bug bum bun bus but buy bye
cab can cap car cat cod cog con coo cop cos cot cow coy cry cub cue cup cut dad dam day den dew did die dig dim din dip
dog don dot dry dub due dug dye ear eat ebb eel egg ego elf elm end era est etc eve ewe eye fab fad fan far fat fax fed
fee few fig fin fir fit fix flu fly foe fog for fox fry fun fur gag gap gas gel gem get gig gin god got gum gun gut guy
gym had ham has hat hay hem hen her hew hey hid him hip his hit hob hog hop hot how hub hue hug hum hut ice icy ill imp
inc ink inn ion ire its ivy jab jam jar jaw jay jet job jog jot joy jug key kid kin kit lab lad lag lap law lax lay led
leg let lid lie lip lit log lot low mad man map mat max may men met mid mix mob mop mud mug mum nab nap net new nil nip
nod nor not now nun nut oak oar oat odd off oft oil old one opt orb ore our out owe owl own pad pan par pat paw pay pea
peg pen per pet pew pic pie pig pin pip pit ply pod pop pot pro pub pup put rag ram ran rap rat raw ray red rep rib rid
rig rim rip rob rod rot row rub rug rum run rut rye sad sat saw say sea see set sew she shy sic sin sip sir sit six ski
sky sly sob son sow soy spa spy sub sue sum sun tag tan tap tar tax tea ten the thy tie tin tip toe ton too top tow toy
try tub tug two use van vat vet via vis vow wad wag war was wax way web wed wet who why wig win wit won woo wow yes yet
yew you zap zip zoo
"""
NAMES = """
abi ali amy ana ann ava bea ben bob cal cy dan dee des don eli ema eva fay fox gus ian ida ina iva ivo jan jen jed jim
jo joe jon kay ken kim kit lea lee len leo les liz lou lyn mae max meg mel mia ned nia nina pam pat pip pru rae ray reg
rex rob ron ros roy sam sid stu sue tam ted tim tom una val viv von wes zac zak zoe
mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec
"""
# In capitals too: nobody writes these in small letters alone.
SHORT_FORMS = """
cc cm ft hp hr kg km lb mm ph yd am pm gps hrs jct kmh kph lbs min mph mtr pcs ptn sec tel vol wks yds yrs
awd bhp bmw fwd gti hgv hse lgv lwb mgb mpv psv pts rwd suv svr swb tdi tdv tsi vtr vts amg cdi
anpr bbc csw eva fly fpn kcc led mot mps nhs nip pcc psc rta rtc sdc sgt sid tro vas vin
"""

WORDS = frozenset(f"{ONE_OR_TWO} {THREE} {NAMES}".split())
ABBREVIATIONS = frozenset(SHORT_FORMS.split())
