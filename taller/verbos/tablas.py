"""Lee lo que el curso sabe de los verbos: cuáles conoce y qué tienen de irregular.

Las formas de los archivos llevan marcada la vocal tónica, como pide
ortografia.escribir. Fuente de los modelos: RAE y ASALE, Nueva gramática de la lengua
española (2009), capítulo 4.
"""

import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace

from ..conjuntos.jsonl import leer_json
from ..recursos import DATOS

CAMBIOS = {"e>ie": "ié", "o>ue": "ué", "e>i": "í", "u>ue": "ué", "i>ie": "ié"}
TILDES = ("í", "ú")
PIEZAS = ["cambio", "raiz", "fuerte", "debil", "yo", "pretérito", "imperfecto"]
PIEZAS += ["futuro", "imperativo"]
USOS = ("solo con i", "solo tercera persona", "sin subjuntivo", "soler", "impersonal")
_IRREGULARES = DATOS / "irregulares.json"
_INFINITIVOS = DATOS / "infinitivos.json"
_INFINITIVO = re.compile("[a-zñáéíóúü]*([aei]r|ír)")


def leer_tablas(ruta: Path = _IRREGULARES) -> dict:
    """Lo irregular de los verbos.

    Argumentos: `ruta`, otro archivo con la misma forma.
    Devuelve `prefijos`; `cambios`, de cada cambio de raíz a sus verbos; `alternan`, los
    que también se usan sin el cambio; `sin herencia`, los que no siguen al verbo que
    llevan dentro; `modelos`, por terminación; `únicos`; y `defectivos`.
    Errores: ErrorDelTaller, con el archivo, si está dañado.
    """
    campos = ("prefijos", "cambios", "alternan", "sin herencia")
    campos += ("modelos", "únicos", "defectivos")
    return leer_json(ruta, campos, _falla_de_tablas)


def leer_infinitivos(ruta: Path = _INFINITIVOS) -> frozenset[str]:
    """Los infinitivos que el curso conoce, irregulares o no.

    Son aquellos en que coinciden dos de tres listas ajenas (conjugate-esp, verbecc y
    el diccionario ortográfico rla-es) y algunos recientes, añadidos a mano. De esas
    listas solo se tomó que el verbo existe; cómo se conjuga lo dicen las tablas.
    Argumentos: `ruta`, otro archivo con la misma forma.
    Errores: ErrorDelTaller, con el archivo, si está dañado.
    """
    grupos = leer_json(ruta, ("infinitivos",), _falla_de_infinitivos)["infinitivos"]
    return frozenset(" ".join(grupos.values()).split())


@cache
def tablas() -> SimpleNamespace:
    """Las dos tablas, listas para buscar un verbo."""
    datos = leer_tablas()
    primero = {}
    for orden in ("sin cambio", "con cambio"):
        for cambio, verbo in _por_verbo(datos["alternan"][orden]):
            dos = ({"cambio": cambio}, {})
            primero[verbo] = dos if orden == "con cambio" else dos[::-1]
    cambios = {v: ({"cambio": c},) for c, v in _por_verbo(datos["cambios"])}
    modelos = sorted(datos["modelos"].items(), key=lambda par: -len(par[0]))
    return SimpleNamespace(
        infinitivos=leer_infinitivos(),
        cambios=cambios | primero,
        modelos={modelo: _variantes(ficha) for modelo, ficha in modelos},
        unicos={verbo: _variantes(ficha) for verbo, ficha in datos["únicos"].items()},
        sin_herencia=frozenset(datos["sin herencia"]["verbos"].split()),
        prefijos=datos["prefijos"]["todos"].split(),
        productivos=frozenset(datos["prefijos"]["productivos"].split()),
        usos={verbo: uso for uso, verbo in _por_verbo(datos["defectivos"])},
    )


def _por_verbo(listas: dict[str, str]):
    """(clave, verbo) de un diccionario de listas escritas en un texto."""
    for clave, verbos in listas.items():
        for verbo in verbos.split():
            yield clave, verbo


def _variantes(ficha: dict) -> tuple[dict, ...]:
    """La ficha y las otras que la norma admite; estas solo dicen en qué difieren."""
    base = {clave: valor for clave, valor in ficha.items() if clave != "otras"}
    return (base, *(base | otra for otra in ficha.get("otras", ())))


def _falla_de_infinitivos(datos: dict) -> str | None:
    grupos = datos["infinitivos"]
    if not _son_listas(grupos):
        return "«infinitivos» debe dar, de cada comienzo, sus verbos en un texto."
    for comienzo, verbo in _por_verbo(grupos):
        if not verbo.startswith(comienzo) or not _INFINITIVO.fullmatch(verbo):
            return f"«{verbo}» no es un infinitivo que empiece por «{comienzo}»."
    return None


def _falla_de_tablas(datos: dict) -> str | None:
    """Por qué las tablas de irregulares no sirven, o nada."""
    cambios = [*CAMBIOS, *TILDES]
    if not _son_listas(datos["cambios"], cambios):
        return "«cambios» debe dar, de cada cambio de raíz, sus verbos en un texto."
    alternan = datos["alternan"]
    if not isinstance(alternan, dict) or set(alternan) != {"con cambio", "sin cambio"}:
        return "«alternan» debe traer «con cambio» y «sin cambio»."
    if not all(_son_listas(listas, cambios) for listas in alternan.values()):
        return "«alternan» debe dar, de cada cambio de raíz, sus verbos en un texto."
    for tabla, claves in (
        ("prefijos", ("todos", "productivos")),
        ("sin herencia", ("verbos",)),
        ("defectivos", USOS),
    ):
        listas = datos[tabla]
        if not _son_listas(listas, claves) or set(listas) != set(claves):
            return f"«{tabla}» debe traer {', '.join(claves)}, cada uno en un texto."
    for tabla in ("modelos", "únicos"):
        if not isinstance(datos[tabla], dict) or not datos[tabla]:
            return f"«{tabla}» debe dar las raíces de cada verbo."
        for verbo, raices in datos[tabla].items():
            if not _son_raices(raices):
                return f"no entiendo las raíces de «{verbo}» en «{tabla}»."
    return None


def _son_raices(raices: object) -> bool:
    if not isinstance(raices, dict):
        return False
    resto = dict(raices)
    otras, formas = resto.pop("otras", []), resto.pop("formas", {})
    if not isinstance(otras, list) or not all(map(_son_raices, otras)):
        return False
    if not isinstance(formas, dict) or not all(map(_son_textos, formas.values())):
        return False
    cambio = resto.get("cambio", "í")
    return _son_textos(resto, PIEZAS) and cambio in (*CAMBIOS, *TILDES)


def _son_textos(valor: object, claves: object = None) -> bool:
    """Dice si es un diccionario de textos con algo escrito, sin más claves que esas."""
    if not isinstance(valor, dict) or (claves and not set(valor) <= set(claves)):
        return False
    return all(isinstance(texto, str) and texto.strip() for texto in valor.values())


def _son_listas(valor: object, claves: object = None) -> bool:
    """Lo mismo, y no puede estar vacío: cada texto es una lista de palabras."""
    return bool(valor) and _son_textos(valor, claves)
