"""Revisa todos los archivos de datos, línea por línea.

Cada falla dice archivo y línea, para que quien escribió el dato lo encuentre.
"""

import json
import os
import random
import re
import shutil
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from datasets import Dataset
from parecidos import parecidos

from taller.conjuntos import suciedad
from taller.conjuntos.cargar import cargar_datos
from taller.conjuntos.corpus import DATOS, construir_registros, leer_corpus_co
from taller.conjuntos.finanzas import construir_finanzas
from taller.conjuntos.jsonl import leer_json, leer_jsonl
from taller.conjuntos.libres import construir_libres
from taller.conjuntos.sondas import leer_sondas
from taller.conjuntos.variedades import construir_variedades
from taller.conjuntos.verbos_y_marcos import (
    leer_coletillas,
    leer_marcos,
    leer_verbos,
)
from taller.conjuntos.voces import leer_voces
from taller.errores import ErrorDelTaller
from taller.verbos import raices

JSONL = sorted(DATOS.rglob("*.jsonl"))
TODOS = sorted(a for a in DATOS.rglob("*") if a.suffix in {".jsonl", ".json", ".txt"})

# Lo que se escribe a propósito con suciedad: menús, corazones, números que engañan.
PIEZAS = "suciedad/piezas.json"
SUCIOS = {PIEZAS, "suciedad/baja_calidad.jsonl"}
# Dónde no se exige español, y qué lenguas llevan apóstrofo.
OTRAS_LENGUAS = {"suciedad/otros_idiomas.jsonl", "variedades/portugues.jsonl"}
# Estos campos llevan direcciones de internet o claves, no textos.
DE_SERVICIO = {"id", "fuente", "canario", "plantilla", "marco", "coletilla", "familia"}

PROHIBIDOS = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u009f"  # de control, salvo el salto de línea
    "\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff"  # invisibles
    "\ue000-\uf8ff\ufffd"  # de uso privado, y el de lo que no se pudo leer
    "\"'`´“”‘‛„]"  # comillas que no son las del curso, «»
)
MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf\u0152-\u2122]|â€|ï»¿")
# Un número largo y seguido, o uno con su rótulo: nada así va en un texto limpio.
PERSONALES = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+|\(arroba\)|https?://|www\."
    r"|(?<![\d.,])\+?\d{7,}(?![\d.,]\d)"
    r"|\(?\b\d{3}\)?[ -]\d{3}[ -]\d{2}[ -]?\d{2}\b"
    r"|\b\d{1,2}\.\d{3}\.\d{3}-[\dkK]\b"
    r"|(?i:\b(?:cédula|c\. ?c\.|rut|nit|dni)\b[^.\n]{0,25}\d[\d. ]{5,})"
)
DE_USO = {
    "es": "de la que el en y a los se un por con no una su para lo las del al es le "
    "más pero como ya o porque cuando muy sin sobre me hay todo esta entre nos te "
    "era desde hasta donde si está fue qué yo ni dos también hoy otro mi",
    "en": "the of and to in is that was it for with on as his be at by had not are "
    "but from have this which one you were her all she there would their when if",
    "pt": "que não de do da em o a e um uma os as para com foi ao mais é dos na no nas "
    "ela ele se seu sua você muito quando até isso pela são nos já mas tem por como me "
    "era porque sem só quem depois há à aos pelo minha meu eu lhe nem também onde",
}


def _nombre(ruta: Path) -> str:
    return ruta.relative_to(DATOS).as_posix()


def _cadenas(valor, campo: str = ""):
    """Cada cadena de una fila, con el campo de primer nivel en que está."""
    if isinstance(valor, str):
        yield campo, valor
    elif isinstance(valor, list):
        for parte in valor:
            yield from _cadenas(parte, campo)
    elif isinstance(valor, dict):
        for clave, parte in valor.items():
            yield from _cadenas(parte, campo or clave)


@pytest.fixture(scope="module")
def lineas() -> dict[str, list[tuple[int, dict]]]:
    """Las filas de cada JSONL, con su número de línea."""
    hay = {}
    for ruta in JSONL:
        filas = leer_jsonl(ruta)
        crudas = ruta.read_text(encoding="utf-8").split("\n")
        numeros = [n for n, linea in enumerate(crudas, start=1) if linea.strip()]
        hay[_nombre(ruta)] = list(zip(numeros, filas, strict=True))
    return hay


def _recorrer(lineas, saltar=frozenset()):
    """(dónde, campo, cadena) de todos los JSONL menos los de `saltar`."""
    for nombre, filas in lineas.items():
        if nombre in saltar:
            continue
        for numero, fila in filas:
            for campo, cadena in _cadenas(fila):
                yield f"{nombre}, línea {numero}, «{campo}»", campo, cadena


def _principal(fila: dict) -> str:
    """Lo que hace única a una fila: sus textos, sin ids ni etiquetas."""
    for campos in (("buena", "mala"), ("pregunta",), ("texto",), ("verbo",)):
        if campos[0] in fila:
            return " / ".join(fila[c] for c in campos)
    return json.dumps(fila, ensure_ascii=False, sort_keys=True)


def _ninguna(faltas: list[str]) -> None:
    assert not faltas, "\n".join(faltas[:20])


def test_hay_datos_y_cada_linea_se_lee(lineas):
    assert len(lineas) >= 9
    assert all(filas for filas in lineas.values())


def test_ninguna_linea_en_blanco_ni_clave_repetida():
    faltas = []

    def sin_repetir(pares):
        claves = Counter(clave for clave, _ in pares)
        return {"repetidas": [c for c, n in claves.items() if n > 1], **dict(pares)}

    for ruta in JSONL:
        crudo = ruta.read_bytes()
        if crudo.startswith(b"\xef\xbb\xbf") or b"\r" in crudo:
            faltas.append(f"{_nombre(ruta)}: lleva BOM o saltos de línea de Windows.")
        if not crudo.endswith(b"\n"):
            faltas.append(f"{_nombre(ruta)}: le falta el salto de línea final.")
        for numero, linea in enumerate(crudo.split(b"\n")[:-1], start=1):
            donde = f"{_nombre(ruta)}, línea {numero}"
            if not linea.strip():
                faltas.append(f"{donde}: está en blanco.")
                continue
            fila = json.loads(linea, object_pairs_hook=sin_repetir)
            if fila["repetidas"]:
                faltas.append(f"{donde}: repite la clave {fila['repetidas']}.")
    _ninguna(faltas)


def test_todo_esta_en_utf8_y_en_nfc():
    faltas = []
    for ruta in TODOS:
        for numero, linea in enumerate(ruta.read_bytes().split(b"\n"), start=1):
            donde = f"{_nombre(ruta)}, línea {numero}"
            try:
                texto = linea.decode("utf-8")
            except UnicodeDecodeError as error:
                faltas.append(f"{donde}: {error}")
                continue
            if not unicodedata.is_normalized("NFC", texto):
                faltas.append(f"{donde}: no está en NFC.")
    _ninguna(faltas)


def test_ningun_caracter_prohibido(lineas):
    faltas = []
    for donde, campo, cadena in _recorrer(lineas):
        if campo == "fuente":
            continue
        for hallazgo in PROHIBIDOS.finditer(cadena):
            codigo = f"U+{ord(hallazgo[0]):04X}"
            cerca = cadena[max(0, hallazgo.start() - 15) : hallazgo.end() + 15]
            faltas.append(f"{donde}: {codigo} en «{cerca}»")
        if "’" in cadena and donde.split(",")[0] not in OTRAS_LENGUAS:
            faltas.append(f"{donde}: apóstrofo ’ en «{cadena[:60]}»")
        if MOJIBAKE.search(cadena):
            faltas.append(f"{donde}: parece UTF-8 mal leído: «{cadena[:60]}»")
    _ninguna(faltas)


def test_ningun_espacio_de_sobra(lineas):
    # En francés el espacio antes de los dos puntos no sobra.
    _ninguna(
        [
            f"{donde}: «{cadena[:60]}»"
            for donde, _, cadena in _recorrer(lineas, SUCIOS | OTRAS_LENGUAS)
            if cadena != cadena.strip()
            or re.search(r" {2}| \n|\n | [,.;:](?!\w)", cadena)
        ]
    )


def test_los_signos_se_abren_y_se_cierran(lineas):
    """Cuenta ¿?, ¡! y «»: en un texto limpio van por pares."""
    faltas = []
    saltar = SUCIOS | OTRAS_LENGUAS | {"verbos.jsonl"}
    for donde, campo, cadena in _recorrer(lineas, saltar):
        if campo in DE_SERVICIO:
            continue
        for abre, cierra in ("¿?", "¡!", "«»"):
            if cadena.count(abre) != cadena.count(cierra):
                faltas.append(f"{donde}: {abre} y {cierra} no van por pares.")
    _ninguna(faltas)


def test_ningun_dato_personal_en_los_textos(lineas):
    _ninguna(
        [
            f"{donde}: «{hallazgo[0]}»"
            for donde, campo, cadena in _recorrer(lineas)
            if campo not in DE_SERVICIO
            for hallazgo in PERSONALES.finditer(cadena)
        ]
    )


def _lengua(texto: str) -> str:
    """La lengua con más palabras de uso corriente en el texto."""
    palabras = re.findall(r"\w+", texto.lower())
    cuentas = {
        lengua: sum(p in lista for p in palabras)
        for lengua, lista in ((k, set(v.split())) for k, v in DE_USO.items())
    }
    return max(cuentas, key=cuentas.get)


def test_los_textos_estan_en_espanol(lineas):
    faltas = [
        f"{donde}: no parece español: «{cadena[:60]}»"
        for donde, campo, cadena in _recorrer(lineas, SUCIOS | OTRAS_LENGUAS)
        if campo not in DE_SERVICIO
        and len(cadena.split()) >= 25
        and _lengua(cadena) != "es"
    ]
    _ninguna(faltas)


def test_los_textos_en_otras_lenguas_no_estan_en_espanol(lineas):
    for numero, fila in lineas["suciedad/otros_idiomas.jsonl"]:
        lengua = _lengua(fila["texto"])
        assert lengua != "es" or fila["idioma"] in {"fr", "it"}, f"línea {numero}"
        if fila["idioma"] in DE_USO:
            assert lengua == fila["idioma"], f"otros_idiomas.jsonl, línea {numero}"


def test_ningun_duplicado_exacto_ni_id_repetido(lineas):
    vistos, ids, faltas = {}, {}, []
    for nombre, filas in lineas.items():
        carpeta = nombre.rsplit("/", 1)[0] if "/" in nombre else nombre
        for numero, fila in filas:
            donde = f"{nombre}, línea {numero}"
            texto = " ".join(_principal(fila).casefold().split())
            if (clave := (carpeta, texto)) in vistos:
                faltas.append(f"{donde}: repite el texto de {vistos[clave]}.")
            vistos.setdefault(clave, donde)
            if "id" in fila:
                if fila["id"] in ids:
                    faltas.append(f"{donde}: repite el id de {ids[fila['id']]}.")
                ids.setdefault(fila["id"], donde)
    _ninguna(faltas)


def test_ningun_texto_largo_se_parece_a_otro(lineas):
    """Compara entre sí todos los textos de 40 palabras o más, de todos los archivos."""
    largos = {
        f"{nombre}, línea {numero}": fila["texto"]
        for nombre, filas in lineas.items()
        for numero, fila in filas
        if len(fila.get("texto", "").split()) >= 40
    }
    assert len(largos) >= 200
    _ninguna([f"{a} y {b}: {parte:.2f}" for a, b, parte in parecidos(largos, 0.2)])


def test_ninguna_particion_se_filtra_en_otra(lineas):
    """Entre particiones no hay dos textos cortos casi iguales."""
    faltas = []
    for nombre, filas in lineas.items():
        partes, textos = {}, {}
        for numero, fila in filas:
            if "particion" in fila:
                donde = f"{nombre}, línea {numero}"
                partes[donde] = fila["particion"]
                textos[donde] = _principal(fila)
        for uno, otro, parte in parecidos(textos, 0.6):
            if partes[uno] != partes[otro]:
                faltas.append(f"{uno} y {otro}: {parte:.2f}")
    _ninguna(faltas)


@pytest.mark.parametrize(
    ("patron", "malo"),
    [
        (PROHIBIDOS, "una \u200bpalabra"),
        (PROHIBIDOS, 'la "cita"'),
        (PROHIBIDOS, "fin\u00a0de mes"),
        (PROHIBIDOS, "un\ttabulador"),
        (MOJIBAKE, "el niño".encode().decode("latin-1")),
        (MOJIBAKE, "¿así?".encode().decode("cp1252")),
        (PERSONALES, "escribe a luna@ejemplo.example hoy"),
        (PERSONALES, "llama al 603 000 00 00"),
        (PERSONALES, "al 6030000000."),
        (PERSONALES, "con cédula número 9.900.000.000"),
        (PERSONALES, "RUT 1.000.000-0"),
        (PERSONALES, "entra a www.ejemplo.example"),
    ],
)
def test_cada_patron_encuentra_lo_que_busca(patron, malo):
    assert patron.search(malo)


def test_los_patrones_dejan_pasar_un_texto_bueno():
    bueno = "—¿Qué dice «La Niña»? Pagó 1.250.000 pesos el 6-2-2034: un 12,5 % en 2030…"
    assert not any(p.search(bueno) for p in (PROHIBIDOS, MOJIBAKE, PERSONALES))


def test_el_buscador_de_parecidos_encuentra_lo_que_debe():
    texto = "la vecina del tercero regó las matas del patio antes de salir a trabajar"
    otro = texto.replace("patio", "corredor")
    textos = {"a": texto, "b": otro, "c": "nada que ver con los demás textos de aquí"}
    assert [(x, y) for x, y, _ in parecidos(textos, 0.5)] == [("a", "b")]
    assert parecidos(textos, 0.9) == []


def test_cargar_datos_dice_que_conjuntos_hay():
    with pytest.raises(ErrorDelTaller, match="corpus_co_sucio"):
        cargar_datos("corpus_de_nadie")


# --- Un archivo dañado --------------------------------------------------------------

# Cómo lee el curso cada archivo: la función recibe la carpeta que lo guarda.
LECTORES = {
    "coletillas.jsonl": lambda c: leer_coletillas(c / "coletillas.jsonl"),
    "corpus_co.jsonl": lambda c: leer_corpus_co(c / "corpus_co.jsonl"),
    "finanzas/entidades.jsonl": lambda c: construir_finanzas("entidades", c),
    "finanzas/preguntas.jsonl": lambda c: construir_finanzas("preguntas", c),
    "finanzas/sentimiento.jsonl": lambda c: construir_finanzas("sentimiento", c),
    "corpus_co_voces.jsonl": lambda c: leer_voces(c / "corpus_co_voces.jsonl"),
    "libres.jsonl": lambda c: construir_libres(c / "libres.jsonl"),
    "marcos.jsonl": lambda c: leer_marcos(c / "marcos.jsonl"),
    "registros.jsonl": lambda c: construir_registros(c / "registros.jsonl"),
    "sondas.jsonl": lambda c: leer_sondas(c / "sondas.jsonl"),
    "suciedad/baja_calidad.jsonl": suciedad.leer_baja_calidad,
    "suciedad/otros_idiomas.jsonl": suciedad.leer_otros_idiomas,
    "variedades/agramatical.jsonl": construir_variedades,
    "variedades/espejo.jsonl": construir_variedades,
    "variedades/menos_usual.jsonl": construir_variedades,
    "variedades/portugues.jsonl": construir_variedades,
    "verbos.jsonl": lambda c: leer_verbos(c / "verbos.jsonl"),
}


def _con_campo(linea: str, valor: str) -> str:
    """La línea con un campo más, escrito tal cual."""
    return f'{linea[:-1]}, "nota": {valor}}}'


# Cada daño recibe una línea buena y devuelve la mala.
DANOS_DE_LINEA = {
    "cortada": lambda linea: linea[: len(linea) // 2],
    "otra codificación": lambda linea: linea.encode().replace(b" ", b" \xf1", 1),
    "no es un objeto": lambda linea: f"[{linea}]",
    "sin campos": lambda linea: "{}",
    "un campo de más": lambda linea: _con_campo(linea, '"x"'),
    "clave repetida": lambda linea: linea[:-1] + ", " + linea[1:],
    "NaN": lambda linea: _con_campo(linea, "NaN"),
    "menos infinito": lambda linea: _con_campo(linea, "-Infinity"),
    "infinito escondido": lambda linea: _con_campo(linea, "1e999"),
    "cinco mil cifras": lambda linea: _con_campo(linea, "9" * 5000),
    "muy anidada": lambda linea: _con_campo(linea, "[" * 99_999 + "]" * 99_999),
    "media pareja": lambda linea: _con_campo(linea, '"\\ud800"'),
    "media pareja en la clave": lambda linea: linea.replace('"', '"\\udfff', 1),
    "marca de orden en medio": lambda linea: "\ufeff" + linea,
    "un nulo": lambda linea: linea.replace(" ", "\0", 1),
    "conflicto de git": lambda linea: "<<<<<<< HEAD",
}
DANOS_DE_ARCHIVO = {
    "vacío": lambda ruta: ruta.write_bytes(b""),
    "solo espacios": lambda ruta: ruta.write_bytes(b" \n\n  \n"),
    "carpeta": lambda ruta: (ruta.unlink(), ruta.mkdir()),
    "no está": lambda ruta: ruta.unlink(),
    "enlace roto": lambda ruta: (ruta.unlink(), ruta.symlink_to("nada")),
    "enlace a sí mismo": lambda ruta: (ruta.unlink(), ruta.symlink_to(ruta.name)),
    "tubería": lambda ruta: (ruta.unlink(), os.mkfifo(ruta)),
}
# Lo que en estos campos no es un daño: dice que no hay.
NO_HAY = {"alias": [], "consultado": None, "vigente_hasta": None}
MALOS = (None, 3, 2.5, True, [], {}, [[]], [{}], "", "  ", "n\u0303", {"x": "y"})


@pytest.fixture(params=LECTORES)
def archivo(request, tmp_path):
    """(ruta, función que lo lee): una copia de las primeras líneas de un archivo."""
    original = DATOS / request.param
    carpeta = tmp_path / "copia"
    carpeta.mkdir()
    for hermano in original.parent.glob("*.jsonl"):
        lineas = hermano.read_text(encoding="utf-8").splitlines()[:3]
        (carpeta / hermano.name).write_text("\n".join(lineas) + "\n", encoding="utf-8")
    lector = LECTORES[request.param]
    lector(carpeta)  # sin daño se lee
    return carpeta / original.name, lambda: lector(carpeta)


def _danar(ruta: Path, mala: str | bytes) -> None:
    """Cambia la segunda línea del archivo."""
    lineas = ruta.read_bytes().splitlines()
    lineas[1] = mala if isinstance(mala, bytes) else mala.encode()
    ruta.write_bytes(b"\n".join(lineas) + b"\n")


def test_todos_los_archivos_se_dañan_en_las_pruebas(lineas):
    # los de la carpeta de ejemplo, con otro lector, se dañan en test_tu_dominio
    de_aqui = {a for a in lineas if not a.startswith("ejemplo_educacion/")}
    assert set(LECTORES) == de_aqui < set(lineas)


@pytest.mark.parametrize("dano", DANOS_DE_LINEA)
def test_una_linea_danada_dice_archivo_y_linea(archivo, dano):
    ruta, leer = archivo
    buena = ruta.read_text(encoding="utf-8").splitlines()[1]
    _danar(ruta, DANOS_DE_LINEA[dano](buena))
    with pytest.raises(ErrorDelTaller, match=rf"{ruta.name}, línea 2: \S") as error:
        leer()
    assert len(str(error.value)) < 400


def test_un_valor_malo_en_cualquier_campo_dice_archivo_y_linea(archivo):
    ruta, leer = archivo
    fila = json.loads(ruta.read_text(encoding="utf-8").splitlines()[1])
    for campo in fila:
        for malo in MALOS:
            if campo in NO_HAY and malo == NO_HAY[campo]:
                continue
            _danar(ruta, json.dumps(fila | {campo: malo}))
            with pytest.raises(ErrorDelTaller, match=rf"{ruta.name}, línea 2: \S"):
                leer()
        _danar(ruta, json.dumps({c: v for c, v in fila.items() if c != campo}))
        with pytest.raises(ErrorDelTaller, match=f"línea 2: falta el campo «{campo}»"):
            leer()


def test_un_campo_de_mas_se_nombra(archivo):
    ruta, leer = archivo
    buena = ruta.read_text(encoding="utf-8").splitlines()[1]
    _danar(ruta, _con_campo(buena, '"x"'))
    with pytest.raises(ErrorDelTaller, match="línea 2: sobra el campo «nota»"):
        leer()


def test_una_fila_repetida_se_nombra(archivo):
    ruta, leer = archivo
    _danar(ruta, ruta.read_bytes().splitlines()[0])
    with pytest.raises(ErrorDelTaller, match="línea 2: el .+ ya está en otra línea"):
        leer()


@pytest.mark.parametrize("dano", DANOS_DE_ARCHIVO)
def test_un_archivo_danado_se_nombra(archivo, dano):
    ruta, leer = archivo
    DANOS_DE_ARCHIVO[dano](ruta)
    with pytest.raises(ErrorDelTaller, match=ruta.name):
        leer()


@pytest.mark.parametrize("falla", [PermissionError(13, "x"), OSError(5, "x")])
def test_un_archivo_que_no_se_deja_leer_se_nombra(archivo, falla, monkeypatch):
    ruta, leer = archivo

    def fallar(_):
        raise falla

    monkeypatch.setattr(Path, "read_bytes", fallar)
    with pytest.raises(ErrorDelTaller, match=ruta.parent.name):
        leer()


@pytest.mark.lento
def test_unos_octetos_al_azar_nunca_dan_otro_error(archivo):
    """O se lee y cabe en un Dataset, o se nombra el archivo."""
    ruta, leer = archivo
    entero, azar = ruta.read_bytes(), random.Random(ruta.name)
    for _ in range(150):
        octetos = bytearray(entero)
        for _ in range(azar.randint(1, 4)):
            lugar = azar.randrange(len(octetos))
            octetos[lugar : lugar + azar.randint(0, 2)] = bytes(
                azar.choices(b'{}[]":,0-eE\\un\xed\xa0\xc3 \n', k=azar.randint(0, 3))
            )
        ruta.write_bytes(octetos)
        try:
            filas = leer()
        except ErrorDelTaller as error:
            assert ruta.name in str(error)
            continue
        for parte in filas.values() if isinstance(filas, dict) else [filas]:
            Dataset.from_list(parte)


JSON = {
    "irregulares.json": lambda ruta: raices.leer_tablas(ruta),
    "suciedad/piezas.json": lambda ruta: suciedad.leer_piezas(ruta.parent),
}


@pytest.mark.parametrize("nombre", JSON)
def test_un_json_danado_se_nombra(nombre, tmp_path):
    ruta, leer = tmp_path / Path(nombre).name, JSON[nombre]
    shutil.copy(DATOS / nombre, ruta)
    leer(ruta)
    entero = ruta.read_text(encoding="utf-8")
    for que, dano in DANOS_DE_LINEA.items():
        if que == "marca de orden en medio":
            continue  # aquí va al principio, y al principio vale
        malo = dano(entero.rstrip())
        ruta.write_bytes(malo if isinstance(malo, bytes) else malo.encode())
        with pytest.raises(ErrorDelTaller, match=ruta.name):
            leer(ruta)
    datos = json.loads(entero)
    for campo in datos:
        for malo in MALOS[:-1]:
            ruta.write_text(json.dumps(datos | {campo: malo}), encoding="utf-8")
            with pytest.raises(ErrorDelTaller, match=ruta.name):
                leer(ruta)
    ruta.write_text(entero.replace(": ", " ", 1), encoding="utf-8")
    with pytest.raises(ErrorDelTaller, match=rf"{ruta.name}, línea \d+: no es JSON"):
        leer(ruta)


@pytest.mark.parametrize(
    ("cambio", "mensaje"),
    [
        ({"verbo": "casa"}, "no sé conjugar «casa»"),
        ({"verbo": "cer"}, "no sé conjugar «cer»"),
        ({"verbo": "dar la lata"}, "no sé conjugar «dar la lata»"),
        ({"usos": {"hogra": ["el piso"]}}, "«hogra» no es un valor de «usos»"),
        ({"usos": {"hogar": []}}, "«hogar» debe ser una lista de textos"),
        ({"usos": {"hogar": ["{tuu} piso"]}}, "no entiendo un hueco"),
        ({"usos": {"hogar": ["{tu piso"]}}, "no entiendo un hueco"),
        ({"tiempos": ["ayer"]}, "«ayer» no es un valor de «tiempos»"),
        ({"tiempos": []}, "«tiempos» debe ser una lista"),
        ({"manual": True}, "«manual» solo puede ser false"),
        ({"manual": 0}, "«manual» solo puede ser false"),
        ({"singulares": ["la mesa"]}, "«la mesa» no es un valor de «singulares»"),
    ],
)
def test_un_verbo_mal_escrito_se_explica(tmp_path, cambio, mensaje):
    fila = {"verbo": "barrer", "usos": {"hogar": ["el piso"]}} | cambio
    ruta = tmp_path / "verbos.jsonl"
    ruta.write_text(json.dumps(fila), encoding="utf-8")
    with pytest.raises(ErrorDelTaller, match=f"línea 1: {mensaje}"):
        leer_verbos(ruta)


@pytest.mark.parametrize(
    ("cambio", "mensaje"),
    [
        ({"tiempo": "ayer"}, "«ayer» no es un valor de «tiempo»"),
        ({"grupos": ["hogra"]}, "«hogra» no es un valor de «grupos»"),
        ({"texto": "Si {v} hoy."}, "debe traer {c} una sola vez"),
        ({"texto": "Si {v} {c} y {v}."}, "debe traer {v} una sola vez"),
        ({"texto": "Si {v} {c} {tuu}."}, "no entiendo un hueco"),
        ({"texto": "{v+me} {c} hoy."}, "«{v+me}» pide el tiempo «imperativo»"),
        ({"texto": "Si {v} {c}, {avisar:ayer}."}, "no entiendo un hueco"),
        ({"texto": "Si {v} {c}, {avisar:imperativo}me."}, "{avisar:imperativo+me}"),
        ({"texto": "Si {v} {c}, {avisar:presente+me}."}, "solo se pegan"),
        ({"sin": "barrer"}, "«sin» debe ser una lista"),
        ({"singular": False}, "«singular» solo puede ser true"),
    ],
)
def test_un_marco_mal_escrito_se_explica(tmp_path, cambio, mensaje):
    fila = {"marco": "m-1", "tiempo": "presente", "grupos": ["hogar"]}
    fila |= {"pais": "CO", "texto": "Si {v} {c} hoy."} | cambio
    ruta = tmp_path / "marcos.jsonl"
    ruta.write_text(json.dumps(fila), encoding="utf-8")
    with pytest.raises(ErrorDelTaller, match="línea 1: .*" + re.escape(mensaje)):
        leer_marcos(ruta)


def test_leer_json_pide_justo_sus_campos(tmp_path):
    ruta = tmp_path / "a.json"
    ruta.write_text('{"a": 1, "b": 2}', encoding="utf-8")
    assert leer_json(ruta, ("a", "b")) == {"a": 1, "b": 2}
    with pytest.raises(ErrorDelTaller, match=r"a\.json: sobra el campo «b»"):
        leer_json(ruta, ("a",))
    with pytest.raises(ErrorDelTaller, match=r"a\.json: falta el campo «c»"):
        leer_json(ruta, ("a", "b", "c"))
