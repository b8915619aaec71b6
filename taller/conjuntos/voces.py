"""corpus_co con las voces de ciudad, de jóvenes y de migrantes.

Los textos nuevos están en `corpus_co_voces.jsonl`: ningún modelo del curso los leyó.
"""

from __future__ import annotations

from pathlib import Path

from ..recursos import DATOS
from .corpus import REGIONES, REGISTROS_CO, leer_corpus_co
from .jsonl import falla_de_campos, leer_jsonl

VOCES = ("tradicional", "ciudad", "joven", "migrante")


def leer_voces(ruta: str | Path | None = None) -> list[dict]:
    """Los textos nuevos, en el orden del archivo.

    Argumentos: `ruta`, otro archivo con la misma forma.
    Devuelve filas con `id`, `registro`, `region`, `voz`, `titulo` y `texto`.
    Errores: ErrorDelTaller, con archivo y línea, si una fila está mal.
    """
    campos = {"id": None, "registro": REGISTROS_CO, "region": REGIONES, "voz": VOCES}
    campos |= {"titulo": None, "texto": None}
    ruta = Path(ruta or DATOS / "corpus_co_voces.jsonl")
    return leer_jsonl(ruta, campos, lambda f: falla_de_campos(f, campos), unico="id")


def leer_corpus_co_ampliado() -> list[dict]:
    """Los textos de corpus_co y, después, los nuevos.

    Devuelve filas con los campos de `leer_voces`; un texto de corpus_co lleva la voz
    «tradicional».
    Errores: ErrorDelTaller si una fila está mal.
    """
    campos = ("id", "registro", "region")
    antes = [
        {c: f[c] for c in campos}
        | {"voz": VOCES[0], "titulo": f["titulo"], "texto": f["texto"]}
        for f in leer_corpus_co()
    ]
    return antes + leer_voces()
