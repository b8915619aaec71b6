"""Escribe en _build/en-vivo/ las versiones para programar en vivo.

    python -m herramientas.cuadernos.en_vivo                todas
    python -m herramientas.cuadernos.en_vivo 01 10_qlora    solo esas
    python -m herramientas.cuadernos.en_vivo --huecos 12    con más que escribir
    python -m herramientas.cuadernos.en_vivo --diapositivas 10    también en láminas

De cada cuaderno sale un esqueleto. Quien enseña escribe ante la sala unas pocas celdas
`en-vivo`, las que caben en los minutos (ver huecos.py); las demás quedan enteras. De la
que se escribe quedan los `import`, las líneas `def`, los comentarios y los nombres que
lo que sigue usa. Debajo, plegada, va la celda de rescate con el código completo, que
además repone lo que falte de arriba. Sin soluciones ni salidas; con el plan de minutos
al comienzo.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import os
import re
import sys
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from herramientas.archivos import NOTEBOOKS, RAIZ
from herramientas.cuadernos import laminas
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.huecos import (
    HUECOS,
    con_nombres,
    de_la_leccion,
    elegir,
    por_escribir,
)
from herramientas.cuadernos.leer import ErrorDeCuaderno, etiquetas

SALIDA = RAIZ / "_build" / "en-vivo"
TITULO_RESCATE = "# @title Si vas tarde: ejecuta esta celda\n"
REPONE = "from taller.rescate import reponer\n\nreponer({clave})  # si falta algo\n"
TITULO_PREPARA = "# @title Prepara «Si vas tarde»: ejecútala al comienzo"
ID_PLAN, ID_PREPARA = "plan-para-ensenar", "prepara-el-rescate"

# Enlaces e imágenes relativos de Markdown: `](ruta)`, sin protocolo ni ancla.
ENLACE = re.compile(r"(\]\()(?![a-z]+:|#|/)([^)\s]+)")


# --- El esqueleto -------------------------------------------------------------------


def _id_de_rescate(original: str) -> str:
    nuevo = f"{original}-rescate"
    if len(nuevo) > 64:  # el límite del formato
        nuevo = hashlib.sha256(original.encode()).hexdigest()[:32] + "-rescate"
    return nuevo


def _rescate(celda: NotebookNode) -> NotebookNode:
    """La celda plegada que repone lo de arriba y tiene el código completo."""
    repone = REPONE.format(clave=f'"{celda.id}"')
    nueva = new_code_cell(TITULO_RESCATE + repone + celda.source)
    nueva.id = _id_de_rescate(celda.id)
    nueva.metadata = {
        "tags": ["rescate", "hide-input"],
        "cellView": "form",
        "jupyter": {"source_hidden": True},
    }
    return nueva


def _prepara(cuaderno: NotebookNode) -> NotebookNode:
    """La celda plegada con todo el código de la lección, para reponer lo que falte."""
    filas = []
    for celda in de_la_leccion(cuaderno):
        texto = celda.source.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        if texto.endswith('"'):
            texto = texto[:-1] + '\\"'
        filas.append(f'    "{celda.id}": """{texto}""",')
    codigo = [TITULO_PREPARA, "from taller.rescate import preparar", ""]
    nueva = new_code_cell("\n".join([*codigo, "preparar({", *filas, "})"]))
    nueva.id = ID_PREPARA
    nueva.metadata = {
        "tags": ["hide-input"],
        "cellView": "form",
        "jupyter": {"source_hidden": True},
    }
    return nueva


def _reloj(minutos: int) -> str:
    return f"{minutos // 60}:{minutos % 60:02d}"


def plan(cuaderno: NotebookNode, escribe: list[str] | None = None) -> NotebookNode:
    """La celda para quien enseña: secciones, minutos, reloj y cuánto se escribe.

    Argumentos: `escribe`, las celdas que se escriben; si falta, las de `elegir`.
    """
    escribe = elegir(cuaderno) if escribe is None else escribe
    filas, reloj, todo = [], 0, 0
    hay = cuadernos.secciones(cuaderno)
    for i, seccion in enumerate(hay):
        if seccion.minutos is None:
            continue
        hasta = next((s.celda for s in hay[i + 1 :] if s.minutos), None)
        suyas = [c for c in cuaderno.cells[seccion.celda : hasta] if c.id in escribe]
        letras = sum(por_escribir(c.source) for c in suyas)
        fin = reloj + seccion.minutos
        filas.append(
            f"| {seccion.titulo} | {seccion.minutos} min "
            f"| {_reloj(reloj)} a {_reloj(fin)} "
            f"| {f'{letras} caracteres' if letras else 'nada'} |"
        )
        reloj, todo = fin, todo + letras
    texto = "\n".join(
        [
            f"**Plan para quien enseña.** Escribe en vivo las {len(escribe)} celdas "
            "que tienen otra plegada debajo; las demás se ejecutan. Cada una dice al "
            "final qué nombres usa lo que sigue: con esos, nada se rompe. Si te falta "
            "tiempo, ejecuta la plegada: tiene el código completo y repone lo que "
            "falte de arriba; si ella misma falla, ejecútala otra vez. Borra esta "
            "celda al compartir.",
            "",
            "| Sección | En vivo | Reloj | Se escribe |",
            "|---|---|---|---|",
            *filas,
            f"| **Total** | **{reloj} min** | | {todo} caracteres, "
            f"{todo / max(reloj, 1):.0f} por minuto |",
        ]
    )
    celda = new_markdown_cell(texto)
    celda.id = ID_PLAN
    return celda


def _mover_enlaces(texto: str, origen: Path, destino: Path, sitio: str = "") -> str:
    """Rehace los enlaces relativos para leerse desde otra carpeta.

    Con `sitio`, su dirección o el camino hasta él, llevan a sus páginas.
    """

    def nuevo(m: re.Match) -> str:
        ruta, _, ancla = m[2].partition("#")
        if sitio:
            desde = Path(os.path.relpath(origen / ruta, origen.parent))
            if desde.suffix in (".ipynb", ".md"):
                desde = desde.with_suffix(".html")
            return m[1] + sitio + desde.as_posix() + ("#" + ancla if ancla else "")
        if (origen / ruta).suffix == ".ipynb" and "/" not in ruta:
            return m[0]  # otra lección: también tiene su versión en vivo
        movida = Path(os.path.relpath(origen / ruta, destino)).as_posix()
        return m[1] + movida + ("#" + ancla if ancla else "")

    return ENLACE.sub(nuevo, texto)


def recortar(
    cuaderno: NotebookNode,
    origen: Path = NOTEBOOKS,
    destino: Path = SALIDA,
    huecos: int = HUECOS,
    sitio: str = "",
) -> NotebookNode:
    """El esqueleto de un cuaderno. No modifica el original.

    Argumentos: `origen` y `destino`, las carpetas, para rehacer los enlaces; `huecos`,
    cuántas celdas se escriben, como mucho; `sitio`, la dirección del sitio, para los
    que se publican, que no tienen al lado las páginas del curso.
    """
    escribe = elegir(cuaderno, huecos)
    esqueleto = copy.deepcopy(cuaderno)
    esqueleto.metadata.pop("taller", None)
    esqueleto.cells = [plan(cuaderno, escribe)]
    falta_preparar = True
    for original in cuaderno.cells:
        celda = copy.deepcopy(original)
        marcas = etiquetas(celda)
        if celda.cell_type == "markdown":
            celda.source = _mover_enlaces(celda.source, origen, destino, sitio)
        if "solucion" in marcas:
            continue
        if celda.cell_type == "code":
            celda.outputs, celda.execution_count = [], None
        esqueleto.cells.append(celda)
        if falta_preparar and "instalar" in marcas:
            esqueleto.cells.append(_prepara(cuaderno))
            falta_preparar = False
        if celda.id in escribe:
            esqueleto.cells.append(_rescate(celda))
            celda.source = con_nombres(cuaderno, celda)
    return esqueleto


def escribir_laminas(
    ruta: Path, destino: Path, huecos: int = HUECOS, sitio: str = "", katex: str = ""
) -> Path:
    """Escribe un cuaderno como láminas de reveal.js y devuelve la ruta del HTML.

    Son las celdas de su esqueleto, menos el plan y lo plegado. Argumentos: `sitio`,
    adónde van los enlaces; si falta, al publicado. `katex`, dónde está su hoja de
    estilo; si falta, se copia al lado. Nada se pide a la red.
    """
    cuaderno = cuadernos.leer(ruta)
    esqueleto = recortar(
        cuaderno, ruta.parent, destino, huecos, sitio or cuadernos.sitio()
    )
    ajustes = {"katex": katex} if katex else {}
    html = laminas.pagina(esqueleto, cuaderno, {ID_PLAN, ID_PREPARA}, **ajustes)
    laminas.copiar_programa(destino, con_katex=not katex)
    nueva = destino / f"{ruta.stem}.html"
    cuadernos.escribir_texto(nueva, html)
    return nueva


def restaurar(esqueleto: NotebookNode) -> list[tuple[str, str]]:
    """Devuelve a su sitio el código recortado: pares (id, código) del original.

    Son las celdas de código de la lección, menos las soluciones.
    """
    completas: list[tuple[str, str]] = []
    for celda in cuadernos.de_codigo(esqueleto):
        if celda.id == ID_PREPARA:
            continue
        if "rescate" in etiquetas(celda):
            identificador, _ = completas.pop()
            repone = REPONE.format(clave=f'"{identificador}"')
            codigo = celda.source.removeprefix(TITULO_RESCATE).removeprefix(repone)
            completas.append((identificador, codigo))
        else:
            completas.append((celda.id, celda.source))
    return completas


def escribir(
    ruta: Path, destino: Path = SALIDA, huecos: int = HUECOS, sitio: str = ""
) -> Path:
    """Escribe el esqueleto de un cuaderno y devuelve su ruta."""
    nuevo = destino / ruta.name
    esqueleto = recortar(cuadernos.leer(ruta), ruta.parent, destino, huecos, sitio)
    cuadernos.guardar(esqueleto, nuevo)
    return nuevo


def principal(argumentos: list[str] | None = None) -> int:
    lector = argparse.ArgumentParser(
        description="Escribe las versiones para programar en vivo en _build/en-vivo/."
    )
    lector.add_argument(
        "cuadernos", nargs="*", help="«01», «01_tokenizacion» o una ruta"
    )
    lector.add_argument(
        "--huecos", type=int, default=HUECOS, help="celdas que se escriben, como mucho"
    )
    lector.add_argument(
        "--diapositivas", action="store_true", help="además, láminas de reveal.js"
    )
    opciones = lector.parse_args(argumentos)
    try:
        if opciones.huecos < 1:
            raise ErrorDeCuaderno("«--huecos» va de 1 en adelante.")
        rutas = cuadernos.rutas(opciones.cuadernos)
        if not rutas:
            raise ErrorDeCuaderno("No hay cuadernos en notebooks/.")
        for ruta in rutas:
            nuevo = escribir(ruta, huecos=opciones.huecos)
            print(f"✓ {nuevo.relative_to(RAIZ)}")
            if opciones.diapositivas:
                hecha = escribir_laminas(ruta, SALIDA, opciones.huecos)
                print(f"✓ {hecha.relative_to(RAIZ)}")
    except ErrorDeCuaderno as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(principal())
