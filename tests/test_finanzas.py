"""Prueba los tres conjuntos de finanzas, su cargador y sus líneas de base."""

import json
import re
from collections import Counter, defaultdict
from itertools import combinations

import pytest
from parecidos import jaccard, parecidos, tejas

from herramientas.datos import contar_finanzas, lineas_base
from taller.conjuntos.cargar import cargar_datos
from taller.conjuntos.finanzas import (
    CAMPOS,
    CASOS,
    DATOS,
    ETIQUETAS,
    PARTICIONES,
    TIPOS,
    construir_finanzas,
)
from taller.conjuntos.respuestas import acierta, normalizar
from taller.errores import ErrorDelTaller

MONEDA = re.compile(
    r"\d.*\b(pesos|dólares|soles|colones|guaraníes|bolivianos|quetzales|UF|UVR)$"
    r"|^(\$|US\$ |S/|Gs\. |Bs |Q|(COP|MXN|CLP|PEN|ARS|USD|CRC|UYU|PYG|BOB|GTQ) )\d"
)
MESES = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre"
).replace(" ", "|")
FECHA = re.compile(
    rf"(\d{{1,2}} de )?({MESES})( de 203\d)?|\d{{1,2}}(?P<s>[/-])\d{{1,2}}(?P=s)203\d"
    r"|(primer|segundo|tercer|cuarto) (trimestre|semestre) de 203\d|203\d"
)


@pytest.fixture(scope="module")
def partes() -> dict[str, dict[str, list[dict]]]:
    return {parte: construir_finanzas(parte) for parte in CAMPOS}


@pytest.fixture(scope="module")
def bases() -> dict:
    return contar_finanzas.medir()


def _filas(particiones: dict[str, list[dict]]) -> list[dict]:
    return [fila for filas in particiones.values() for fila in filas]


def _juntos(particiones: dict[str, list[dict]], clave) -> list[tuple]:
    """Las claves que están en dos particiones."""
    donde = defaultdict(set)
    for particion, filas in particiones.items():
        for fila in filas:
            donde[clave(fila)].add(particion)
    return sorted(valor for valor, sitios in donde.items() if len(sitios) > 1)


def _nombres(fila: dict) -> set[str]:
    """Las empresas y los grupos de deudores de una fila."""
    if "entidad" in fila:
        return {fila["entidad"]}
    return {e["texto"] for e in fila["entidades"] if e["tipo"] == "entidad"}


def _enmascarar(fila: dict) -> str:
    """El texto sin nombres, números ni meses: queda la plantilla."""
    texto = fila["texto"].lower()
    for nombre in _nombres(fila):
        texto = texto.replace(nombre.lower(), "empresa")
    texto = re.sub(rf"\b(203\d|{MESES})\b", "fecha", texto)
    return re.sub(r"\d+(?:[.,/-]\d+)*", "número", texto)


def test_tamanos(partes):
    filas = {parte: _filas(particiones) for parte, particiones in partes.items()}
    assert len(filas["sentimiento"]) >= 500
    assert len(filas["entidades"]) >= 400
    assert len(filas["preguntas"]) >= 300
    assert sum(map(len, filas.values())) >= 1200
    for parte, todas in filas.items():
        for particion, (desde, hasta) in zip(
            PARTICIONES, ((0.6, 0.8), (0.07, 0.15), (0.15, 0.25)), strict=True
        ):
            trozo = len(partes[parte][particion]) / len(todas)
            assert desde <= trozo <= hasta, (parte, particion, trozo)
        paises = Counter(f["pais"] for f in todas)
        assert paises.most_common(1)[0][0] == "CO" and len(paises) >= 8
        assert all(re.fullmatch(r"[A-Z]{2}|regional", pais) for pais in paises)


def test_ninguna_plantilla_da_mas_de_ocho_filas(partes):
    minimos = {"sentimiento": 63, "entidades": 50, "preguntas": 38}
    for parte, particiones in partes.items():
        veces = Counter(f["plantilla"] for f in _filas(particiones))
        assert max(veces.values()) <= 8
        assert len(veces) >= minimos[parte]


def test_plantillas_y_nombres_no_pasan_de_una_particion_a_otra(partes):
    for particiones in partes.values():
        assert _juntos(particiones, lambda f: f["plantilla"]) == []
    assert _juntos(partes["sentimiento"], lambda f: f["familia"]) == []
    # Un asunto de las preguntas, como «uvr», tampoco se reparte.
    asunto = _juntos(partes["preguntas"], lambda f: f["plantilla"].rsplit("-", 1)[0])
    assert asunto == []
    nombres = {
        particion: {
            nombre
            for parte in ("sentimiento", "entidades")
            for fila in partes[parte][particion]
            for nombre in _nombres(fila)
        }
        for particion in PARTICIONES
    }
    # Ni el nombre completo ni su última palabra, que es la inventada.
    inventadas = {p: {n.split()[-1] for n in suyos} for p, suyos in nombres.items()}
    for grupo in (nombres, inventadas):
        for una, otra in combinations(PARTICIONES, 2):
            assert not grupo[una] & grupo[otra]
    assert sum(map(len, nombres.values())) >= 120


def test_sentimiento_equilibrado_y_por_familias(partes):
    for filas in partes["sentimiento"].values():
        veces = Counter(f["etiqueta"] for f in filas)
        assert len({veces[etiqueta] for etiqueta in ETIQUETAS}) == 1
    filas = _filas(partes["sentimiento"])
    assert {f["caso"] for f in filas} == set(CASOS)
    familias = defaultdict(set)
    for fila in filas:
        familias[fila["familia"]].add((fila["plantilla"], fila["etiqueta"]))
        assert (fila["caso"] == "sin_direccion") == (fila["etiqueta"] == "neutro")
        assert fila["entidad"].lower() in fila["texto"].lower()
    for familia, suyas in familias.items():
        assert {etiqueta for _, etiqueta in suyas} == set(ETIQUETAS), familia
        assert len(suyas) == 3, familia


def test_las_palabras_de_movimiento_estan_en_las_tres_etiquetas(partes):
    """Ninguna palabra de alza o de baja delata por sí sola la etiqueta."""
    textos = defaultdict(str)
    for fila in _filas(partes["sentimiento"]):
        textos[fila["etiqueta"]] += " " + fila["texto"].lower()
    for palabras in (
        "suben?|subió|subir",
        "bajan?",
        "caen?|cayó|caer|caída",
        "alza",
        "deuda",
        "mora",
        "pérdidas?|pierden?",
        "ganan?|ganó|ganancias?",
        "más",
        "menos",
        "no",
    ):
        for etiqueta in ETIQUETAS:
            veces = len(re.findall(rf"\b(?:{palabras})\b", textos[etiqueta]))
            assert veces >= 3, (palabras, etiqueta)


def test_cada_entidad_esta_donde_dice_y_tiene_su_forma(partes):
    for fila in _filas(partes["entidades"]):
        for e in fila["entidades"]:
            trozo, texto = e["texto"], fila["texto"]
            assert texto[e["inicio"] : e["fin"]] == trozo
            # No corta palabras ni cifras.
            assert not re.match(r"\w", texto[e["fin"] : e["fin"] + 1]), fila["id"]
            assert not re.search(r"\w$", texto[: e["inicio"]]), fila["id"]
            if e["tipo"] == "monto":
                assert MONEDA.search(trozo), trozo
            elif e["tipo"] == "fecha":
                assert FECHA.fullmatch(trozo), trozo
            elif e["tipo"] == "entidad":
                assert trozo[0].isupper() and len(trozo.split()) >= 2, trozo
    tipos = Counter(e["tipo"] for f in partes["entidades"]["prueba"] for e in _e(f))
    assert set(tipos) == set(TIPOS) and min(tipos.values()) >= 20


def _e(fila: dict) -> list[dict]:
    return fila["entidades"]


def test_no_queda_ningun_monto_ni_fecha_sin_marcar(partes):
    dinero = "pesos|dólares|soles|colones|guaraníes|bolivianos|quetzales|USD|COP|MXN"
    suelto = re.compile(rf"\b({dinero}|\d+ de ({MESES})|({MESES}) de 203\d|203\d)\b")
    for fila in _filas(partes["entidades"]):
        texto = fila["texto"]
        for e in reversed(fila["entidades"]):
            texto = texto[: e["inicio"]] + "…" + texto[e["fin"] :]
        assert not suelto.search(texto), fila["texto"]


def test_no_hay_filas_repetidas_ni_casi_iguales_entre_particiones(partes):
    for parte, particiones in partes.items():
        campo = "pregunta" if parte == "preguntas" else "texto"
        textos = [f[campo].casefold() for f in _filas(particiones)]
        assert len(textos) == len(set(textos)), parte
    for parte in ("sentimiento", "entidades"):
        filas = {f["id"]: f for f in _filas(partes[parte])}
        textos = {clave: _enmascarar(fila) for clave, fila in filas.items()}
        cruzados = [
            (textos[uno], textos[otro])
            for uno, otro, _ in parecidos(textos, 0.5)
            if filas[uno]["particion"] != filas[otro]["particion"]
        ]
        assert not cruzados, cruzados[:5]
    # La medida sí ve una plantilla repetida con otro nombre y otra cifra.
    una = {"texto": "Aceros Xi gana 3,5 % en mayo de 2031.", "entidad": "Aceros Xi"}
    otra = {
        "texto": "Dulces Zeta gana 12 % en abril de 2034.",
        "entidad": "Dulces Zeta",
    }
    assert jaccard(tejas(_enmascarar(una)), tejas(_enmascarar(otra))) == 1


def test_los_textos_son_cortos_y_estan_bien_escritos(partes):
    for parte, particiones in partes.items():
        for fila in _filas(particiones):
            texto = fila["pregunta" if parte == "preguntas" else "texto"]
            assert 4 <= len(texto.split()) <= 45, texto
            assert texto[-1] in ".?…", texto
            assert not re.search(r"\b(de|a) el [a-zA-Z]", texto), texto
            assert not re.search(r"\d%", texto), texto
            if parte != "preguntas":
                assert re.fullmatch(r"[\w ,.:;¿?«»%$/()-]+", texto), texto
                assert re.match(r"[¿«]?[A-ZÁÉÍÓÚ]", texto), texto
                assert not re.search(r"[.?] [a-záéíóú]", texto.replace("Gs. ", ""))


def test_la_bolsa_de_palabras_no_basta(bases):
    sentimiento = bases["sentimiento"]
    assert sentimiento["tfidf"]["proporcion"] <= 0.9
    assert sentimiento["tfidf"]["f1_macro"] <= 0.9
    assert sentimiento["mayoritaria"]["proporcion"] == pytest.approx(1 / 3, abs=0.001)
    assert bases["preguntas"]["copiar_la_mas_parecida"]["proporcion"] <= 0.3
    assert bases["entidades"]["memoria"]["todas"]["f1"] <= 0.9


def test_ninguna_muletilla_delata_a_las_neutras(bases):
    sentimiento = bases["sentimiento"]
    assert 4 <= len(sentimiento["regla_de_neutras"]["palabras"]) <= 8
    assert sentimiento["regla_de_neutras"]["halladas"]["proporcion"] <= 0.6


def test_la_regla_de_neutras_aprende_la_palabra_que_mas_delata():
    filas = [
        {"texto": f"Todo sigue igual en {x}.", "etiqueta": "neutro"} for x in "abc"
    ]
    filas += [{"texto": f"Sube la deuda en {x}.", "etiqueta": "negativo"} for x in "ab"]
    regla = lineas_base.palabras_de_neutra(filas, tope=1)
    assert regla in (["todo"], ["sigue"], ["igual"])
    assert lineas_base.neutra("Igual que ayer, todo sigue.", regla)
    assert not lineas_base.neutra("Sube la mora.", regla)


def test_las_tres_preguntas_malas_se_corrigieron(partes):
    filas = {f["id"]: f for f in _filas(partes["preguntas"])}
    assert "preg-0545" not in filas
    assert filas["preg-0267"]["respuesta"] == "7 %"
    assert "latinoamericanos" in filas["preg-0537"]["pregunta"]


def test_cada_pregunta_dice_su_respaldo_y_sus_fechas(partes):
    filas = _filas(partes["preguntas"])
    cuenta = Counter(f["respaldo"] for f in filas)
    assert cuenta["norma"] + cuenta["oficial"] > cuenta["debil"]
    assert cuenta["debil"] <= 0.25 * len(filas)
    assert sum(f["consultado"] is not None for f in filas) >= 50
    assert sum(f["vigente_hasta"] is not None for f in filas) >= 25
    for fila in filas:
        assert fila["respaldo"] != "norma" or not fila["fuente"].startswith("http")
        assert all(acierta(nombre, fila) for nombre in fila["alias"])
        assert acierta(fila["respuesta"].upper() + ".", fila)


@pytest.mark.parametrize(
    ("formas", "distinta"),
    [
        (["4 millones", "4.000.000", "cuatro millones", "4000000"], "4.000"),
        (["4 millones de pesos", "4.000.000 de pesos"], "4 millones de dólares"),
        (["3,5 %", "3.5 por ciento", "3,50 %"], "3,5"),
        (["siete", "7", "Siete."], "17"),
        (["treinta y ocho", "38"], "30 y 8"),
        (["2 por mil", "dos por mil"], "2 por ciento"),
        (["un peso", "1 peso", "Un  PESO"], "dos pesos"),
        (["ciento veinte mil", "120.000", "120 mil"], "120"),
        (["la mediana", "Mediana", "mediána"], "media"),
        (["$ 3.277,14", "3277,14"], "3.277"),
        (["10 000 vueltas", "10.000 vueltas", "10\u202f000 vueltas"], "10 vueltas"),
        (["10\u00a0000 millones de pesos", "10.000 millones de pesos"], "10 millones"),
        (["$ 1 250 000,50", "1.250.000,5"], "1 250"),
        (["el 1/4 100 veces", "1/4 100 veces"], "1/4100 veces"),
        (["en 2024 300 pesos", "En 2024, 300 pesos"], "2024300 pesos"),
    ],
)
def test_cifras_y_letras_dicen_lo_mismo(formas, distinta):
    assert len({normalizar(f) for f in formas}) == 1, [normalizar(f) for f in formas]
    assert normalizar(distinta) != normalizar(formas[0])
    fila = {"respuesta": formas[0], "alias": []}
    assert all(acierta(forma, fila) for forma in formas)
    assert not acierta(distinta, fila) and not acierta("", fila)


@pytest.mark.parametrize(
    "dicha", ["12.05.2024", "1.2.3", "192.168.0.1", "1,5.3", "1" * 29, "7" * 5000]
)
def test_una_cifra_que_no_es_un_numero_no_acierta_ni_detiene(dicha):
    assert normalizar(f"Rige desde el {dicha}.") == f"rige desde el {dicha}"
    assert normalizar(f"{dicha} millones") == f"{dicha} 1000000"
    assert not acierta(dicha, {"respuesta": "12"})
    assert acierta(dicha, {"respuesta": dicha})


def test_los_otros_nombres_tambien_aciertan(partes):
    filas = {f["id"]: f for f in _filas(partes["preguntas"])}
    for clave, dicha in {
        "preg-0641": "liquidez corriente",
        "preg-0122": "el 305",
        "preg-0016": "16",
        "preg-0064": "7",
        "preg-0235": "4 años",
        "preg-0361": "400 mil UDI",
    }.items():
        assert acierta(dicha, filas[clave]), clave
    # Cuando se pide el nombre entero, la sigla no vale.
    assert not acierta("UVR", filas["preg-0005"])


def test_el_f1_de_entidades_cuenta_solo_las_enteras():
    verdad = [{(0, 5, "entidad"), (9, 12, "monto")}]
    assert lineas_base.f1_entidades(verdad, verdad)["todas"] == {"n": 2, "f1": 1.0}
    dichas = [{(0, 5, "entidad"), (9, 11, "monto")}]
    medida = lineas_base.f1_entidades(verdad, dichas)
    assert medida["entidad"]["f1"] == 1 and medida["monto"]["f1"] == 0
    assert medida["todas"]["f1"] == 0.5


@pytest.mark.parametrize("parte", CAMPOS)
def test_se_carga_con_la_funcion_del_taller(parte):
    partes = {parte: construir_finanzas(parte)}
    datos = cargar_datos(f"finanzas_{parte}")
    assert list(datos) == list(PARTICIONES)
    assert datos["prueba"].column_names == list(CAMPOS[parte])
    assert datos["prueba"].to_list() == partes[parte]["prueba"]


@pytest.mark.parametrize(
    ("parte", "cambio", "mensaje"),
    [
        ("sentimiento", {"etiqueta": "bueno"}, "«bueno» no es un valor de «etiqueta»"),
        ("sentimiento", {"texto": " "}, "«texto» debe ser un texto"),
        ("sentimiento", {"texto": "Cae la o\u0301rbita."}, "no está en NFC"),
        ("sentimiento", {"particion": "train"}, "«train» no es un valor"),
        ("sentimiento", {"nota": "x"}, "sobra el campo «nota»"),
        ("preguntas", {"respuesta": ""}, "«respuesta» debe ser un texto"),
        ("preguntas", {"alias": "IPC"}, "debe ser una lista"),
        ("preguntas", {"alias": ["IPC", " "]}, "«alias»"),
        ("preguntas", {"respuesta": "siete", "alias": ["7"]}, "repite la respuesta"),
        ("preguntas", {"consultado": "ayer"}, "«consultado» debe ser una fecha"),
        ("preguntas", {"vigente_hasta": "2024-13-01"}, "«vigente_hasta» debe ser una"),
        ("preguntas", {"respaldo": "bueno"}, "«bueno» no es un valor de «respaldo»"),
        ("preguntas", {"id": "repetido"}, "el id «repetido» ya está en otra línea"),
        ("entidades", {"entidades": []}, "lista con una entidad o más"),
        ("entidades", {"entidades": [{"texto": "x"}]}, "texto, tipo, inicio y fin"),
        ("entidades", ("tipo", "lugar"), "«lugar» no es un tipo"),
        ("entidades", ("inicio", "0"), "deben ser números enteros"),
        ("entidades", ("fin", 999), "se sale del texto"),
        ("entidades", ("texto", "otra"), "el texto dice «.+» y no «otra»"),
    ],
)
def test_una_linea_danada_se_nombra(tmp_path, parte, cambio, mensaje):
    lineas = (DATOS / f"{parte}.jsonl").read_text(encoding="utf-8").splitlines()[:3]
    filas = [json.loads(linea) for linea in lineas]
    if isinstance(cambio, tuple):
        filas[2]["entidades"][0][cambio[0]] = cambio[1]
    else:
        filas[2] |= cambio
    if "id" in cambio:
        filas[1] |= cambio
    ruta = tmp_path / f"{parte}.jsonl"
    texto = "\n".join(json.dumps(f, ensure_ascii=False) for f in filas)
    ruta.write_text(texto, encoding="utf-8")
    with pytest.raises(ErrorDelTaller, match=rf"{parte}\.jsonl, línea 3: .*{mensaje}"):
        construir_finanzas(parte, tmp_path)


def test_pide_una_parte_que_existe():
    with pytest.raises(ErrorDelTaller, match="No existe la parte «noticias»"):
        construir_finanzas("noticias")


def test_la_ficha_y_sus_cifras_estan_al_dia(bases):
    programa = contar_finanzas
    aviso = "Corre: python -m herramientas.datos.contar_finanzas"
    guardado = json.loads(programa.CIFRAS.read_text(encoding="utf-8"))
    assert guardado["cifras"] == programa.contar(), aviso
    # Otra versión de scikit-learn puede mover una fila o dos.
    for base in ("mayoritaria", "tfidf"):
        nueva = bases["sentimiento"][base]["proporcion"]
        vieja = guardado["bases"]["sentimiento"][base]["proporcion"]
        assert nueva == pytest.approx(vieja, abs=0.02), aviso
    ficha = programa.FICHA.read_text(encoding="utf-8")
    for nombre, tabla in programa.tablas(**guardado).items():
        assert tabla in ficha, f"{nombre}. {aviso}"
