"""Qué va a cada partición de tratamientos, y qué tratos caben en cada país."""

from __future__ import annotations

from collections.abc import Collection

from ..verbos.raices import clase
from .azar import orden
from .plantillas import verbo_de
from .verbos_y_marcos import es_doble, fijos

PARTE_APARTADA = 0.2  # de cada clase, para la prueba
PARTE_VALIDACION = 0.09  # de lo que queda de cada clase
# Los tratos que solo se oyen en un país, y los países donde uno no se oye. En Perú,
# Venezuela y Chile hay voseo, pero no con estas formas en general.
SOLO_EN = {"chileno": "CL", "vosotros": "ES"}
SIN_VOS = {"MX", "ES", "CU", "PE", "VE", "CL"}
SIN_TU = {"AR", "UY", "PY"}


def cabe(pais: str, de: str, a: str) -> bool:
    """Dice si en un país se oye lo que pide una dirección; en «general», todo cabe.

    El tú de partida vale en cualquiera: es la forma que se pide cambiar.
    """
    if pais == "general":
        return True
    if a in SOLO_EN:
        return pais == SOLO_EN[a]
    return not ("vos" in (de, a) and pais in SIN_VOS or a == "tú" and pais in SIN_TU)


def _apartados(nombres_por_grupo: dict[str, list[str]]) -> set[str]:
    """La quinta parte de cada grupo, uno al menos, siempre la misma."""
    apartados = set()
    for nombres in nombres_por_grupo.values():
        nombres.sort(key=lambda nombre: orden("reparto", nombre))
        apartados |= set(nombres[: max(1, round(PARTE_APARTADA * len(nombres)))])
    return apartados


def repartir(verbos: list[str], puestos: Collection[str] = ()) -> dict[str, str]:
    """Dice si cada verbo es de entrenamiento, validación o prueba, o supletivo.

    De cada clase va a prueba la quinta parte y, de lo que queda, a validación una de
    cada once; los supletivos van todos aparte. Argumentos: `puestos`, los verbos que ya
    traen los marcos, sin -se: se ven al entrenar, así que no van a validación.
    """
    por_clase: dict[str, list[str]] = {}
    for verbo in verbos:
        por_clase.setdefault(clase(verbo), []).append(verbo)
    partes = dict.fromkeys(por_clase.pop("supletivo", ()), "supletivos")
    partes |= dict.fromkeys(_apartados(por_clase), "prueba")
    for nombres in por_clase.values():
        quedan = [nombre for nombre in nombres if nombre not in partes]
        libres = [v for v in quedan if v.removesuffix("se") not in puestos]
        libres.sort(key=lambda nombre: orden("validacion", nombre))
        cuantos = max(1, round(PARTE_VALIDACION * len(quedan)))
        partes |= dict.fromkeys(libres[:cuantos], "validacion")
    return {verbo: partes.get(verbo, "entrenamiento") for verbo in verbos}


def puestos_en(marcos: list[dict]) -> set[str]:
    """Los verbos que traen los marcos dobles, sin -se."""
    return {verbo_de(h)[0].removesuffix("se") for m in marcos for h in fijos(m)}


def marcos_apartados(marcos: list[dict]) -> set[str]:
    """Identificadores de los marcos de prueba: la quinta parte de cada tiempo.

    Los marcos dobles son todos de entrenamiento.
    """
    por_tiempo: dict[str, list[str]] = {}
    for marco in marcos:
        if not es_doble(marco):
            por_tiempo.setdefault(marco["tiempo"], []).append(marco["marco"])
    return _apartados(por_tiempo)
