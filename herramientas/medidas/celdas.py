"""Las celdas de una lección, para correrlas fuera de ella tal como están.

Así un estudio no lleva una segunda copia del código que la lección enseña.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from herramientas.archivos import RAIZ
from herramientas.cuadernos.huellas import arbol_de
from herramientas.cuadernos.leer import de_codigo, etiquetas, leer

FUERA = {"instalar", "ejercicio", "solucion", "esquema"}


@dataclass
class Leccion:
    """Unas celdas de un cuaderno, sin instalar, ejercicios ni esquemas.

    Argumentos: `cuaderno`, sin .ipynb; `solo`, las que se quieren (por omisión, todas);
    `hasta`, la última; `sin`, las que se saltan. Las celdas se nombran sin el número de
    la lección y, si son varias, separadas por espacios: «importar datos».
    """

    cuaderno: str
    solo: str = ""
    hasta: str = ""
    sin: str = ""

    def celdas(self, raiz: Path = RAIZ) -> list[tuple[str, str]]:
        """Pares (id, código), en orden. Termina con una frase si falta una celda."""
        numero = self.cuaderno.split("_")[0]
        libro = leer(raiz / "notebooks" / f"{self.cuaderno}.ipynb")
        codigo = [c for c in de_codigo(libro) if not FUERA & etiquetas(c)]
        pares = {c.id: c.source for c in codigo}
        solo, hasta, sin = (
            [f"{numero}-{nombre}" for nombre in nombres.split()]
            for nombres in (self.solo, self.hasta, self.sin)
        )
        for ident in solo + hasta + sin:
            if ident not in pares:
                raise SystemExit(f"La lección {numero} ya no tiene la celda «{ident}».")
        orden = list(pares)
        for ultima in hasta:
            orden = orden[: orden.index(ultima) + 1]
        return [
            (i, pares[i]) for i in orden if i not in sin and (not solo or i in solo)
        ]

    def correr(
        self, tras: Callable[[str, dict], None] | None = None, raiz: Path = RAIZ
    ) -> dict:
        """Lo que las celdas dejan definido. Tras cada una llama a `tras`."""
        espacio: dict = {"__name__": "leccion"}
        for ident, codigo in self.celdas(raiz):
            exec(compile(codigo, ident, "exec"), espacio)
            if tras:
                tras(ident, espacio)
        return espacio

    @cached_property
    def espacio(self) -> dict:
        """Lo que las celdas dejan definido; se corren una sola vez."""
        return self.correr()


def huella(textos: Iterable[str]) -> str:
    """SHA-256 del árbol de un código: no ve comentarios, espacios ni docstrings.

    Tampoco las importaciones de primer nivel: mudar un módulo no cambia una medida.
    """
    lineas = "\n".join(textos).split("\n")
    for nodo in ast.parse("\n".join(lineas)).body:
        if isinstance(nodo, ast.Import | ast.ImportFrom):
            for i in range(nodo.lineno - 1, nodo.end_lineno):
                lineas[i] = ""
    return hashlib.sha256(arbol_de("\n".join(lineas)).encode()).hexdigest()
