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
