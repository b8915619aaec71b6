"""Entiende lo que se le pide al conjugador, o dice en una frase por qué no."""

import difflib
import re
import unicodedata
from functools import cache

from ..errores import ErrorDelTaller
from .desinencias import PERSONAS, TIEMPOS
from .ortografia import AGUDAS, quitar_tilde
from .raices import es_conocido
from .tablas import tablas

_LETRAS = re.compile("[a-zñáéíóúü]+")
_VOCAL = re.compile("[aeiouáéíóúü]")
# Cómo suena, más o menos: para hallar «recoger» cuando se escribe «recojer».
_SONIDOS = (("v", "b"), ("ll", "y"), ("z", "s"), ("h", ""), ("c(?=[ei])", "s"))
_SONIDOS += (("g(?=[ei])", "j"),)


def leer_nombre(nombre: str, que: str, nombres: tuple[str, ...]) -> str:
    """La persona o el tiempo que se pide, aunque venga en mayúsculas o sin tilde.

    Argumentos: `que`, «persona» o «tiempo»; `nombres`, los que hay.
    Errores: ErrorDelTaller si no es uno de ellos.
    """
    if nombre in nombres:
        return nombre
    limpio = quitar_tilde(_limpiar(nombre))
    for uno in nombres:
        if quitar_tilde(uno) == limpio:
            return uno
    raise ErrorDelTaller(
        f"No conozco {'la' if que == 'persona' else 'el'} {que} «{nombre}»: "
        f"usa {', '.join(nombres)}."
    )


def leer_persona(nombre: str) -> str:
    """La persona que se pide; ErrorDelTaller si no es una de PERSONAS."""
    return leer_nombre(nombre, "persona", PERSONAS)


def leer_tiempo(nombre: str) -> str:
    """El tiempo que se pide; ErrorDelTaller si no es uno de TIEMPOS."""
    return leer_nombre(nombre, "tiempo", TIEMPOS)


@cache
def leer_verbo(escrito: str, regular: bool) -> tuple[str, bool]:
    """El infinitivo sin pronombre y si lo lleva: «Sentarse» da («sentar», True).

    Pone en minúsculas y en NFC, y la tilde que falte («oir»). Con `regular` vale un
    verbo que no está en la lista.
    Errores: ErrorDelTaller si no es un infinitivo o si no lo conoce.
    """
    limpio = _limpiar(escrito)
    base = limpio.removesuffix("se")
    if quitar_tilde(base)[-2:] not in ("ar", "er", "ir") or base in ("ar", "er"):
        raise ErrorDelTaller(
            f"«{escrito}» no es un infinitivo: termina en -ar, -er o -ir."
        )
    if not _LETRAS.fullmatch(base):
        raise ErrorDelTaller(f"Escribe un solo infinitivo, sin más, y no «{escrito}».")
    for verbo in _maneras(base):
        if es_conocido(verbo):
            return verbo, base != limpio
    if not regular:
        raise ErrorDelTaller(_desconocido(base))
    if not _VOCAL.search(base[:-2]):
        raise ErrorDelTaller(f"«{base}» no puede ser un verbo: su raíz no tiene vocal.")
    if set(base[:-2]) & set(AGUDAS.values()):
        raise ErrorDelTaller(
            f"«{base}» lleva tilde en la raíz: revisa cómo se escribe."
        )
    return base, base != limpio


@cache
def leer_encliticos(escritos: str) -> str:
    """Los pronombres juntos, en minúsculas: «Me lo» da «melo»."""
    return _limpiar(escritos).replace(" ", "")


def _limpiar(escrito: str) -> str:
    return " ".join(unicodedata.normalize("NFC", escrito).lower().split())


def _maneras(base: str) -> list[str]:
    """El infinitivo y las otras maneras de escribir su final: oir, oír; arguir, argüir.

    Así vale sin la tilde que le toca, o con una que no le toca («huír»).
    """
    llano = base[:-2] + quitar_tilde(base[-2:])
    con_tilde = llano[:-2] + "ír" if llano.endswith("ir") else llano
    return [base, con_tilde, llano, llano.replace("guir", "güir")]


def _desconocido(base: str) -> str:
    """La frase para un verbo que no está en la lista, con el que más se le parece."""
    lista = sorted(tablas().infinitivos)
    cerca = [v for v in lista if _sonido(v) == _sonido(base)]
    cerca += difflib.get_close_matches(base, lista, 1, 0.85)
    pista = f" ¿Es «{cerca[0]}»?" if cerca else ""
    return (
        f"No conozco el verbo «{base}».{pista} Si está bien escrito y es regular, "
        "pídelo con regular=True."
    )


def _sonido(verbo: str) -> str:
    for letras, iguales in _SONIDOS:
        verbo = re.sub(letras, iguales, verbo)
    return quitar_tilde(verbo)
