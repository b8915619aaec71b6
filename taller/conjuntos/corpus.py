"""Los textos del curso: corpus_co, español de Colombia, y registros."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from ..recursos import DATOS
from .azar import resumen
from .jsonl import falla_de_campos, leer_jsonl

REGISTROS_CO = (
    "noticia",
    "receta",
    "dialogo",
    "apuntes",
    "tramite",
    "carta",
    "cuento",
    "deporte",
    "salud",
)
REGIONES = (
    "bogotano",
    "paisa",
    "costeño",
    "valluno",
    "pastuso",
    "llanero",
    "santandereano",
)
REGISTROS = ("novela_xix", "norma", "libro_de_texto", "conversacion")


def _leer(ruta: Path, campos: dict[str, tuple[str, ...] | None]) -> list[dict]:
    """Las filas de un archivo; `campos` da sus valores, None es un texto cualquiera."""
    return leer_jsonl(ruta, campos, lambda f: falla_de_campos(f, campos), unico="id")


def _huella(fila: dict) -> str:
    """Resumen del título: ordena igual en cualquier máquina."""
    return resumen(fila["titulo"])


def _por_grupo(filas: list[dict], *campos: str) -> list[list[dict]]:
    """Las filas que coinciden en `campos`, juntas y ordenadas por su huella."""
    grupos = defaultdict(list)
    for fila in filas:
        grupos[tuple(fila[c] for c in campos)].append(fila)
    return [sorted(grupo, key=_huella) for grupo in grupos.values()]


def leer_corpus_co(ruta: str | Path | None = None) -> list[dict]:
    """Los textos de corpus_co, en el orden del archivo.

    Argumentos: `ruta`, otro archivo con la misma forma.
    Devuelve filas con `id`, `registro`, `region`, `titulo` y `texto`.
    Errores: ErrorDelTaller, con archivo y línea, si una fila está mal.
    """
    return _leer(
        Path(ruta or DATOS / "corpus_co.jsonl"),
        {
            "id": None,
            "registro": REGISTROS_CO,
            "region": REGIONES,
            "titulo": None,
            "texto": None,
        },
    )


def construir_corpus_co(ruta: str | Path | None = None) -> dict[str, list[dict]]:
    """Reparte corpus_co en `entrenamiento` y `prueba`.

    De cada cruce de registro y región va a `prueba` un texto, siempre el mismo. Así
    cada región se mide con los mismos registros, y cada registro con las mismas
    regiones. Un cruce con un solo texto lo deja en `entrenamiento`.

    Argumentos: `ruta`, otro archivo con la misma forma.
    Devuelve un diccionario de partición a filas; cada fila dice su `particion`.
    Errores: ErrorDelTaller, con archivo y línea, si una fila está mal.
    """
    filas = leer_corpus_co(ruta)
    prueba = {
        grupo[0]["id"]
        for grupo in _por_grupo(filas, "registro", "region")
        if len(grupo) > 1
    }
    return _separar(filas, prueba)


def construir_registros(ruta: str | Path | None = None) -> dict[str, list[dict]]:
    """Reparte los textos por registro en `entrenamiento` y `prueba`.

    `prueba` mide lo que el modelo olvida; `entrenamiento` sirve de repaso. De cada
    registro va a cada parte la mitad; si son impares, el que sobra va a `prueba`.

    Argumentos: `ruta`, otro archivo con la misma forma.
    Devuelve un diccionario de partición a filas; cada fila dice su `particion`.
    Errores: ErrorDelTaller, con archivo y línea, si una fila está mal.
    """
    filas = _leer(
        Path(ruta or DATOS / "registros.jsonl"),
        {"id": None, "registro": REGISTROS, "titulo": None, "texto": None},
    )
    prueba = {
        fila["id"] for grupo in _por_grupo(filas, "registro") for fila in grupo[::2]
    }
    return _separar(filas, prueba)


def _separar(filas: list[dict], prueba: set[str]) -> dict[str, list[dict]]:
    """Las dos particiones, en el orden del archivo."""
    partes: dict[str, list[dict]] = {"entrenamiento": [], "prueba": []}
    for fila in filas:
        parte = "prueba" if fila["id"] in prueba else "entrenamiento"
        partes[parte].append({**fila, "particion": parte})
    return partes
