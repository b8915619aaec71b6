"""Prueba que `conjugar` acierta en toda la lengua y no inventa lo que no sabe."""

import json
import shutil
import unicodedata
from pathlib import Path

import formas_a_mano
import pytest

from herramientas.datos import contrastar_formas
from taller.conjuntos.verbos_y_marcos import leer_verbos
from taller.errores import ErrorDelTaller
from taller.recursos import DATOS
from taller.verbos import tablas
from taller.verbos.conjugacion import PERSONAS, TIEMPOS, conjugar, formas
from taller.verbos.raices import clase, es_conocido

GRUPOS = json.loads(contrastar_formas.VEREDICTOS.read_text(encoding="utf-8"))


def _dificiles() -> list[tuple[str, str, str, str]]:
    """Despliega la tabla hecha a mano: (verbo, persona, tiempo, forma)."""
    tratos = ("tú", "vos", "usted", "vosotros")
    lugares = [(p, "presente") for p in tratos] + [(p, "imperativo") for p in tratos]
    lugares += [("usted", "pretérito"), ("ustedes", "pretérito")]
    lugares += [("vosotros", "subjuntivo")]
    filas = []
    for entrada in formas_a_mano.DIFICILES.strip().replace("\n  ", " ").splitlines():
        verbo, dichas = entrada.split(": ")
        for (persona, tiempo), forma in zip(lugares, dichas.split(), strict=True):
            filas.append((verbo, persona, tiempo, forma))
    return filas


def test_acierta_en_los_verbos_dificiles():
    filas = _dificiles()
    assert len(filas) >= 1300
    distintas = [
        f"{verbo} ({persona}, {tiempo}): regla «{sale}», tabla «{forma}»"
        for verbo, persona, tiempo, forma in filas
        if (sale := conjugar(verbo, persona, tiempo)) != forma
    ]
    assert not distintas, "\n".join(distintas)


def test_siguen_bien_las_que_ya_lo_estaban():
    buenas = {
        ("rehacer", "usted", "pretérito"): "rehízo",
        ("freír", "vosotros", "subjuntivo"): "friais",
        ("averiguar", "vosotros", "subjuntivo"): "averigüéis",
        ("zambullir", "usted", "pretérito"): "zambulló",
        ("huir", "vosotros", "presente"): "huis",
        ("huir", "vos", "presente"): "huis",
        ("mecer", "usted", "subjuntivo"): "meza",
        ("predecir", "tú", "imperativo"): "predice",
        ("agrandar", "usted", "pretérito"): "agrandó",
        ("arrestar", "usted", "presente"): "arresta",
    }
    assert {caso: conjugar(*caso) for caso in buenas} == buenas


def test_da_todas_las_formas_que_admite_la_norma():
    for linea in formas_a_mano.DOS_FORMAS.strip().splitlines():
        caso, dichas = linea.split(": ")
        assert formas(*caso.split(maxsplit=2)) == tuple(dichas.split()), linea
        assert conjugar(*caso.split(maxsplit=2)) == dichas.split()[0]
    assert formas("erguirse", "tú", "imperativo") == ("yérguete", "írguete")
    assert formas("adecuarse", "usted") == ("se adecua", "se adecúa")


# --- Lo que no conoce ---------------------------------------------------------------


@pytest.mark.parametrize("verbo", ["xyzar", "mar", "cer", "tokenisar", "recojer"])
def test_un_verbo_desconocido_no_se_conjuga_en_silencio(verbo):
    with pytest.raises(ErrorDelTaller, match=f"No conozco el verbo «{verbo}»"):
        conjugar(verbo, "vos")


def test_el_desconocido_que_es_regular_se_puede_pedir():
    assert conjugar("plofar", "vos", regular=True) == "plofás"
    assert conjugar("plofarse", "usted", "imperativo", regular=True) == "plófese"
    assert conjugar("plofuar", "tú", regular=True) == "plofúas"
    assert conjugar("plofecer", "usted", "subjuntivo", regular=True) == "plofezca"
    # en un verbo conocido no cambia nada: tener sigue siendo irregular
    assert conjugar("tener", "tú", regular=True) == "tienes"
    with pytest.raises(ErrorDelTaller, match="su raíz no tiene vocal"):
        conjugar("xyzar", "tú", regular=True)
    with pytest.raises(ErrorDelTaller, match="lleva tilde en la raíz"):
        conjugar("plófar", "tú", regular=True)


@pytest.mark.parametrize(
    ("escrito", "pista"),
    [("recojer", "recoger"), ("acer", "hacer"), ("conduzir", "conducir")],
)
def test_el_error_dice_a_cual_se_parece(escrito, pista):
    with pytest.raises(ErrorDelTaller, match=f"¿Es «{pista}»?"):
        conjugar(escrito, "tú")


def test_un_prefijo_vivo_no_hace_desconocido_al_verbo():
    nuevos = {"autoconvencer": "convence", "reprobar": "prueba", "predefinir": "define"}
    nuevos |= {"recontar": "cuenta", "sobrepoblar": "puebla", "desoler": "huele"}
    for verbo, final in nuevos.items():
        assert es_conocido(verbo)
        assert conjugar(verbo, "usted").endswith(final), verbo
    assert conjugar("autorreprobar", "usted") == "autorreprueba"
    # ser, ir, haber, estar y dar no forman verbos así: «reser» no existe
    for verbo in ("reser", "desir", "prehaber", "sobrestar"):
        assert not es_conocido(verbo), verbo


def test_el_curso_conoce_todos_sus_verbos():
    verbos = {fila["verbo"].removesuffix("se") for fila in leer_verbos()}
    assert verbos <= tablas.leer_infinitivos()
    assert len(tablas.leer_infinitivos()) > 9000


@pytest.mark.lento
def test_ningun_verbo_conocido_falla():
    """Todas las formas de la lista salen, o dicen en una frase que no se usan."""
    datos = tablas.leer_tablas()
    defectivos = " ".join(datos["defectivos"].values()).split() + ["haber"]
    for verbo in sorted(tablas.leer_infinitivos()):
        for persona in PERSONAS:
            for tiempo in TIEMPOS:
                try:
                    salen = formas(verbo, persona, tiempo)
                except ErrorDelTaller:
                    assert verbo in defectivos, verbo
                else:
                    assert all(f.isalpha() and f == f.lower() for f in salen), salen
    assert set(defectivos) <= tablas.leer_infinitivos()


def test_las_tablas_solo_nombran_verbos_de_la_lista():
    datos, lista = tablas.leer_tablas(), tablas.leer_infinitivos()
    nombrados = [*datos["únicos"], *datos["sin herencia"]["verbos"].split()]
    grupos = [datos["cambios"], *datos["alternan"].values()]
    for grupo in grupos:
        nombrados += " ".join(grupo.values()).split()
    assert not sorted(set(nombrados) - lista)


# --- Lo que no se usa ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("verbo", "persona", "tiempo", "razon"),
    [
        ("soler", "tú", "imperativo", "no se usa en imperativo"),
        ("soler", "usted", "futuro", "no se usa en futuro"),
        ("atañer", "tú", "presente", "solo se usa en tercera persona"),
        ("concernir", "usted", "imperativo", "solo se usa en tercera persona"),
        ("acaecer", "vos", "pretérito", "solo se usa en tercera persona"),
        ("llover", "tú", "presente", "es impersonal"),
        ("nevar", "vosotros", "imperativo", "es impersonal"),
        ("aterir", "usted", "presente", "desinencia empieza por i"),
        ("balbucir", "usted", "subjuntivo", "balbucear"),
        ("haber", "vos", "imperativo", "no tiene imperativo"),
    ],
)
def test_lo_que_no_se_usa_se_dice(verbo, persona, tiempo, razon):
    with pytest.raises(ErrorDelTaller, match=razon):
        conjugar(verbo, persona, tiempo)


def test_lo_que_si_se_usa_de_un_defectivo_sale():
    assert conjugar("soler", "vos") == "solés"
    assert conjugar("soler", "usted", "subjuntivo") == "suela"
    assert conjugar("atañer", "usted", "pretérito") == "atañó"
    assert conjugar("concernir", "usted") == "concierne"
    assert conjugar("llover", "usted", "futuro") == "lloverá"
    assert conjugar("aterir", "usted", "pretérito") == "aterió"
    assert conjugar("balbucir", "tú") == "balbuces"
    assert conjugar("abolir", "usted") == "abole"  # hoy se usa entero


# --- Cómo se pide -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("escrito", "forma"),
    [
        ("Tener", "tienes"),
        ("CANTAR", "cantas"),
        (" cantar ", "cantas"),
        ("Ser", "eres"),
        ("Oír", "oyes"),
        ("oir", "oyes"),
        ("reir", "ríes"),
        ("freir", "fríes"),
        ("sonreir", "sonríes"),
        ("huír", "huyes"),
        ("arguir", "arguyes"),
        ("Sentarse", "te sientas"),
        ("reirse", "te ríes"),
        (unicodedata.normalize("NFD", "oír"), "oyes"),
        (unicodedata.normalize("NFD", "SOÑAR"), "sueñas"),
    ],
)
def test_entiende_el_verbo_como_se_escriba(escrito, forma):
    assert conjugar(escrito, "tú") == forma


def test_entiende_la_persona_y_el_tiempo_como_se_escriban():
    for persona in ("TÚ", "tu", " tú ", unicodedata.normalize("NFD", "tú")):
        assert conjugar("cantar", persona) == "cantas"
    for tiempo in ("Pretérito", "preterito", unicodedata.normalize("NFD", "pretérito")):
        assert conjugar("cantar", "tú", tiempo) == "cantaste"
    assert conjugar("cantar", "tú", "Imperativo  Negativo") == "cantes"
    assert conjugar("dar", "tú", "imperativo", "Me lo") == "dámelo"


@pytest.mark.parametrize(
    ("argumentos", "mensaje"),
    [
        (("", "tú"), "no es un infinitivo"),
        (("ar", "tú"), "«ar» no es un infinitivo"),
        (("mesa", "tú"), "«mesa» no es un infinitivo"),
        (("se", "tú"), "no es un infinitivo"),
        (("dar la lata", "tú"), "no es un infinitivo"),
        (("ir a comer", "tú"), "Escribe un solo infinitivo"),
        (("can7ar", "tú"), "Escribe un solo infinitivo"),
        ((None, "tú"), "«verbo» debe ser un texto, y llegó None"),
        ((3, "tú"), "«verbo» debe ser un texto"),
        ((["cantar"], "tú"), "«verbo» debe ser un texto"),
        (("cantar", None), "«persona» debe ser un texto"),
        (("cantar", "tú", 2), "«tiempo» debe ser un texto"),
        (("cantar", "tú", "imperativo", None), "«enclitico» debe ser un texto"),
        (("cantar", "él"), "No conozco la persona «él»"),
        (("cantar", ""), "No conozco la persona «»"),
        (("cantar", "tú", "ayer"), "No conozco el tiempo «ayer»"),
    ],
)
def test_lo_que_no_entiende_lo_dice_en_una_frase(argumentos, mensaje):
    with pytest.raises(ErrorDelTaller, match=mensaje) as error:
        conjugar(*argumentos)
    assert "\n" not in str(error.value)


# --- Enclíticos ---------------------------------------------------------------------


def test_los_encliticos_que_existen_se_pegan():
    pegados = {
        ("decir", "vos", "melo"): "decímelo",
        ("decir", "tú", "selo"): "díselo",
        ("dar", "usted", "selo"): "déselo",
        ("dar", "ustedes", "nosla"): "dénnosla",
        ("probarse", "vosotros", "lo"): "probáoslo",
        ("probar", "vosotros", "oslo"): "probáoslo",
        ("irse", "vosotros", ""): "idos",
        ("ponerse", "tú", "lo"): "póntelo",
        ("ponerse", "ustedes", "la"): "pónganselo".removesuffix("o") + "a",
        ("sentar", "usted", "se"): "siéntese",
        ("acercarse", "usted", "le"): "acérquesele",
        ("abstenerse", "tú", ""): "abstente",
        ("componer", "tú", "la"): "componla",
        ("reírse", "vosotros", ""): "reíos",
        ("erguirse", "vos", ""): "erguite",
    }
    for (verbo, persona, grupo), forma in pegados.items():
        assert conjugar(verbo, persona, "imperativo", grupo) == forma


@pytest.mark.parametrize(
    ("verbo", "persona", "grupo", "mensaje"),
    [
        ("decir", "tú", "xyz", "«xyz» no es un grupo de pronombres"),
        ("decir", "tú", "lome", "«lome» no es un grupo de pronombres"),
        ("decir", "tú", "lelo", "«lelo» no es un grupo de pronombres"),
        ("decir", "tú", "lolo", "«lolo» no es un grupo de pronombres"),
        ("decir", "usted", "te", "«te» no va con el imperativo de usted"),
        ("decir", "tú", "os", "«os» no va con el imperativo de tú"),
        ("decir", "tú", "se", "«se» solo va ante lo, la, los o las"),
        ("decir", "vos", "seme", "«se» solo va ante lo, la, los o las"),
        ("sentarse", "tú", "te", "«tete» no es un grupo de pronombres"),
        ("ponerse", "usted", "selo", "«seselo» no es un grupo de pronombres"),
        ("ponerse", "tú", "selo", "«teselo» no es un grupo de pronombres"),
        ("salir", "tú", "le", "«sal» \\+ «le» no se puede escribir"),
    ],
)
def test_los_encliticos_imposibles_se_explican(verbo, persona, grupo, mensaje):
    with pytest.raises(ErrorDelTaller, match=mensaje):
        conjugar(verbo, persona, "imperativo", grupo)


# --- Los datos y el contraste -------------------------------------------------------


@pytest.mark.parametrize(
    ("contenido", "mensaje"),
    [
        ('{"infinitivos": {}}', "debe dar, de cada comienzo"),
        ('{"infinitivos": {"ca": "cantar casa"}}', "«casa» no es un infinitivo"),
        ('{"infinitivos": {"ca": "dar"}}', "«dar» no es un infinitivo"),
        ('{"infinitivos": ["cantar"]}', "debe dar, de cada comienzo"),
        ('{"infinitivos": {"ca": 3}}', "debe dar, de cada comienzo"),
        ("{", "no es JSON"),
    ],
)
def test_una_lista_de_infinitivos_danada_se_nombra(tmp_path, contenido, mensaje):
    ruta = tmp_path / "infinitivos.json"
    ruta.write_text(contenido, encoding="utf-8")
    with pytest.raises(ErrorDelTaller, match=f"{ruta.name}.*{mensaje}"):
        tablas.leer_infinitivos(ruta)


@pytest.mark.parametrize(
    "tabla", ["prefijos", "alternan", "sin herencia", "defectivos"]
)
def test_una_tabla_danada_se_nombra(tmp_path, tabla):
    ruta = tmp_path / "irregulares.json"
    shutil.copy(DATOS / "irregulares.json", ruta)
    datos = tablas.leer_tablas(ruta)
    for clave in datos[tabla]:
        for malo in (None, "", [], 3, {"e>i": 3}):
            peor = datos | {tabla: datos[tabla] | {clave: malo}}
            ruta.write_text(json.dumps(peor), encoding="utf-8")
            with pytest.raises(ErrorDelTaller, match=f"«{tabla}» debe"):
                tablas.leer_tablas(ruta)


def test_las_listas_no_repiten_ni_se_contradicen():
    datos = tablas.leer_tablas()
    listas = [*datos["cambios"].values(), datos["sin herencia"]["verbos"]]
    listas += [lista for g in datos["alternan"].values() for lista in g.values()]
    verbos = " ".join(listas).split() + list(datos["únicos"])
    assert sorted(set(verbos)) == sorted(verbos)


def test_cada_desacuerdo_con_otro_conjugador_sigue_resuelto():
    """Lo que dice hoy el nuestro es lo que el veredicto da por nuestro."""
    distintas = []
    for grupo in GRUPOS:
        assert grupo["veredicto"] in ("nuestra", "ambas"), grupo["patrón"]
        assert grupo["regla"].endswith("."), grupo["patrón"]
        for verbo, casos in grupo["formas"].items():
            for lugar, falla in casos.items():
                persona, _, tiempo = lugar.partition(" ")
                hoy = contrastar_formas.nuestras(verbo, persona, tiempo)
                dicho, _, _ = falla.partition(" ≠ ")
                if (" ".join(hoy) or contrastar_formas.NINGUNA) != dicho:
                    distintas.append(f"{verbo}, {lugar}: «{hoy}», veredicto «{dicho}»")
    assert not distintas, "\n".join(distintas[:20])


def test_la_cuenta_publicada_sale_de_los_veredictos():
    informe = json.loads(contrastar_formas.RESULTADO.read_text(encoding="utf-8"))
    for paquete in informe["paquetes"]:
        grupos = {g["patrón"]: g for g in GRUPOS if g["paquete"] == paquete["paquete"]}
        assert paquete["sin_veredicto"] == 0
        assert paquete["verbos"] >= 3000
        assert {p["patrón"] for p in paquete["patrones"]} == set(grupos)
        for patron in paquete["patrones"]:
            casos = grupos[patron["patrón"]]["formas"].values()
            assert patron["formas"] == sum(map(len, casos)), patron["patrón"]
    assert Path(informe["programa"]).name == Path(contrastar_formas.__file__).name


def test_la_clase_de_un_verbo_nuevo_es_la_de_su_familia():
    clases = {
        "espiar": "cambio ortográfico",
        "puntuar": "cambio ortográfico",
        "reprobar": "cambio de raíz",
        "discernir": "cambio de raíz",
        "rehacer": "irregular",
        "rehuir": "cambio de raíz",
        "aducir": "cambio de raíz",
        "tuitear": "regular-ar",
        "remecer": "cambio ortográfico",
    }
    assert {verbo: clase(verbo) for verbo in clases} == clases
