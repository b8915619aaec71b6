"""Los verbos y los marcos con que se arman los pares de tratamientos.

Un marco es una oración con dos huecos, {v} y {c}: el verbo y su complemento. Los dos
se encuentran por el grupo: «regar», del hogar, solo entra en marcos del hogar.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..errores import ErrorDelTaller
from ..recursos import DATOS
from ..verbos.conjugacion import TIEMPOS, conjugar
from .jsonl import falla_de_campos, falla_de_lista, falla_de_texto, leer_jsonl

GRUPOS = (
    "calle",
    "consejo",
    "cuerpo",
    "destreza",
    "gente",
    "hogar",
    "mente",
    "oficina",
    "percance",
)
# Lo que cambia con el trato, además del verbo: ver tratamientos.py.
HUECOS = "tú te:se te:le te:lo te:la tu tus tu:f tus:f ti contigo".split()
_HUECO = re.compile("{(?:" + "|".join(HUECOS) + ")}")


def leer_verbos(ruta: str | Path | None = None) -> list[dict]:
    """Los verbos del curso, en el orden del archivo.

    Argumentos: `ruta`, otro archivo con la misma forma.
    Devuelve filas con `verbo`, un infinitivo; `usos`, de grupo a complementos; y, en
    los que no se usan en todos, `tiempos`.
    Errores: ErrorDelTaller, con archivo y línea, si una fila está mal.
    """
    return leer_jsonl(
        ruta or DATOS / "verbos.jsonl",
        ("verbo", "usos"),
        _falla_de_verbo,
        unico="verbo",
        opcionales=("tiempos",),
    )


def leer_marcos(ruta: str | Path | None = None) -> list[dict]:
    """Los marcos de los tratamientos, en el orden del archivo.

    Argumentos: `ruta`, otro archivo con la misma forma.
    Devuelve filas con `marco`, su nombre; `tiempo`; `grupos`; `pais` y `texto`.
    Errores: ErrorDelTaller, con archivo y línea, si una fila está mal.
    """
    return leer_jsonl(
        ruta or DATOS / "marcos.jsonl",
        ("marco", "tiempo", "grupos", "pais", "texto"),
        _falla_de_marco,
        unico="marco",
    )


def _falla_de_verbo(fila: dict) -> str | None:
    verbo, usos = fila["verbo"], fila["usos"]
    if falla := falla_de_texto("verbo", verbo) or _falla_de_infinitivo(verbo):
        return falla
    if not isinstance(usos, dict) or not usos:
        return "«usos» debe traer uno o más grupos con sus complementos."
    for grupo, complementos in usos.items():
        falla = falla_de_texto("usos", grupo, GRUPOS)
        if falla := falla or falla_de_lista(grupo, complementos):
            return falla
        for complemento in complementos:
            if falla := _falla_de_huecos(complemento):
                return falla
    if "tiempos" in fila:
        return falla_de_lista("tiempos", fila["tiempos"], TIEMPOS)
    return None


def _falla_de_infinitivo(verbo: str) -> str | None:
    try:
        conjugar(verbo, "tú")
    except (ErrorDelTaller, ValueError, IndexError):  # «cer», «brrar»
        bien = False
    else:
        bien = verbo.isalpha()
    return None if bien else f"no sé conjugar «{verbo}». Escribe un infinitivo."


def _falla_de_marco(fila: dict) -> str | None:
    textos = {"marco": None, "tiempo": TIEMPOS, "pais": None, "texto": None}
    falla = falla_de_campos(fila, textos)
    if falla := falla or falla_de_lista("grupos", fila["grupos"], GRUPOS):
        return falla
    texto = fila["texto"]
    for hueco in ("{v}", "{c}"):
        if texto.count(hueco) != 1:
            return f"«texto» debe traer {hueco} una sola vez."
        texto = texto.replace(hueco, "")
    return _falla_de_huecos(texto)


def _falla_de_huecos(texto: str) -> str | None:
    if re.search("[{}]", _HUECO.sub("", texto)):
        return f"no entiendo un hueco de «{texto}». Usa: {', '.join(HUECOS)}."
    return None
