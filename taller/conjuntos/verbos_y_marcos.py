"""Los verbos y los marcos con que se arman los pares de tratamientos.

Un marco es una oración con dos huecos, {v} y {c}: el verbo y su complemento. Los dos
se encuentran por el grupo: «regar», del hogar, solo entra en marcos del hogar. Un marco
doble trae además otro verbo en segunda persona, siempre el mismo, o un enclítico:
«{v} {c} y {avisar:imperativo+me}.», «{v+me} {c}, por favor.»
"""

from __future__ import annotations

import re
from pathlib import Path

from ..errores import ErrorDelTaller
from ..recursos import DATOS
from ..verbos.conjugacion import PERSONAS, TIEMPOS, conjugar
from .jsonl import falla_de_campos, falla_de_lista, falla_de_texto, leer_jsonl
from .plantillas import HUECOS, llenar, partir, revisar, verbo_de

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
# El hueco del verbo en un marco, y su enclítico si lo lleva.
HUECO_V = re.compile(r"\{v(?:\+(\w+))?\}")


def leer_verbos(ruta: str | Path | None = None) -> list[dict]:
    """Los verbos del curso, en el orden del archivo.

    Argumentos: `ruta`, otro archivo con la misma forma.
    Devuelve filas con `verbo`, un infinitivo, y `usos`, de grupo a complementos. Las
    que lo necesitan traen `tiempos`, si no se usa en todos; `singulares`, los
    complementos que concuerdan con una sola persona («muy elegante»); y `manual`,
    siempre falso, si `semilla` no lo leyó en su manual de conjugación.
    Errores: ErrorDelTaller, con archivo y línea, si una fila está mal.
    """
    return leer_jsonl(
        ruta or DATOS / "verbos.jsonl",
        ("verbo", "usos"),
        _falla_de_verbo,
        unico="verbo",
        opcionales=("tiempos", "singulares", "manual"),
    )


def leer_marcos(ruta: str | Path | None = None) -> list[dict]:
    """Los marcos de los tratamientos, en el orden del archivo.

    Argumentos: `ruta`, otro archivo con la misma forma.
    Devuelve filas con `marco`, su nombre; `tiempo`; `grupos`; `pais` y `texto`. Las que
    lo necesitan traen `sin`, los verbos con que no tiene sentido, y `singular`, siempre
    cierto, si le habla a una sola persona («Vecina, …»).
    Errores: ErrorDelTaller, con archivo y línea, si una fila está mal.
    """
    return leer_jsonl(
        ruta or DATOS / "marcos.jsonl",
        ("marco", "tiempo", "grupos", "pais", "texto"),
        _falla_de_marco,
        unico="marco",
        opcionales=("sin", "singular"),
    )


def leer_coletillas(ruta: str | Path | None = None) -> list[dict]:
    """Las coletillas: oraciones breves que siguen a un marco, en el orden del archivo.

    Argumentos: `ruta`, otro archivo con la misma forma.
    Devuelve filas con `coletilla`, su nombre, y `texto`, con sus huecos.
    Errores: ErrorDelTaller, con archivo y línea, si una fila está mal.
    """
    return leer_jsonl(
        ruta or DATOS / "coletillas.jsonl",
        ("coletilla", "texto"),
        _falla_de_coletilla,
        unico="coletilla",
    )


def fijos(marco: dict) -> list[str]:
    """Los huecos de verbo que un marco trae ya puestos: «avisar:imperativo+me»."""
    huecos = partir(marco["texto"])[1::2]
    return [hueco for hueco in huecos if verbo_de(hueco)[1] in TIEMPOS]


def es_doble(marco: dict) -> bool:
    """Dice si un marco trae otro verbo en segunda persona, o un enclítico."""
    return bool(fijos(marco)) or "{v+" in marco["texto"]


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
    if "tiempos" in fila and (
        falla := falla_de_lista("tiempos", fila["tiempos"], TIEMPOS)
    ):
        return falla
    if fila.get("manual", False) is not False:
        return "«manual» solo puede ser false; si el verbo está, se omite."
    if "singulares" in fila:
        todos = [c for complementos in usos.values() for c in complementos]
        return falla_de_lista("singulares", fila["singulares"], todos)
    return None


def _falla_de_infinitivo(verbo: str) -> str | None:
    try:
        conjugar(verbo, "tú")
    except (ErrorDelTaller, ValueError, IndexError):  # «cer», «brrar»
        bien = False
    else:
        bien = verbo.isalpha()
    return None if bien else f"no sé conjugar «{verbo}». Escribe un infinitivo."


def _falla_de_coletilla(fila: dict) -> str | None:
    falla = falla_de_campos(fila, {"coletilla": None, "texto": None})
    return falla or _falla_de_plantilla(fila["texto"], fila["texto"])


def _falla_de_plantilla(plantilla: str, texto: str) -> str | None:
    try:
        revisada = revisar(plantilla)
        for trato in PERSONAS:
            llenar(revisada, trato)
    except (ErrorDelTaller, ValueError, IndexError) as error:
        return f"no entiendo un hueco de «{texto}». {error}"
    return None


def _falla_de_marco(fila: dict) -> str | None:
    textos = {"marco": None, "tiempo": TIEMPOS, "pais": None, "texto": None}
    falla = falla_de_campos(fila, textos)
    if falla := falla or falla_de_lista("grupos", fila["grupos"], GRUPOS):
        return falla
    if "sin" in fila and (falla := falla_de_lista("sin", fila["sin"])):
        return falla
    if fila.get("singular", True) is not True:
        return "«singular» solo puede ser true; si no hace falta, se omite."
    texto = fila["texto"]
    if len(huecos := HUECO_V.findall(texto)) != 1:
        return "«texto» debe traer {v} una sola vez."
    if texto.count("{c}") != 1:
        return "«texto» debe traer {c} una sola vez."
    if huecos[0] and fila["tiempo"] != "imperativo":
        return f"«{{v+{huecos[0]}}}» pide el tiempo «imperativo»."
    llena = con_verbo(fila, "cantar").replace("{c}", "bien")
    return _falla_de_plantilla(llena, texto)


def con_verbo(marco: dict, verbo: str) -> str:
    """El texto de un marco con el hueco de su verbo ya puesto; falta {c}."""

    def poner(hueco: re.Match) -> str:
        enclitico = f"+{hueco[1]}" if hueco[1] else ""
        return f"{{{verbo}:{marco['tiempo']}{enclitico}}}"

    return HUECO_V.sub(poner, marco["texto"])


def _falla_de_huecos(complemento: str) -> str | None:
    trozos = partir(complemento)
    if set(trozos[1::2]) <= set(HUECOS) and not re.search("[{}]", "".join(trozos[::2])):
        return None
    return f"no entiendo un hueco de «{complemento}». Usa: {', '.join(HUECOS)}."
