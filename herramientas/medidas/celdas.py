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


# Lo que se puede llamar dentro de un aviso sin que cambie una medida.
# `Avance` (taller/avance.py) solo escribe cómo va el entrenamiento.
INOCENTES = set("len sum max min abs round sorted zip str repr any all".split())


def _no_decide(nodo: ast.stmt) -> bool:
    """Si es un aviso: `print`, `assert`, poner `Avance`, o un `if` con solo eso."""
    if isinstance(nodo, ast.Pass):
        return True
    if isinstance(nodo, ast.If):
        mirado, cuerpo = [nodo.test], nodo.body + nodo.orelse
    elif isinstance(nodo, ast.Assert):
        mirado, cuerpo = [nodo.test, *filter(None, [nodo.msg])], []
    elif isinstance(nodo, ast.Expr) and isinstance(nodo.value, ast.Call):
        llamada, cuerpo = nodo.value, []
        if ast.unparse(llamada).endswith(".add_callback(Avance())"):
            return True
        if not isinstance(llamada.func, ast.Name) or llamada.func.id != "print":
            return False
        mirado = [*llamada.args, *(k.value for k in llamada.keywords)]
    else:
        return False
    for parte in (n for m in mirado for n in ast.walk(m)):
        if isinstance(parte, ast.Call):
            funcion = parte.func
            if not isinstance(funcion, ast.Name) or funcion.id not in INOCENTES:
                return False
        elif isinstance(parte, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom):
            return False
    return all(map(_no_decide, cuerpo))


class _SinAvisos(ast.NodeTransformer):
    """Quita lo que no decide; un bloque que queda vacío lleva `pass`."""

    def generic_visit(self, nodo: ast.AST) -> ast.AST:
        super().generic_visit(nodo)
        for campo in ("body", "orelse", "finalbody"):
            if isinstance(bloque := getattr(nodo, campo, None), list):
                queda = [n for n in bloque if not _no_decide(n)]
                vacio = bloque and not queda and campo == "body"
                setattr(nodo, campo, [ast.Pass()] if vacio else queda)
        return nodo


def huella(textos: Iterable[str]) -> str:
    """SHA-256 del árbol de un código: no ve comentarios, espacios ni docstrings.

    Tampoco las importaciones de primer nivel, porque mudar un módulo no cambia una
    medida, ni los avisos (`print` y `assert`) que solo leen lo ya calculado.
    """
    lineas = "\n".join(textos).split("\n")
    for nodo in ast.parse("\n".join(lineas)).body:
        if isinstance(nodo, ast.Import | ast.ImportFrom):
            for i in range(nodo.lineno - 1, nodo.end_lineno):
                lineas[i] = ""
    arbol = _SinAvisos().visit(ast.parse("\n".join(lineas)))
    codigo = ast.unparse(ast.fix_missing_locations(arbol))
    return hashlib.sha256(arbol_de(codigo).encode()).hexdigest()
