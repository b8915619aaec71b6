"""Formas escritas a mano, una por una, para contrastar con las que deriva la regla.

Norma: RAE y ASALE, Nueva gramática de la lengua española (2009), capítulo 4, y
Ortografía de la lengua española (2010). Ninguna línea salió del programa.
"""

# verbo: presente de tú, vos, usted; imperativo de tú, vos, usted
PRESENTE_E_IMPERATIVO = """
cantar: cantas cantás canta; canta cantá cante
comer: comes comés come; come comé coma
vivir: vives vivís vive; vive viví viva
pensar: piensas pensás piensa; piensa pensá piense
cerrar: cierras cerrás cierra; cierra cerrá cierre
contar: cuentas contás cuenta; cuenta contá cuente
volver: vuelves volvés vuelve; vuelve volvé vuelva
perder: pierdes perdés pierde; pierde perdé pierda
pedir: pides pedís pide; pide pedí pida
sentir: sientes sentís siente; siente sentí sienta
dormir: duermes dormís duerme; duerme dormí duerma
jugar: juegas jugás juega; juega jugá juegue
seguir: sigues seguís sigue; sigue seguí siga
elegir: eliges elegís elige; elige elegí elija
corregir: corriges corregís corrige; corrige corregí corrija
empezar: empiezas empezás empieza; empieza empezá empiece
colgar: cuelgas colgás cuelga; cuelga colgá cuelgue
almorzar: almuerzas almorzás almuerza; almuerza almorzá almuerce
avergonzar: avergüenzas avergonzás avergüenza; avergüenza avergonzá avergüence
torcer: tuerces torcés tuerce; tuerce torcé tuerza
cocer: cueces cocés cuece; cuece cocé cueza
reír: ríes reís ríe; ríe reí ría
sonreír: sonríes sonreís sonríe; sonríe sonreí sonría
freír: fríes freís fríe; fríe freí fría
adquirir: adquieres adquirís adquiere; adquiere adquirí adquiera
oler: hueles olés huele; huele olé huela
errar: yerras errás yerra; yerra errá yerre
buscar: buscas buscás busca; busca buscá busque
llegar: llegas llegás llega; llega llegá llegue
cruzar: cruzas cruzás cruza; cruza cruzá cruce
averiguar: averiguas averiguás averigua; averigua averiguá averigüe
recoger: recoges recogés recoge; recoge recogé recoja
dirigir: diriges dirigís dirige; dirige dirigí dirija
distinguir: distingues distinguís distingue; distingue distinguí distinga
vencer: vences vencés vence; vence vencé venza
mecer: meces mecés mece; mece mecé meza
enviar: envías enviás envía; envía enviá envíe
vaciar: vacías vaciás vacía; vacía vaciá vacíe
cambiar: cambias cambiás cambia; cambia cambiá cambie
continuar: continúas continuás continúa; continúa continuá continúe
reunir: reúnes reunís reúne; reúne reuní reúna
prohibir: prohíbes prohibís prohíbe; prohíbe prohibí prohíba
aislar: aíslas aislás aísla; aísla aislá aísle
peinar: peinas peinás peina; peina peiná peine
leer: lees leés lee; lee leé lea
construir: construyes construís construye; construye construí construya
conocer: conoces conocés conoce; conoce conocé conozca
conducir: conduces conducís conduce; conduce conducí conduzca
tener: tienes tenés tiene; ten tené tenga
mantener: mantienes mantenés mantiene; mantén mantené mantenga
venir: vienes venís viene; ven vení venga
poner: pones ponés pone; pon poné ponga
proponer: propones proponés propone; propón proponé proponga
salir: sales salís sale; sal salí salga
hacer: haces hacés hace; haz hacé haga
deshacer: deshaces deshacés deshace; deshaz deshacé deshaga
decir: dices decís dice; di decí diga
predecir: predices predecís predice; predice predecí prediga
traer: traes traés trae; trae traé traiga
caer: caes caés cae; cae caé caiga
oír: oyes oís oye; oye oí oiga
poder: puedes podés puede; puede podé pueda
querer: quieres querés quiere; quiere queré quiera
saber: sabes sabés sabe; sabe sabé sepa
caber: cabes cabés cabe; cabe cabé quepa
valer: vales valés vale; vale valé valga
dar: das das da; da da dé
ver: ves ves ve; ve ve vea
prever: prevés prevés prevé; prevé prevé prevea
estar: estás estás está; está está esté
ser: eres sos es; sé sé sea
ir: vas vas va; ve andá vaya
"""

# verbo: usted en pretérito, imperfecto, futuro, condicional y subjuntivo
USTED_EN_OTROS_TIEMPOS = """
cantar: cantó cantaba cantará cantaría cante
comer: comió comía comerá comería coma
pedir: pidió pedía pedirá pediría pida
dormir: durmió dormía dormirá dormiría duerma
sentir: sintió sentía sentirá sentiría sienta
reír: rio reía reirá reiría ría
sonreír: sonrió sonreía sonreirá sonreiría sonría
leer: leyó leía leerá leería lea
caer: cayó caía caerá caería caiga
oír: oyó oía oirá oiría oiga
construir: construyó construía construirá construiría construya
huir: huyó huía huirá huiría huya
seguir: siguió seguía seguirá seguiría siga
teñir: tiñó teñía teñirá teñiría tiña
conducir: condujo conducía conducirá conduciría conduzca
tener: tuvo tenía tendrá tendría tenga
venir: vino venía vendrá vendría venga
poner: puso ponía pondrá pondría ponga
salir: salió salía saldrá saldría salga
hacer: hizo hacía hará haría haga
decir: dijo decía dirá diría diga
traer: trajo traía traerá traería traiga
poder: pudo podía podrá podría pueda
querer: quiso quería querrá querría quiera
saber: supo sabía sabrá sabría sepa
caber: cupo cabía cabrá cabría quepa
haber: hubo había habrá habría haya
andar: anduvo andaba andará andaría ande
estar: estuvo estaba estará estaría esté
dar: dio daba dará daría dé
ver: vio veía verá vería vea
prever: previó preveía preverá prevería prevea
ser: fue era será sería sea
ir: fue iba irá iría vaya
"""

# verbo, persona, tiempo, forma
SUELTAS = """
haber vos presente has
haber usted presente ha
ir ustedes presente van
ir vosotros imperativo id
irse vosotros imperativo idos
irse vos imperativo andate
irse tú imperativo vete
irse usted imperativo váyase
sentarse tú imperativo siéntate
sentarse vos imperativo sentate
sentarse usted imperativo siéntese
sentarse ustedes imperativo siéntense
sentarse vosotros imperativo sentaos
vestirse vosotros imperativo vestíos
vestirse vos imperativo vestite
dormirse tú imperativo duérmete
dormirse vos imperativo dormite
ponerse tú imperativo ponte
detenerse tú imperativo detente
reírse tú imperativo ríete
reírse vos imperativo reíte
cantar vos pretérito cantaste
cantar vos futuro cantarás
cantar vos subjuntivo cantes
tener tú pretérito tuviste
decir ustedes pretérito dijeron
leer ustedes pretérito leyeron
leer tú pretérito leíste
construir tú pretérito construiste
dormir ustedes pretérito durmieron
traer ustedes pretérito trajeron
cantar vosotros presente cantáis
tener vosotros presente tenéis
ser vosotros presente sois
pedir vosotros subjuntivo pidáis
dormir vosotros subjuntivo durmáis
pensar vosotros subjuntivo penséis
llegar vosotros subjuntivo lleguéis
reír vosotros subjuntivo riais
decir vosotros imperativo decid
oír vosotros imperativo oíd
cantar chileno presente cantái
tener chileno presente tenís
vivir chileno presente vivís
ir chileno presente vai
cantar chileno imperativo canta
estar chileno presente estái
hacer chileno presente hacís
querer chileno presente querís
poder chileno presente podís
decir chileno presente decís
salir chileno presente salís
saber chileno presente sabís
venir chileno presente venís
pensar chileno presente pensái
jugar chileno presente jugái
cachar chileno presente cachái
comer chileno presente comís
dormir chileno presente dormís
hablar chileno imperfecto hablabai
tener chileno imperfecto teníai
ser chileno imperfecto erai
ir chileno imperfecto ibai
cantar chileno condicional cantaríai
querer chileno condicional querríai
tener chileno condicional tendríai
cantar chileno subjuntivo cantís
tener chileno subjuntivo tengái
hacer chileno subjuntivo hagái
ir chileno subjuntivo vayái
ser chileno subjuntivo seái
dormir chileno subjuntivo durmái
pensar chileno subjuntivo pensís
llegar chileno subjuntivo lleguís
buscar chileno subjuntivo busquís
empezar chileno subjuntivo empecís
decir chileno imperativo di
comer chileno pretérito comiste
vivir chileno futuro vivirás
cantar ustedes imperativo canten
hacer ustedes imperativo hagan
ir ustedes imperativo vayan
sentarse ustedes presente se sientan
irse ustedes imperativo váyanse
saber ustedes pretérito supieron
conducir ustedes pretérito condujeron
pedir ustedes pretérito pidieron
caer ustedes pretérito cayeron
ser ustedes imperfecto eran
poder ustedes futuro podrán
hacer ustedes condicional harían
dar ustedes subjuntivo den
comer vosotros presente coméis
vivir vosotros presente vivís
ir vosotros presente vais
dar vosotros presente dais
ver vosotros presente veis
hacer vosotros imperativo haced
poner vosotros imperativo poned
salir vosotros imperativo salid
ponerse vosotros imperativo poneos
tener vosotros pretérito tuvisteis
ir vosotros pretérito fuisteis
cantar vosotros imperfecto cantabais
ser vosotros imperfecto erais
ir vosotros imperfecto ibais
hacer vosotros futuro haréis
querer vosotros condicional querríais
ir vosotros subjuntivo vayáis
ser vosotros subjuntivo seáis
jugar vosotros subjuntivo juguéis
empezar vosotros subjuntivo empecéis
ver tú imperativo ve
dar tú imperativo da
dar tú presente das
ver tú presente ves
ir tú presente vas
"""

# Los verbos en que más se falla, de cada clase irregular y de sus derivados.
# verbo: presente de tú, vos, usted, vosotros
#   imperativo de tú, vos, usted, vosotros
#   pretérito de usted y ustedes, subjuntivo de vosotros
DIFICILES = """
discernir: disciernes discernís discierne discernís
  discierne discerní discierna discernid
  discernió discernieron discernáis
cernir: ciernes cernís cierne cernís
  cierne cerní cierna cernid
  cernió cernieron cernáis
hendir: hiendes hendís hiende hendís
  hiende hendí hienda hendid
  hendió hendieron hendáis
hender: hiendes hendés hiende hendéis
  hiende hendé hienda hended
  hendió hendieron hendáis
adherir: adhieres adherís adhiere adherís
  adhiere adherí adhiera adherid
  adhirió adhirieron adhiráis
diferir: difieres diferís difiere diferís
  difiere diferí difiera diferid
  difirió difirieron difiráis
conferir: confieres conferís confiere conferís
  confiere conferí confiera conferid
  confirió confirieron confiráis
revertir: reviertes revertís revierte revertís
  revierte revertí revierta revertid
  revirtió revirtieron revirtáis
hervir: hierves hervís hierve hervís
  hierve herví hierva hervid
  hirvió hirvieron hirváis
zaherir: zahieres zaherís zahiere zaherís
  zahiere zaherí zahiera zaherid
  zahirió zahirieron zahiráis
desmentir: desmientes desmentís desmiente desmentís
  desmiente desmentí desmienta desmentid
  desmintió desmintieron desmintáis
regir: riges regís rige regís
  rige regí rija regid
  rigió rigieron rijáis
embestir: embistes embestís embiste embestís
  embiste embestí embista embestid
  embistió embistieron embistáis
investir: invistes investís inviste investís
  inviste investí invista investid
  invistió invistieron invistáis
revestir: revistes revestís reviste revestís
  reviste revestí revista revestid
  revistió revistieron revistáis
travestir: travistes travestís traviste travestís
  traviste travestí travista travestid
  travistió travistieron travistáis
henchir: hinches henchís hinche henchís
  hinche henchí hincha henchid
  hinchió hinchieron hincháis
constreñir: constriñes constreñís constriñe constreñís
  constriñe constreñí constriña constreñid
  constriñó constriñeron constriñáis
estreñir: estriñes estreñís estriñe estreñís
  estriñe estreñí estriña estreñid
  estriñó estriñeron estriñáis
desleír: deslíes desleís deslíe desleís
  deslíe desleí deslía desleíd
  deslió deslieron desliáis
engreír: engríes engreís engríe engreís
  engríe engreí engría engreíd
  engrió engrieron engriáis
refreír: refríes refreís refríe refreís
  refríe refreí refría refreíd
  refrió refrieron refriáis
adquirir: adquieres adquirís adquiere adquirís
  adquiere adquirí adquiera adquirid
  adquirió adquirieron adquiráis
inquirir: inquieres inquirís inquiere inquirís
  inquiere inquirí inquiera inquirid
  inquirió inquirieron inquiráis
erguir: yergues erguís yergue erguís
  yergue erguí yerga erguid
  irguió irguieron irgáis
asir: ases asís ase asís
  ase así asga asid
  asió asieron asgáis
desasir: desases desasís desase desasís
  desase desasí desasga desasid
  desasió desasieron desasgáis
caber: cabes cabés cabe cabéis
  cabe cabé quepa cabed
  cupo cupieron quepáis
decaer: decaes decaés decae decaéis
  decae decaé decaiga decaed
  decayó decayeron decaigáis
roer: roes roés roe roéis
  roe roé roa roed
  royó royeron roáis
corroer: corroes corroés corroe corroéis
  corroe corroé corroa corroed
  corroyó corroyeron corroáis
raer: raes raés rae raéis
  rae raé raiga raed
  rayó rayeron raigáis
yacer: yaces yacés yace yacéis
  yace yacé yazca yaced
  yació yacieron yazcáis
argüir: arguyes argüís arguye argüís
  arguye argüí arguya argüid
  arguyó arguyeron arguyáis
redargüir: redarguyes redargüís redarguye redargüís
  redarguye redargüí redarguya redargüid
  redarguyó redarguyeron redarguyáis
delinquir: delinques delinquís delinque delinquís
  delinque delinquí delinca delinquid
  delinquió delinquieron delincáis
abolir: aboles abolís abole abolís
  abole abolí abola abolid
  abolió abolieron aboláis
agredir: agredes agredís agrede agredís
  agrede agredí agreda agredid
  agredió agredieron agredáis
transgredir: transgredes transgredís transgrede transgredís
  transgrede transgredí transgreda transgredid
  transgredió transgredieron transgredáis
bruñir: bruñes bruñís bruñe bruñís
  bruñe bruñí bruña bruñid
  bruñó bruñeron bruñáis
gruñir: gruñes gruñís gruñe gruñís
  gruñe gruñí gruña gruñid
  gruñó gruñeron gruñáis
bullir: bulles bullís bulle bullís
  bulle bullí bulla bullid
  bulló bulleron bulláis
zambullir: zambulles zambullís zambulle zambullís
  zambulle zambullí zambulla zambullid
  zambulló zambulleron zambulláis
engullir: engulles engullís engulle engullís
  engulle engullí engulla engullid
  engulló engulleron engulláis
tañer: tañes tañés tañe tañéis
  tañe tañé taña tañed
  tañó tañeron tañáis
pudrir: pudres pudrís pudre pudrís
  pudre pudrí pudra pudrid
  pudrió pudrieron pudráis
cohibir: cohíbes cohibís cohíbe cohibís
  cohíbe cohibí cohíba cohibid
  cohibió cohibieron cohibáis
aullar: aúllas aullás aúlla aulláis
  aúlla aullá aúlle aullad
  aulló aullaron aulléis
aunar: aúnas aunás aúna aunáis
  aúna auná aúne aunad
  aunó aunaron aunéis
aupar: aúpas aupás aúpa aupáis
  aúpa aupá aúpe aupad
  aupó auparon aupéis
rehusar: rehúsas rehusás rehúsa rehusáis
  rehúsa rehusá rehúse rehusad
  rehusó rehusaron rehuséis
sahumar: sahúmas sahumás sahúma sahumáis
  sahúma sahumá sahúme sahumad
  sahumó sahumaron sahuméis
embaular: embaúlas embaulás embaúla embauláis
  embaúla embaulá embaúle embaulad
  embauló embaularon embauléis
europeizar: europeízas europeizás europeíza europeizáis
  europeíza europeizá europeíce europeizad
  europeizó europeizaron europeicéis
enraizar: enraízas enraizás enraíza enraizáis
  enraíza enraizá enraíce enraizad
  enraizó enraizaron enraicéis
ahijar: ahíjas ahijás ahíja ahijáis
  ahíja ahijá ahíje ahijad
  ahijó ahijaron ahijéis
prohijar: prohíjas prohijás prohíja prohijáis
  prohíja prohijá prohíje prohijad
  prohijó prohijaron prohijéis
ahincar: ahíncas ahincás ahínca ahincáis
  ahínca ahincá ahínque ahincad
  ahincó ahincaron ahinquéis
descafeinar: descafeínas descafeinás descafeína descafeináis
  descafeína descafeiná descafeíne descafeinad
  descafeinó descafeinaron descafeinéis
airar: aíras airás aíra airáis
  aíra airá aíre airad
  airó airaron airéis
desairar: desairas desairás desaira desairáis
  desaira desairá desaire desairad
  desairó desairaron desairéis
causar: causas causás causa causáis
  causa causá cause causad
  causó causaron causéis
deleitar: deleitas deleitás deleita deleitáis
  deleita deleitá deleite deleitad
  deleitó deleitaron deleitéis
desahuciar: desahucias desahuciás desahucia desahuciáis
  desahucia desahuciá desahucie desahuciad
  desahució desahuciaron desahuciéis
rehuir: rehúyes rehuís rehúye rehuís
  rehúye rehuí rehúya rehuid
  rehuyó rehuyeron rehuyáis
fluir: fluyes fluis fluye fluis
  fluye flui fluya fluid
  fluyó fluyeron fluyáis
espiar: espías espiás espía espiáis
  espía espiá espíe espiad
  espió espiaron espiéis
averiar: averías averiás avería averiáis
  avería averiá averíe averiad
  averió averiaron averiéis
malcriar: malcrías malcriás malcría malcriáis
  malcría malcriá malcríe malcriad
  malcrió malcriaron malcriéis
telegrafiar: telegrafías telegrafiás telegrafía telegrafiáis
  telegrafía telegrafiá telegrafíe telegrafiad
  telegrafió telegrafiaron telegrafiéis
criar: crías crias cría criais
  cría cria críe criad
  crio criaron crieis
negociar: negocias negociás negocia negociáis
  negocia negociá negocie negociad
  negoció negociaron negociéis
copiar: copias copiás copia copiáis
  copia copiá copie copiad
  copió copiaron copiéis
premiar: premias premiás premia premiáis
  premia premiá premie premiad
  premió premiaron premiéis
obsequiar: obsequias obsequiás obsequia obsequiáis
  obsequia obsequiá obsequie obsequiad
  obsequió obsequiaron obsequiéis
puntuar: puntúas puntuás puntúa puntuáis
  puntúa puntuá puntúe puntuad
  puntuó puntuaron puntuéis
habituar: habitúas habituás habitúa habituáis
  habitúa habituá habitúe habituad
  habituó habituaron habituéis
evacuar: evacuas evacuás evacua evacuáis
  evacua evacuá evacue evacuad
  evacuó evacuaron evacuéis
menguar: menguas menguás mengua menguáis
  mengua menguá mengüe menguad
  menguó menguaron mengüéis
desaguar: desaguas desaguás desagua desaguáis
  desagua desaguá desagüe desaguad
  desaguó desaguaron desagüéis
santiguar: santiguas santiguás santigua santiguáis
  santigua santiguá santigüe santiguad
  santiguó santiguaron santigüéis
agorar: agüeras agorás agüera agoráis
  agüera agorá agüere agorad
  agoró agoraron agoréis
degollar: degüellas degollás degüella degolláis
  degüella degollá degüelle degollad
  degolló degollaron degolléis
desvergonzar: desvergüenzas desvergonzás desvergüenza desvergonzáis
  desvergüenza desvergonzá desvergüence desvergonzad
  desvergonzó desvergonzaron desvergoncéis
desosar: deshuesas desosás deshuesa desosáis
  deshuesa desosá deshuese desosad
  desosó desosaron desoséis
errar: yerras errás yerra erráis
  yerra errá yerre errad
  erró erraron erréis
aferrar: aferras aferrás aferra aferráis
  aferra aferrá aferre aferrad
  aferró aferraron aferréis
recostar: recuestas recostás recuesta recostáis
  recuesta recostá recueste recostad
  recostó recostaron recostéis
reprobar: repruebas reprobás reprueba reprobáis
  reprueba reprobá repruebe reprobad
  reprobó reprobaron reprobéis
repoblar: repueblas repoblás repuebla repobláis
  repuebla repoblá repueble repoblad
  repobló repoblaron repobléis
trastrocar: trastruecas trastrocás trastrueca trastrocáis
  trastrueca trastrocá trastrueque trastrocad
  trastrocó trastrocaron trastroquéis
desollar: desuellas desollás desuella desolláis
  desuella desollá desuelle desollad
  desolló desollaron desolléis
renegar: reniegas renegás reniega renegáis
  reniega renegá reniegue renegad
  renegó renegaron reneguéis
denegar: deniegas denegás deniega denegáis
  deniega denegá deniegue denegad
  denegó denegaron deneguéis
desterrar: destierras desterrás destierra desterráis
  destierra desterrá destierre desterrad
  desterró desterraron desterréis
derogar: derogas derogás deroga derogáis
  deroga derogá derogue derogad
  derogó derogaron deroguéis
prorrogar: prorrogas prorrogás prorroga prorrogáis
  prorroga prorrogá prorrogue prorrogad
  prorrogó prorrogaron prorroguéis
enjugar: enjugas enjugás enjuga enjugáis
  enjuga enjugá enjugue enjugad
  enjugó enjugaron enjuguéis
contentar: contentas contentás contenta contentáis
  contenta contentá contente contentad
  contentó contentaron contentéis
absolver: absuelves absolvés absuelve absolvéis
  absuelve absolvé absuelva absolved
  absolvió absolvieron absolváis
recocer: recueces recocés recuece recocéis
  recuece recocé recueza recoced
  recoció recocieron recozáis
escocer: escueces escocés escuece escocéis
  escuece escocé escueza escoced
  escoció escocieron escozáis
remecer: remeces remecés remece remecéis
  remece remecé remeza remeced
  remeció remecieron remezáis
estremecer: estremeces estremecés estremece estremecéis
  estremece estremecé estremezca estremeced
  estremeció estremecieron estremezcáis
ejercer: ejerces ejercés ejerce ejercéis
  ejerce ejercé ejerza ejerced
  ejerció ejercieron ejerzáis
resarcir: resarces resarcís resarce resarcís
  resarce resarcí resarza resarcid
  resarció resarcieron resarzáis
lucir: luces lucís luce lucís
  luce lucí luzca lucid
  lució lucieron luzcáis
aducir: aduces aducís aduce aducís
  aduce aducí aduzca aducid
  adujo adujeron aduzcáis
placer: places placés place placéis
  place placé plazca placed
  plació placieron plazcáis
pretender: pretendes pretendés pretende pretendéis
  pretende pretendé pretenda pretended
  pretendió pretendieron pretendáis
aprehender: aprehendes aprehendés aprehende aprehendéis
  aprehende aprehendé aprehenda aprehended
  aprehendió aprehendieron aprehendáis
desdecir: desdices desdecís desdice desdecís
  desdice desdecí desdiga desdecid
  desdijo desdijeron desdigáis
bendecir: bendices bendecís bendice bendecís
  bendice bendecí bendiga bendecid
  bendijo bendijeron bendigáis
contradecir: contradices contradecís contradice contradecís
  contradice contradecí contradiga contradecid
  contradijo contradijeron contradigáis
rehacer: rehaces rehacés rehace rehacéis
  rehaz rehacé rehaga rehaced
  rehízo rehicieron rehagáis
satisfacer: satisfaces satisfacés satisface satisfacéis
  satisfaz satisfacé satisfaga satisfaced
  satisfizo satisficieron satisfagáis
contener: contienes contenés contiene contenéis
  contén contené contenga contened
  contuvo contuvieron contengáis
prevenir: previenes prevenís previene prevenís
  prevén prevení prevenga prevenid
  previno previnieron prevengáis
componer: compones componés compone componéis
  compón componé componga componed
  compuso compusieron compongáis
posponer: pospones posponés pospone posponéis
  pospón posponé posponga posponed
  pospuso pospusieron pospongáis
sobresalir: sobresales sobresalís sobresale sobresalís
  sobresal sobresalí sobresalga sobresalid
  sobresalió sobresalieron sobresalgáis
prevaler: prevales prevalés prevale prevaléis
  prevale prevalé prevalga prevaled
  prevalió prevalieron prevalgáis
extraer: extraes extraés extrae extraéis
  extrae extraé extraiga extraed
  extrajo extrajeron extraigáis
desoír: desoyes desoís desoye desoís
  desoye desoí desoiga desoíd
  desoyó desoyeron desoigáis
entrever: entrevés entrevés entrevé entrevéis
  entrevé entrevé entrevea entreved
  entrevió entrevieron entreveáis
desandar: desandas desandás desanda desandáis
  desanda desandá desande desandad
  desanduvo desanduvieron desandéis
malquerer: malquieres malquerés malquiere malqueréis
  malquiere malqueré malquiera malquered
  malquiso malquisieron malqueráis
proveer: provees proveés provee proveéis
  provee proveé provea proveed
  proveyó proveyeron proveáis
sobreseer: sobresees sobreseés sobresee sobreseéis
  sobresee sobreseé sobresea sobreseed
  sobreseyó sobreseyeron sobreseáis
tuitear: tuiteas tuiteás tuitea tuiteáis
  tuitea tuiteá tuitee tuitead
  tuiteó tuitearon tuiteéis
autodefinir: autodefines autodefinís autodefine autodefinís
  autodefine autodefiní autodefina autodefinid
  autodefinió autodefinieron autodefináis
reconvertir: reconviertes reconvertís reconvierte reconvertís
  reconvierte reconvertí reconvierta reconvertid
  reconvirtió reconvirtieron reconvirtáis
"""

# verbo, persona, tiempo: las formas que admite la norma, la más usual primero
DOS_FORMAS = """
erguir tú presente: yergues irgues
erguir usted imperativo: yerga irga
errar usted presente: yerra erra
adecuar usted presente: adecua adecúa
evacuar tú presente: evacuas evacúas
licuar ustedes subjuntivo: licuen licúen
agriar usted presente: agria agría
auxiliar usted presente: auxilia auxilía
paliar usted subjuntivo: palie palíe
repatriar ustedes presente: repatrian repatrían
cimentar usted presente: cimenta cimienta
desmembrar usted presente: desmiembra desmembra
emparentar usted presente: emparenta emparienta
engrosar usted presente: engrosa engruesa
derrocar usted presente: derroca derrueca
invernar usted presente: inverna invierna
asolar ustedes presente: asolan asuelan
templar usted presente: templa tiempla
roer usted subjuntivo: roa roiga roya
raer usted subjuntivo: raiga raya
yacer usted subjuntivo: yazca yazga yaga
yacer tú imperativo: yace yaz
placer usted pretérito: plació plugo
predecir usted futuro: predecirá predirá
contradecir usted condicional: contradeciría contradiría
desdecir usted futuro: desdecirá desdirá
bendecir usted futuro: bendecirá
satisfacer tú imperativo: satisfaz satisface
podrir usted imperfecto: pudría podría
homogeneizar usted presente: homogeneiza homogeneíza
cantar usted presente: canta
tener tú imperativo: ten
"""
