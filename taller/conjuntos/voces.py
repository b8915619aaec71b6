"""corpus_co con sus correcciones y con voces de ciudad, jóvenes y migrantes.

`corpus_co.jsonl` no cambia: con sus textos se midieron los estudios de las lecciones 05
y 13. Las correcciones van en `corpus_co_cambios.json`, de id a lo que decía y lo que
debe decir; los textos nuevos, en `corpus_co_voces.jsonl`.
"""

from __future__ import annotations

from pathlib import Path

from ..errores import ErrorDelTaller
from ..recursos import DATOS
from .corpus import REGIONES, REGISTROS_CO, leer_corpus_co
from .jsonl import falla_de_campos, leer_json, leer_jsonl

VOCES = ("tradicional", "ciudad", "joven", "migrante")
CAMBIOS = DATOS / "corpus_co_cambios.json"


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


def leer_cambios(ruta: str | Path | None = None) -> dict[str, list[str]]:
    """Las correcciones: de id a una pareja, lo que decía y lo que debe decir.

    Errores: ErrorDelTaller, con el archivo, si no se puede leer.
    """
    return leer_json(ruta or CAMBIOS, ())


def leer_corpus_co_ampliado(cambios: str | Path | None = None) -> list[dict]:
    """Los textos de corpus_co, corregidos, y después los nuevos.

    Argumentos: `cambios`, otro archivo de correcciones.
    Devuelve filas con los campos de `leer_voces`; un texto de corpus_co lleva la voz
    «tradicional».
    Errores: ErrorDelTaller si una fila está mal o si un texto no dice, justo una vez,
    lo que su corrección espera.
    """
    pares, filas = leer_cambios(cambios), []
    for fila in leer_corpus_co():
        texto, (viejo, nuevo) = fila["texto"], pares.pop(fila["id"], ("", ""))
        if viejo:
            if texto.count(viejo) != 1:
                raise ErrorDelTaller(f"«{fila['id']}» ya no dice «{viejo}» una vez.")
            texto = texto.replace(viejo, nuevo)
        campos = ("id", "registro", "region")
        filas.append(
            {c: fila[c] for c in campos}
            | {"voz": VOCES[0], "titulo": fila["titulo"], "texto": texto}
        )
    if pares:
        raise ErrorDelTaller(f"corpus_co no trae «{min(pares)}», que se corrige.")
    return filas + leer_voces()
