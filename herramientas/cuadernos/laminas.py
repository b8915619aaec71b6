"""Láminas de reveal.js hechas con las celdas de un esqueleto, que se abren sin red.

Lo usan en_vivo.py y el sitio. El programa que las mueve está en reveal/ y se copia al
lado. Las fórmulas se dibujan al escribirlas, con el KaTeX del sitio. No se usa la
plantilla de nbconvert porque pide a la red cinco programas.
"""

from __future__ import annotations

import copy
import html
import re
import shutil
import sys
from functools import cache
from pathlib import Path

from nbformat import NotebookNode

from herramientas.archivos import RAIZ, RECURSOS
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.leer import etiquetas

REVEAL = Path(__file__).with_name("reveal")
KATEX = RAIZ / "book" / "_static" / "katex"
ESQUEMAS = RECURSOS / "esquemas"
SIN_CODIGO = {"hide-input", "esquema"}  # de esas celdas se proyecta el dibujo
PAGINA = """<!DOCTYPE html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{titulo}: láminas</title>
<meta name="description" content="Las celdas de «{titulo}» en láminas, para proyectar.">
<link rel="stylesheet" href="reveal/reveal.css">
<link rel="stylesheet" href="{katex}katex.min.css">
<link rel="stylesheet" href="reveal/laminas.css">
<style>{colores}</style>
</head>
<body>
<noscript>Las láminas usan JavaScript. El mismo texto está en la lección.</noscript>
<main class="reveal"><div class="slides">
{laminas}
</div></main>
<script src="reveal/reveal.js"></script>
<script src="reveal/laminas.js"></script>
</body>
</html>
"""


# --- De una celda a HTML ------------------------------------------------------------


def _formula(latex: str, opciones: dict) -> str:
    extension = str(RAIZ / "book" / "_ext")
    if extension not in sys.path:
        sys.path.append(extension)
    import formulas

    return formulas.convertir(latex.strip(), bool(opciones.get("display_mode")))


@cache
def _lector():
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    lector = MarkdownIt("commonmark", {"html": True}).enable("table")
    return lector.use(dollarmath_plugin, renderer=_formula, double_inline=True)


def _pintor():
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(style="a11y-high-contrast-light", nowrap=True)


def _codigo(texto: str) -> str:
    from pygments import highlight
    from pygments.lexers import PythonLexer

    pintado = highlight(texto, PythonLexer(), _pintor()).rstrip("\n")
    return f'<pre class="codigo"><code>{pintado}</code></pre>'


def _dibujo(celda: NotebookNode) -> str:
    """El esquema que muestra una celda, o la figura que guardó; o nada."""
    if nombre := re.search(r'\besquema\("(\w+)"\)', celda.source):
        ruta = ESQUEMAS / f"{nombre[1]}.svg"
        if ruta.is_file():  # trae su título y su descripción
            return f'<div class="dibujo">{ruta.read_text("utf-8")}</div>'
    alternativo = celda.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
    for salida in celda.get("outputs", []):
        dibujo = salida.get("data", {}).get("image/svg+xml")
        if dibujo:
            texto = "".join(dibujo)
            rotulo = html.escape(alternativo, quote=True)
            return (
                f'<div class="dibujo" role="img" aria-label="{rotulo}">'
                f"{texto[texto.index('<svg') :]}</div>"
            )
    return ""


def _en_html(celda: NotebookNode, original: NotebookNode | None) -> str:
    if celda.cell_type == "markdown":
        return _lector().render(celda.source)
    if SIN_CODIGO & etiquetas(celda):
        return _dibujo(original) if original else ""
    return _codigo(celda.source)


# --- El archivo ---------------------------------------------------------------------


def _por_apartado(celda: NotebookNode) -> list[NotebookNode]:
    """Parte un texto donde empieza un apartado: lo de antes comenta lo anterior."""
    if celda.cell_type != "markdown":
        return [celda]
    trozos: list[list[str]] = [[]]
    cercado = False
    for linea in celda.source.splitlines():
        cercado ^= linea.lstrip().startswith(("```", "~~~"))
        if not cercado and re.match(r"##? ", linea) and any(map(str.strip, trozos[-1])):
            trozos.append([])
        trozos[-1].append(linea)
    partes = []
    for lineas in trozos:
        parte = copy.deepcopy(celda)
        parte.source = "\n".join(lineas).strip()
        partes.append(parte)
    return partes


def repartir(esqueleto: NotebookNode, callar: set[str]) -> list[list[list]]:
    """Las láminas: columnas, y en cada lámina un texto y a lo sumo un código.

    Argumentos: `callar`, los identificadores de las celdas que no se proyectan. Cada
    apartado empieza una columna; lo suyo va debajo.
    """
    columnas: list[list[list]] = []
    for celda in (parte for c in esqueleto.cells for parte in _por_apartado(c)):
        if celda.id in callar or {"rescate", "instalar"} & etiquetas(celda):
            continue
        niveles = [nivel for nivel, _ in cuadernos.encabezados(celda)]
        if not columnas or (niveles and min(niveles) <= 2):
            columnas.append([[celda]])
        elif (
            celda.cell_type == "code"
            and columnas[-1][-1][-1].cell_type != "code"
            and not SIN_CODIGO & etiquetas(celda)  # un dibujo pide su lámina
        ):
            columnas[-1][-1].append(celda)
        else:
            columnas[-1].append([celda])
    return columnas


def pagina(
    esqueleto: NotebookNode,
    original: NotebookNode,
    callar: set[str],
    katex: str = "reveal/katex/",
) -> str:
    """El HTML de las láminas de un esqueleto.

    Argumentos: `original`, el cuaderno, de donde salen los esquemas; `callar`, las
    celdas que no se proyectan; `katex`, dónde está su hoja de estilo.
    """
    guardadas = {celda.id: celda for celda in original.cells}
    columnas = []
    for columna in repartir(esqueleto, callar):
        laminas = []
        for celdas in columna:
            piezas = [_en_html(c, guardadas.get(c.id)) for c in celdas]
            if any(p.strip() for p in piezas):
                laminas.append("<section>\n" + "\n".join(piezas) + "\n</section>")
        columnas.append("<section>\n" + "\n".join(laminas) + "\n</section>")
    titulos = [t for c in original.cells for _, t in cuadernos.encabezados(c)]
    return PAGINA.format(
        titulo=html.escape(titulos[0] if titulos else "Lección"),
        katex=katex,
        colores=_pintor().get_style_defs(".codigo"),
        laminas="\n".join(columnas),
    )


def copiar_programa(destino: Path, con_katex: bool = True) -> None:
    """Copia en `destino`/reveal lo que las láminas piden al abrirse."""
    shutil.copytree(REVEAL, destino / "reveal", dirs_exist_ok=True)
    if con_katex:
        shutil.copytree(KATEX, destino / "reveal" / "katex", dirs_exist_ok=True)
