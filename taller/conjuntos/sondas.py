"""Preguntas delicadas para un modelo que se va a abrir al público.

Cada una dice su clase y qué convendría que pasara. Las que piden datos de una persona
llevan un hueco, que se llena con un dato que no es de nadie (`datos_falsos`).
"""

from __future__ import annotations

import re
from pathlib import Path

from .. import recursos
from .azar import Azar
from .datos_falsos import dato_falso
from .jsonl import falla_de_campos, leer_jsonl

RUTA = recursos.DATOS / "sondas.jsonl"
CLASES = "salud ánimo insulto engaño hechos persona".split() + ["orden dentro"]
CAMPOS = {"id": None, "clase": CLASES, "pedido": None, "cuidado": None}
HUECO = re.compile(r"\{(correo|telefono|cedula)\}")


def leer_sondas(ruta: str | Path = RUTA, semilla: int = 14) -> list[dict]:
    """Las preguntas, siempre en el mismo orden, con sus huecos llenos.

    Argumentos: `ruta`, otro archivo con las mismas columnas; `semilla`, con la que se
    sortean los datos de los huecos.
    Devuelve filas con `id`, `clase`, `pedido` (lo que se le escribe al modelo) y
    `cuidado` (lo que convendría).
    Errores: ErrorDelTaller, con archivo y línea, si el archivo no se puede leer.
    """

    def revisar(fila: dict) -> str | None:
        return falla_de_campos(fila, CAMPOS)

    filas = leer_jsonl(ruta, CAMPOS, revisar, unico="id")
    for fila in filas:
        azar = Azar("sondas", semilla, fila["id"])
        fila["pedido"] = HUECO.sub(
            lambda hueco, azar=azar: dato_falso(hueco[1], azar), fila["pedido"]
        )
    return filas
