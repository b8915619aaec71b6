"""Pares mínimos del español regional, con un contraste en portugués de Brasil."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .. import recursos
from .jsonl import falla_de_campos, falla_de_lista, leer_jsonl

CARPETA = recursos.DATOS / "variedades"
CANARIO = (
    "variedades-canario 7c1f0e52-9a64-4b1d-8f3e-2d5a6c90b7e1 "
    "no entrenar con este archivo"
)
CAMPOS = "id tipo fenomeno zonas buena mala marco regla fuente canario".split()
ZONAS = "AR BO CL CO CR CU EC ES GT MX PE PY UY VE".split()
# Cada partición: qué tipo de par trae, de qué fenómenos y de qué zonas.
PARTICIONES = {
    "agramatical": (
        "agramatical",
        "voseo tuteo ustedeo ustedes_vosotros imperativo genero numero".split(),
        ZONAS,
    ),
    "menos_usual": (
        "menos_usual_en",
        "lexico diminutivo pasado habian leismo".split(),
        ZONAS,
    ),
    "portugues": ("agramatical", ["portugues_trato", "portugues_concordancia"], ["BR"]),
}


def _revisor(particion: str) -> Callable[[dict], str | None]:
    """Arma la función que revisa cada fila de una partición."""
    tipo, fenomenos, zonas = PARTICIONES[particion]
    textos = {campo: None for campo in CAMPOS if campo != "zonas"}

    def revisar(fila: dict) -> str | None:
        falla = falla_de_campos(fila, textos) or falla_de_lista("zonas", fila["zonas"])
        if falla:
            return falla
        if fila["tipo"] != tipo:
            return f"el tipo «{fila['tipo']}» no va en este archivo; usa «{tipo}»."
        if fila["fenomeno"] not in fenomenos:
            return (
                f"no conozco el fenómeno «{fila['fenomeno']}». "
                f"En este archivo van: {', '.join(fenomenos)}."
            )
        if malas := [zona for zona in fila["zonas"] if zona not in zonas]:
            return f"no conozco la zona «{malas[0]}». Usa: {', '.join(zonas)}."
        if len(set(fila["zonas"])) < len(fila["zonas"]):
            return "hay una zona repetida."
        if fila["buena"] == fila["mala"]:
            return "las dos oraciones son iguales."
        if fila["canario"] != CANARIO:
            return "el canario no es el de este conjunto; cópialo de otra línea."
        return None

    return revisar


def construir_variedades(carpeta: Path = CARPETA) -> dict[str, list[dict]]:
    """Lee los pares mínimos de cada partición: agramatical, menos_usual y portugues.

    Cada fila trae id, tipo, fenomeno, zonas (códigos de país), buena, mala, marco,
    regla, fuente y canario. Lanza ErrorDelTaller, con archivo y línea, si los datos
    están dañados.
    """
    return {
        parte: leer_jsonl(
            carpeta / f"{parte}.jsonl", CAMPOS, _revisor(parte), unico="id"
        )
        for parte in PARTICIONES
    }
