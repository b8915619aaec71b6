"""La orden de cada libro: qué opciones tiene, dónde queda y qué se dice al acabar."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from herramientas.archivos import RAIZ
from herramientas.empaquetar import nombre_de
from herramientas.imprenta.arbol import ErrorDeImprenta
from herramientas.imprenta.portada import leer_ficha


def cumplir(
    clase: str,
    hacer: Callable[[Path, Path, Path, bool], str],
    argumentos: list[str] | None = None,
    raiz: Path = RAIZ,
) -> int:
    """Hace un libro y dice dónde quedó y cuánto pesa; 1 si no se pudo.

    Argumentos: `clase`, «pdf» o «epub»; `hacer`, lo escribe: recibe el sitio, la raíz,
    el destino y si lleva soluciones, y devuelve lo que haya que añadir a la frase.
    """
    lector = argparse.ArgumentParser(description=f"Hace un {clase.upper()} del curso.")
    lector.add_argument(
        "--sin-soluciones", action="store_true", help="sin las celdas de solución"
    )
    con = not lector.parse_args(argumentos).sin_soluciones
    construccion = raiz / "_build"
    destino = construccion / nombre_de(leer_ficha(raiz, con).version, clase, con)
    try:
        dicho = hacer(construccion / "html", raiz, destino, con)
    except ErrorDeImprenta as falta:
        print(falta, file=sys.stderr)
        return 1
    print(f"{destino}, {dicho}{destino.stat().st_size // 1000} kB")
    return 0
