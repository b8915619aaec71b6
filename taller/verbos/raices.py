"""Raíces de cada verbo y clase a la que pertenece; lo irregular está en los datos.

Fuente de los modelos: RAE y ASALE, Nueva gramática de la lengua española (2009),
capítulo 4. Las formas de recursos/datos/irregulares.json llevan marcada la vocal
tónica, como pide ortografia.escribir.
"""

from functools import cache
from pathlib import Path

from ..conjuntos.jsonl import leer_json
from ..recursos import DATOS
from .ortografia import marcar_ultima, quitar_tilde

SUPLETIVOS = ("ser", "ir", "haber")
_RUTA = DATOS / "irregulares.json"
_CAMBIOS = {"e>ie": "ié", "o>ue": "ué", "e>i": "í", "u>ue": "ué", "i>ie": "ié"}
_PIEZAS = "cambio fuerte yo pretérito imperfecto futuro imperativo".split()


def leer_tablas(ruta: Path = _RUTA) -> dict:
    """Lo irregular de los verbos: `cambios`, `modelos` y `únicos`.

    Argumentos: `ruta`, otro archivo con la misma forma.
    Errores: ErrorDelTaller, con el archivo, si está dañado.
    """
    return leer_json(ruta, ("cambios", "modelos", "únicos"), _falla_de_tablas)


@cache
def _tablas() -> tuple[dict, dict, dict]:
    datos = leer_tablas()
    cambios = {v: c for c, lista in datos["cambios"].items() for v in lista.split()}
    return cambios, datos["modelos"], datos["únicos"]


def _falla_de_tablas(datos: dict) -> str | None:
    """Por qué las tablas de irregulares no sirven, o nada."""
    cambios = datos["cambios"]
    if not cambios or not _son_textos(cambios, [*_CAMBIOS, "í", "ú"]):
        return "«cambios» debe dar, de cada cambio de raíz, sus verbos en un texto."
    for tabla in ("modelos", "únicos"):
        if not isinstance(datos[tabla], dict) or not datos[tabla]:
            return f"«{tabla}» debe dar las raíces de cada verbo."
        for verbo, raices in datos[tabla].items():
            if not _son_raices(raices, con_formas=tabla == "únicos"):
                return f"no entiendo las raíces de «{verbo}» en «{tabla}»."
    return None


def _son_raices(raices: object, con_formas: bool) -> bool:
    if not isinstance(raices, dict):
        return False
    resto = dict(raices)
    formas = resto.pop("formas", {}) if con_formas else {}
    if not isinstance(formas, dict) or not all(map(_son_textos, formas.values())):
        return False
    return _son_textos(resto, _PIEZAS)


def _son_textos(valor: object, claves: list[str] | None = None) -> bool:
    """Dice si es un diccionario de textos, sin más claves que esas."""
    if not isinstance(valor, dict) or (claves and not set(valor) <= set(claves)):
        return False
    return all(isinstance(texto, str) for texto in valor.values())


def _ficha(verbo: str) -> dict:
    """Reúne lo irregular del verbo; vacío si es regular."""
    cambios, modelos, unicos = _tablas()
    if verbo in unicos:
        return unicos[verbo]
    for modelo, datos in modelos.items():
        if verbo.endswith(modelo):
            prefijo = verbo.removesuffix(modelo)
            piezas = {
                clave: valor if clave == "cambio" else prefijo + valor
                for clave, valor in datos.items()
            }
            return piezas
    if verbo in cambios:
        return {"cambio": cambios[verbo]}
    if verbo.endswith("uir") and not verbo.endswith(("guir", "quir")):
        return {"fuerte": verbo[:-2] + "y", "yo": verbo[:-2] + "y"}
    if verbo[-3:] in ("cer", "cir") and verbo[-4] in "aeiou" and verbo != "mecer":
        return {"yo": verbo[:-3] + "zc"}
    return {}


@cache
def piezas(verbo: str) -> dict:
    """Raíces del verbo: átona, tónica (fuerte), del subjuntivo y de los pasados."""
    ficha = _ficha(verbo)
    llano = quitar_tilde(verbo)
    raiz, conj = llano[:-2], llano[-2:]
    fuerte, debil = ficha.get("fuerte", raiz), raiz
    cambio = ficha.get("cambio", "")
    if cambio in _CAMBIOS:
        vieja = cambio[0]
        antes, _, despues = raiz.rpartition(vieja)
        dieresis = antes.endswith("g") and cambio == "o>ue"  # avergüenzas
        nueva = "üé" if dieresis else _CAMBIOS[cambio]
        fuerte = antes + nueva + despues
        if conj == "ir" and vieja in "eo":  # sintió, pidáis, durmió
            debil = antes + {"e": "i", "o": "u"}[vieja] + despues
    elif cambio:  # la tilde de «envías», «continúas», «reúnes»
        antes, _, despues = raiz.rpartition(quitar_tilde(cambio))
        fuerte = antes + cambio + despues
    return {
        "conj": conj,
        "raiz": raiz,
        "debil": debil,
        "fuerte": marcar_ultima(fuerte),
        "yo": ficha.get("yo"),
        "pretérito": ficha.get("pretérito"),
        "imperfecto": ficha.get("imperfecto", raiz),
        "futuro": ficha.get("futuro", llano),
        "imperativo": ficha.get("imperativo"),
        "formas": ficha.get("formas", {}),
    }


@cache
def clase(verbo: str) -> str:
    """Clase del verbo: regular-ar, -er o -ir; cambio de raíz u ortográfico; irregular
    (una familia con forma propia: tener, mantener); supletivo (ser, ir, haber)."""
    base = verbo.removesuffix("se")
    if base in SUPLETIVOS:
        return "supletivo"
    cambios, modelos, unicos = _tablas()
    conj = quitar_tilde(base)[-2:]
    if base in cambios:
        return "cambio ortográfico" if cambios[base] in "íú" else "cambio de raíz"
    if base in unicos or any(base.endswith(m) for m in modelos if m != "ducir"):
        return "irregular"
    if _ficha(base):  # conozca, conduzca, construyes
        return "cambio de raíz"
    raiz = base[:-2]
    suena = ("c", "g", "z", "gu") if conj == "ar" else ("c", "g", "gu", "qu")
    if raiz.endswith(suena) or (conj == "er" and raiz[-1] in "aeo"):
        return "cambio ortográfico"
    return f"regular-{conj}"
