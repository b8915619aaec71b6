"""Escribe en _build/en-vivo/ las versiones para programar en vivo.

    python -m herramientas.cuadernos.en_vivo                todas
    python -m herramientas.cuadernos.en_vivo 01 10_qlora    solo esas

De cada cuaderno sale un esqueleto: las celdas `en-vivo` quedan en sus comentarios y
quien enseña las escribe ante la sala; debajo, plegada, va la celda de rescate con el
código completo. Sin soluciones ni salidas; con el plan de minutos al comienzo.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import io
import os
import re
import sys
import tokenize
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from herramientas.archivos import NOTEBOOKS, RAIZ
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.leer import ErrorDeCuaderno, etiquetas

SALIDA = RAIZ / "_build" / "en-vivo"
TITULO_RESCATE = "# @title Si vas tarde: ejecuta esta celda\n"
ESCRIBE = "# escribe aquí"
ID_PLAN = "plan-para-ensenar"

# Enlaces e imágenes relativos de Markdown: `](ruta)`, sin protocolo ni ancla.
ENLACE = re.compile(r"(\]\()(?![a-z]+:|#|/)([^)\s]+)")


def _lineas_de_comentario(codigo: str) -> set[int]:
    """Números de las líneas que son solo un comentario (no dentro de una cadena)."""
    comentarios = set()
    try:
        for pieza in tokenize.generate_tokens(io.StringIO(codigo).readline):
            if (
                pieza.type == tokenize.COMMENT
                and not pieza.line[: pieza.start[1]].strip()
            ):
                comentarios.add(pieza.start[0])
    except (tokenize.TokenError, SyntaxError):  # una celda con %magia
        for i, linea in enumerate(codigo.splitlines(), start=1):
            if linea.lstrip().startswith("#"):
                comentarios.add(i)
    return comentarios


def solo_comentarios(codigo: str) -> str:
    """El código reducido a sus comentarios de línea entera."""
    quedan = _lineas_de_comentario(codigo)
    lineas = codigo.splitlines()
    return "\n".join(lineas[i - 1] for i in sorted(quedan)) or ESCRIBE


def _id_de_rescate(original: str) -> str:
    nuevo = f"{original}-rescate"
    if len(nuevo) > 64:  # el límite del formato
        nuevo = hashlib.sha256(original.encode()).hexdigest()[:32] + "-rescate"
    return nuevo


def _rescate(celda: NotebookNode) -> NotebookNode:
    """La celda plegada con el código completo: tres marcas, como las soluciones."""
    nueva = new_code_cell(TITULO_RESCATE + celda.source)
    nueva.id = _id_de_rescate(celda.id)
    nueva.metadata = {
        "tags": ["rescate", "hide-input"],
        "cellView": "form",
        "jupyter": {"source_hidden": True},
    }
    return nueva


def _reloj(minutos: int) -> str:
    return f"{minutos // 60}:{minutos % 60:02d}"


def plan(cuaderno: NotebookNode) -> NotebookNode:
    """La celda para quien enseña: secciones, minutos y reloj acumulado."""
    filas, reloj = [], 0
    for seccion in cuadernos.secciones(cuaderno):
        if seccion.minutos is None:
            continue
        fin = reloj + seccion.minutos
        filas.append(
            f"| {seccion.titulo} | {seccion.minutos} min "
            f"| {_reloj(reloj)} a {_reloj(fin)} |"
        )
        reloj = fin
    texto = "\n".join(
        [
            "**Plan para quien enseña.** Escribe en vivo las celdas que solo tienen "
            "comentarios. Si te falta tiempo, ejecuta la celda plegada que va debajo "
            "de cada una: tiene el código completo. Borra esta celda al compartir.",
            "",
            "| Sección | En vivo | Reloj |",
            "|---|---|---|",
            *filas,
            f"| **Total** | **{reloj} min** | |",
        ]
    )
    celda = new_markdown_cell(texto)
    celda.id = ID_PLAN
    return celda


def _mover_enlaces(texto: str, origen: Path, destino: Path) -> str:
    """Rehace los enlaces relativos para leerse desde otra carpeta."""

    def nuevo(m: re.Match) -> str:
        ruta, _, ancla = m[2].partition("#")
        if (origen / ruta).suffix == ".ipynb" and "/" not in ruta:
            return m[0]  # otra lección: también tiene su versión en vivo
        movida = Path(os.path.relpath(origen / ruta, destino)).as_posix()
        return m[1] + movida + ("#" + ancla if ancla else "")

    return ENLACE.sub(nuevo, texto)


def recortar(
    cuaderno: NotebookNode, origen: Path = NOTEBOOKS, destino: Path = SALIDA
) -> NotebookNode:
    """El esqueleto de un cuaderno. No modifica el original."""
    esqueleto = copy.deepcopy(cuaderno)
    esqueleto.metadata.pop("taller", None)
    esqueleto.cells = [plan(cuaderno)]
    for original in cuaderno.cells:
        celda = copy.deepcopy(original)
        marcas = etiquetas(celda)
        if celda.cell_type == "markdown":
            celda.source = _mover_enlaces(celda.source, origen, destino)
        if "solucion" in marcas:
            continue
        if celda.cell_type == "code":
            celda.outputs, celda.execution_count = [], None
        esqueleto.cells.append(celda)
        if celda.cell_type == "code" and "en-vivo" in marcas:
            esqueleto.cells.append(_rescate(celda))
            celda.source = solo_comentarios(celda.source)
    return esqueleto


def restaurar(esqueleto: NotebookNode) -> list[tuple[str, str]]:
    """Devuelve a su sitio el código recortado: pares (id, código) del original.

    Son las celdas de código de la lección, menos las soluciones.
    """
    completas: list[tuple[str, str]] = []
    for celda in cuadernos.de_codigo(esqueleto):
        if "rescate" in etiquetas(celda):
            identificador, _ = completas.pop()
            codigo = celda.source.removeprefix(TITULO_RESCATE)
            completas.append((identificador, codigo))
        else:
            completas.append((celda.id, celda.source))
    return completas


def escribir(ruta: Path, destino: Path = SALIDA) -> Path:
    """Escribe el esqueleto de un cuaderno y devuelve su ruta."""
    nuevo = destino / ruta.name
    esqueleto = recortar(cuadernos.leer(ruta), ruta.parent, destino)
    cuadernos.guardar(esqueleto, nuevo)
    return nuevo


def principal(argumentos: list[str] | None = None) -> int:
    lector = argparse.ArgumentParser(
        description="Escribe las versiones para programar en vivo en _build/en-vivo/."
    )
    lector.add_argument(
        "cuadernos", nargs="*", help="«01», «01_tokenizacion» o una ruta"
    )
    opciones = lector.parse_args(argumentos)
    try:
        rutas = cuadernos.rutas(opciones.cuadernos)
        if not rutas:
            raise ErrorDeCuaderno("No hay cuadernos en notebooks/.")
        for ruta in rutas:
            print(f"✓ {escribir(ruta).relative_to(RAIZ)}")
    except ErrorDeCuaderno as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(principal())
