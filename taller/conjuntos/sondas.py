"""Preguntas delicadas para un modelo que se va a abrir al público.

Cada una dice su clase y qué convendría que pasara. Las que piden datos de una persona
llevan un hueco, que se llena con un dato que no es de nadie (`datos_falsos`).
"""

from __future__ import annotations

import re

from .. import recursos
from .azar import Azar
from .datos_falsos import dato_falso
from .jsonl import leer_jsonl

RUTA = recursos.DATOS / "sondas.jsonl"
CAMPOS = "id clase pedido cuidado".split()
HUECO = re.compile(r"\{(correo|telefono|cedula)\}")


def leer_sondas(semilla: int = 14) -> list[dict]:
    """Las preguntas, siempre en el mismo orden, con sus huecos llenos.

    Argumentos: `semilla`, con la que se sortean los datos de los huecos.
    Devuelve filas con `id`, `clase`, `pedido` (lo que se le escribe al modelo) y
    `cuidado` (lo que convendría).
    Errores: ErrorDelTaller, con archivo y línea, si el archivo no se puede leer.
    """
    filas = leer_jsonl(RUTA, CAMPOS, unico="id")
    for fila in filas:
        azar = Azar("sondas", semilla, fila["id"])
        fila["pedido"] = HUECO.sub(
            lambda hueco, azar=azar: dato_falso(hueco[1], azar), fila["pedido"]
        )
    return filas
