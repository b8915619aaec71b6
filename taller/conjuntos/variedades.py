"""Pares mínimos del español regional, con un contraste en portugués de Brasil."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from .. import recursos
from .jsonl import falla_de_campos, falla_de_lista, leer_jsonl

CARPETA = recursos.DATOS / "variedades"
CANARIO = (
    "variedades-canario 7c1f0e52-9a64-4b1d-8f3e-2d5a6c90b7e1 "
    "no entrenar con este archivo"
)
CAMPOS = "id tipo fenomeno zonas buena mala marco regla fuente canario".split()
PISTAS = ("junto", "distancia", "tácito")  # dónde está lo que fija la persona
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
        "lexico diminutivo pasado habian leismo vos_tu".split(),
        ZONAS,
    ),
    "portugues": ("agramatical", ["portugues_trato", "portugues_concordancia"], ["BR"]),
    "espejo": (
        "agramatical",
        [f"espejo_{f}" for f in "voseo tuteo ustedeo imperativo".split()],
        ZONAS,
    ),
}
# Lo que se promedia junto. `diagnostico` no se promedia: en esos pares la forma buena
# es siempre de la misma persona y la terminación la delata sin leer la oración.
GRUPOS = {
    "espejo": PARTICIONES["espejo"][1],
    "control": ["genero", "numero"],
    "menos_usual": PARTICIONES["menos_usual"][1],
    "portugues": ["portugues_concordancia"],
    "diagnostico": (
        "voseo tuteo ustedeo ustedes_vosotros imperativo portugues_trato".split()
    ),
}
_PRONOMBRE = r"\b(?:tú|vos|ustedes|usted|vosotros)\b"
SUJETO = re.compile(rf"^(¿?){_PRONOMBRE},? |(){_PRONOMBRE} ?", re.I)


def _revisor(particion: str) -> Callable[[dict], str | None]:
    """Arma la función que revisa cada fila de una partición."""
    tipo, fenomenos, zonas = PARTICIONES[particion]
    textos = {campo: None for campo in CAMPOS if campo != "zonas"}
    if particion == "espejo":
        textos["pista"] = None

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
        if fila.get("pista", PISTAS[0]) not in PISTAS:
            return f"no conozco la pista «{fila['pista']}». Usa: {', '.join(PISTAS)}."
        if fila["canario"] != CANARIO:
            return "el canario no es el de este conjunto; cópialo de otra línea."
        return None

    return revisar


def construir_variedades(carpeta: Path = CARPETA) -> dict[str, list[dict]]:
    """Lee los pares mínimos: agramatical, menos_usual, portugues y espejo.

    Cada fila trae id, tipo, fenomeno, zonas (códigos de país), buena, mala, marco,
    regla, fuente y canario; las de `espejo`, además, `pista`: una de PISTAS. Lanza
    ErrorDelTaller, con archivo y línea, si los datos están dañados.
    """
    return {
        parte: leer_jsonl(
            carpeta / f"{parte}.jsonl",
            CAMPOS + ["pista"] * (parte == "espejo"),
            _revisor(parte),
            unico="id",
        )
        for parte in PARTICIONES
    }


def sin_pronombre(par: dict) -> dict:
    """El par con las dos oraciones sin el pronombre sujeto; los demás campos, igual.

    «Si vos querés…» pasa a «Si querés…». Quita el primero que halle: tú, vos, usted,
    ustedes o vosotros y, si abre la oración, la coma que lo siga. Donde no hay
    pronombre, la oración queda igual.
    """
    salida = {}
    for lado in ("buena", "mala"):
        texto = SUJETO.sub(r"\1", par[lado], count=1)
        texto = re.sub(r" (?=[.,:?])", "", texto)
        lugar = re.search(r"\w", texto).start()
        salida[lado] = texto[:lugar] + texto[lugar].upper() + texto[lugar + 1 :]
    return par | salida


def solo_pronombre(pares: Iterable[dict]) -> list[tuple[dict, dict]]:
    """Los marcos en espejo donde solo el pronombre fija la persona.

    Devuelve tuplas con los dos pares de un marco. Sin su pronombre, los dos oponen las
    mismas oraciones, una vez en cada orden: ahí solo queda el gusto por una forma.
    """
    marcos: dict[str, list[dict]] = {}
    for par in pares:
        marcos.setdefault(par["marco"], []).append(par)
    salida = []
    for dos in marcos.values():
        if len(dos) == 2:
            uno, otro = map(sin_pronombre, dos)
            if (uno["buena"], uno["mala"]) == (otro["mala"], otro["buena"]):
                salida.append(tuple(dos))
    return salida
