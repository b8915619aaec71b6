"""Formas de los verbos de `nunca_leidos`, leídas y aprobadas una por una.

Norma: la de formas_a_mano.py. Los reflexivos van sin pronombre en el indicativo.
"""

# verbo: presente de tú, vos, usted; pretérito de usted
INDICATIVO = """
abanicarse: abanicas abanicás abanica; abanicó
aborrecer: aborreces aborrecés aborrece; aborreció
acampar: acampas acampás acampa; acampó
acentuar: acentúas acentuás acentúa; acentuó
acoger: acoges acogés acoge; acogió
acometer: acometes acometés acomete; acometió
acurrucarse: acurrucas acurrucás acurruca; acurrucó
adherirse: adhieres adherís adhiere; adhirió
aducir: aduces aducís aduce; adujo
alisar: alisas alisás alisa; alisó
aliñar: aliñas aliñás aliña; aliñó
ansiar: ansías ansiás ansía; ansió
arremeter: arremetes arremetés arremete; arremetió
arriesgar: arriesgas arriesgás arriesga; arriesgó
arroparse: arropas arropás arropa; arropó
asentir: asientes asentís asiente; asintió
atenerse: atienes atenés atiene; atuvo
atornillar: atornillas atornillás atornilla; atornilló
averiar: averías averiás avería; averió
bucear: buceas buceás bucea; buceó
ceñirse: ciñes ceñís ciñe; ciñó
chatear: chateas chateás chatea; chateó
columpiarse: columpias columpiás columpia; columpió
conmover: conmueves conmovés conmueve; conmovió
contraer: contraes contraés contrae; contrajo
contraponer: contrapones contraponés contrapone; contrapuso
curiosear: curioseas curioseás curiosea; curioseó
deambular: deambulas deambulás deambula; deambuló
demoler: demueles demolés demuele; demolió
desafiar: desafías desafiás desafía; desafió
desaprobar: desapruebas desaprobás desaprueba; desaprobó
desbloquear: desbloqueas desbloqueás desbloquea; desbloqueó
desinfectar: desinfectas desinfectás desinfecta; desinfectó
desistir: desistes desistís desiste; desistió
desoír: desoyes desoís desoye; desoyó
desvelarse: desvelas desvelás desvela; desveló
desvestir: desvistes desvestís desviste; desvistió
desvivirse: desvives desvivís desvive; desvivió
digitalizar: digitalizas digitalizás digitaliza; digitalizó
discernir: disciernes discernís discierne; discernió
disuadir: disuades disuadís disuade; disuadió
eludir: eludes eludís elude; eludió
embalar: embalas embalás embala; embaló
embeber: embebes embebés embebe; embebió
embutir: embutes embutís embute; embutió
empapelar: empapelas empapelás empapela; empapeló
encuadernar: encuadernas encuadernás encuaderna; encuadernó
endurecer: endureces endurecés endurece; endureció
enfurecerse: enfureces enfurecés enfurece; enfureció
engrapar: engrapas engrapás engrapa; engrapó
engullir: engulles engullís engulle; engulló
enmudecer: enmudeces enmudecés enmudece; enmudeció
enrojecer: enrojeces enrojecés enrojece; enrojeció
ensamblar: ensamblas ensamblás ensambla; ensambló
ensordecer: ensordeces ensordecés ensordece; ensordeció
enternecer: enterneces enternecés enternece; enterneció
entristecerse: entristeces entristecés entristece; entristeció
errar: yerras errás yerra; erró
escabullirse: escabulles escabullís escabulle; escabulló
esgrimir: esgrimes esgrimís esgrime; esgrimió
espiar: espías espiás espía; espió
estampar: estampas estampás estampa; estampó
formatear: formateas formateás formatea; formateó
fotocopiar: fotocopias fotocopiás fotocopia; fotocopió
gemir: gimes gemís gime; gimió
hidratarse: hidratas hidratás hidrata; hidrató
inducir: induces inducís induce; indujo
inmiscuirse: inmiscuyes inmiscuís inmiscuye; inmiscuyó
insinuar: insinúas insinuás insinúa; insinuó
jactarse: jactas jactás jacta; jactó
malcriar: malcrías malcriás malcría; malcrió
maldecir: maldices maldecís maldice; maldijo
malvender: malvendes malvendés malvende; malvendió
maquillar: maquillas maquillás maquilla; maquilló
martillar: martillas martillás martilla; martilló
masajear: masajeas masajeás masajea; masajeó
monitorear: monitoreas monitoreás monitorea; monitoreó
mullir: mulles mullís mulle; mulló
nutrir: nutres nutrís nutre; nutrió
padecer: padeces padecés padece; padeció
personalizar: personalizas personalizás personaliza; personalizó
piropear: piropeas piropeás piropea; piropeó
puntuar: puntúas puntuás puntúa; puntuó
rastrillar: rastrillas rastrillás rastrilla; rastrilló
recaer: recaes recaés recae; recayó
recomponer: recompones recomponés recompone; recompuso
reconducir: reconduces reconducís reconduce; recondujo
recoser: recoses recosés recose; recosió
recostarse: recuestas recostás recuesta; recostó
redefinir: redefines redefinís redefine; redefinió
redistribuir: redistribuyes redistribuís redistribuye; redistribuyó
reescribir: reescribes reescribís reescribe; reescribió
refrescar: refrescas refrescás refresca; refrescó
regatear: regateas regateás regatea; regateó
rehusar: rehúsas rehusás rehúsa; rehusó
rejuvenecer: rejuveneces rejuvenecés rejuvenece; rejuveneció
relamerse: relames relamés relame; relamió
renegar: reniegas renegás reniega; renegó
repeler: repeles repelés repele; repelió
reprobar: repruebas reprobás reprueba; reprobó
restituir: restituyes restituís restituye; restituyó
retraerse: retraes retraés retrae; retrajo
reubicar: reubicas reubicás reubica; reubicó
rezagarse: rezagas rezagás rezaga; rezagó
seducir: seduces seducís seduce; sedujo
sintonizar: sintonizas sintonizás sintoniza; sintonizó
sobreponerse: sobrepones sobreponés sobrepone; sobrepuso
sofocar: sofocas sofocás sofoca; sofocó
subdividir: subdivides subdividís subdivide; subdividió
superponer: superpones superponés superpone; superpuso
surfear: surfeas surfeás surfea; surfeó
sustraer: sustraes sustraés sustrae; sustrajo
teclear: tecleas tecleás teclea; tecleó
tonificar: tonificas tonificás tonifica; tonificó
trancar: trancas trancás tranca; trancó
transgredir: transgredes transgredís transgrede; transgredió
transigir: transiges transigís transige; transigió
trepar: trepas trepás trepa; trepó
tutear: tuteas tuteás tutea; tuteó
urdir: urdes urdís urde; urdió
"""

# verbo: imperativo de tú, vos, usted
IMPERATIVO = """
abanicarse: abanícate abanicate abaníquese
aborrecer: aborrece aborrecé aborrezca
acampar: acampa acampá acampe
acentuar: acentúa acentuá acentúe
acoger: acoge acogé acoja
acometer: acomete acometé acometa
acurrucarse: acurrúcate acurrucate acurrúquese
adherirse: adhiérete adherite adhiérase
aducir: aduce aducí aduzca
alisar: alisa alisá alise
aliñar: aliña aliñá aliñe
ansiar: ansía ansiá ansíe
arremeter: arremete arremeté arremeta
arriesgar: arriesga arriesgá arriesgue
arroparse: arrópate arropate arrópese
asentir: asiente asentí asienta
atenerse: atente atenete aténgase
atornillar: atornilla atornillá atornille
averiar: avería averiá averíe
bucear: bucea buceá bucee
ceñirse: cíñete ceñite cíñase
chatear: chatea chateá chatee
columpiarse: colúmpiate columpiate colúmpiese
conmover: conmueve conmové conmueva
contraer: contrae contraé contraiga
contraponer: contrapón contraponé contraponga
curiosear: curiosea curioseá curiosee
deambular: deambula deambulá deambule
demoler: demuele demolé demuela
desafiar: desafía desafiá desafíe
desaprobar: desaprueba desaprobá desapruebe
desbloquear: desbloquea desbloqueá desbloquee
desinfectar: desinfecta desinfectá desinfecte
desistir: desiste desistí desista
desoír: desoye desoí desoiga
desvelarse: desvélate desvelate desvélese
desvestir: desviste desvestí desvista
desvivirse: desvívete desvivite desvívase
digitalizar: digitaliza digitalizá digitalice
discernir: discierne discerní discierna
disuadir: disuade disuadí disuada
eludir: elude eludí eluda
embalar: embala embalá embale
embeber: embebe embebé embeba
embutir: embute embutí embuta
empapelar: empapela empapelá empapele
encuadernar: encuaderna encuaderná encuaderne
endurecer: endurece endurecé endurezca
enfurecerse: enfurécete enfurecete enfurézcase
engrapar: engrapa engrapá engrape
engullir: engulle engullí engulla
enmudecer: enmudece enmudecé enmudezca
enrojecer: enrojece enrojecé enrojezca
ensamblar: ensambla ensamblá ensamble
ensordecer: ensordece ensordecé ensordezca
enternecer: enternece enternecé enternezca
entristecerse: entristécete entristecete entristézcase
errar: yerra errá yerre
escabullirse: escabúllete escabullite escabúllase
esgrimir: esgrime esgrimí esgrima
espiar: espía espiá espíe
estampar: estampa estampá estampe
formatear: formatea formateá formatee
fotocopiar: fotocopia fotocopiá fotocopie
gemir: gime gemí gima
hidratarse: hidrátate hidratate hidrátese
inducir: induce inducí induzca
inmiscuirse: inmiscúyete inmiscuite inmiscúyase
insinuar: insinúa insinuá insinúe
jactarse: jáctate jactate jáctese
malcriar: malcría malcriá malcríe
maldecir: maldice maldecí maldiga
malvender: malvende malvendé malvenda
maquillar: maquilla maquillá maquille
martillar: martilla martillá martille
masajear: masajea masajeá masajee
monitorear: monitorea monitoreá monitoree
mullir: mulle mullí mulla
nutrir: nutre nutrí nutra
padecer: padece padecé padezca
personalizar: personaliza personalizá personalice
piropear: piropea piropeá piropee
puntuar: puntúa puntuá puntúe
rastrillar: rastrilla rastrillá rastrille
recaer: recae recaé recaiga
recomponer: recompón recomponé recomponga
reconducir: reconduce reconducí reconduzca
recoser: recose recosé recosa
recostarse: recuéstate recostate recuéstese
redefinir: redefine redefiní redefina
redistribuir: redistribuye redistribuí redistribuya
reescribir: reescribe reescribí reescriba
refrescar: refresca refrescá refresque
regatear: regatea regateá regatee
rehusar: rehúsa rehusá rehúse
rejuvenecer: rejuvenece rejuvenecé rejuvenezca
relamerse: relámete relamete relámase
renegar: reniega renegá reniegue
repeler: repele repelé repela
reprobar: reprueba reprobá repruebe
restituir: restituye restituí restituya
retraerse: retráete retraete retráigase
reubicar: reubica reubicá reubique
rezagarse: rezágate rezagate rezáguese
seducir: seduce seducí seduzca
sintonizar: sintoniza sintonizá sintonice
sobreponerse: sobreponte sobreponete sobrepóngase
sofocar: sofoca sofocá sofoque
subdividir: subdivide subdividí subdivida
superponer: superpón superponé superponga
surfear: surfea surfeá surfee
sustraer: sustrae sustraé sustraiga
teclear: teclea tecleá teclee
tonificar: tonifica tonificá tonifique
trancar: tranca trancá tranque
transgredir: transgrede transgredí transgreda
transigir: transige transigí transija
trepar: trepa trepá trepe
tutear: tutea tuteá tutee
urdir: urde urdí urda
"""
