"""Revisa todos los archivos de datos, línea por línea.

Cada falla dice archivo y línea, para que quien escribió el dato lo encuentre.
"""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from parecidos import parecidos

from taller.conjuntos.cargar import cargar_datos
from taller.conjuntos.corpus import DATOS
from taller.conjuntos.jsonl import leer_jsonl
from taller.errores import ErrorDelTaller

JSONL = sorted(DATOS.rglob("*.jsonl"))
TODOS = sorted(a for a in DATOS.rglob("*") if a.suffix in {".jsonl", ".json", ".txt"})

# Lo que se escribe a propósito con suciedad: menús, corazones, números que engañan.
PIEZAS = "suciedad/piezas.json"
SUCIOS = {PIEZAS, "suciedad/baja_calidad.jsonl"}
# Dónde no se exige español, y qué lenguas llevan apóstrofo.
OTRAS_LENGUAS = {"suciedad/otros_idiomas.jsonl", "variedades/portugues.jsonl"}
# Estos campos llevan direcciones de internet o claves, no textos.
DE_SERVICIO = {"id", "fuente", "canario", "plantilla", "marco", "familia"}

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
