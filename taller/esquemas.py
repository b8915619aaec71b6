"""Los esquemas de las lecciones: el mismo dibujo en el cuaderno y en la página.

Los hace herramientas/esquemas/ y viajan con el paquete. Cada SVG trae dentro el texto
que lo cuenta a quien no lo ve.
"""

from __future__ import annotations

import re
from html import unescape

from .errores import ErrorDelTaller
from .recursos import CARPETA

ESQUEMAS = CARPETA / "esquemas"


class Esquema:
    """Un dibujo que el cuaderno muestra; donde no se puede, se lee su `texto`."""

    def __init__(self, svg: str) -> None:
        self.svg = svg
        self.titulo, self.texto = (
            unescape(re.search(f"<{marca}>(.*?)</{marca}>", svg, re.DOTALL)[1])
            for marca in ("title", "desc")
        )

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return self.texto


def esquema(nombre: str) -> Esquema:
    """El esquema de ese nombre, como última línea de una celda, se ve debajo de ella.

    Errores: ErrorDelTaller si no hay ninguno que se llame así.
    """
    ruta = ESQUEMAS / f"{nombre}.svg"
    if not ruta.is_file():
        hay = ", ".join(sorted(r.stem for r in ESQUEMAS.glob("*.svg")))
        raise ErrorDelTaller(f"No hay un esquema «{nombre}». Están: {hay}.")
    return Esquema(ruta.read_text(encoding="utf-8"))
