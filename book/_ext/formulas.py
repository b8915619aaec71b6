"""Fórmulas: KaTeX convierte el LaTeX en HTML y MathML mientras se compila el sitio.

El guion de KaTeX corre dentro de Python (paquete `quickjs-ng`), sin Node ni red, y la
página solo carga su hoja de estilo y las letras que usa. Una fórmula mal escrita es
una advertencia de Sphinx, y aquí las advertencias detienen la compilación.
"""

import html
import json
from functools import cache
from pathlib import Path

import quickjs
from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

AVISOS = logging.getLogger(__name__)
CLASES = "math notranslate nohighlight"
GUION = Path(__file__).parent / "katex" / "katex.min.js"


@cache
def _contexto() -> quickjs.Context:
    contexto = quickjs.Context()
    contexto.eval("var self = globalThis, document = undefined;")
    contexto.eval(GUION.read_text(encoding="utf-8"))
    contexto.eval(
        # join('') aplana la cadena: quickjs no sabe devolver cadenas por trozos.
        "function formula(latex, bloque) { return [katex.renderToString(latex,"
        " {displayMode: bloque, throwOnError: true, strict: 'ignore'})].join(''); }"
    )
    return contexto


@cache
def convertir(latex: str, bloque: bool) -> str:
    """Devuelve el HTML de una fórmula; lanza `quickjs.JSException` si está mal."""
    return _contexto().eval(f"formula({json.dumps(latex)}, {json.dumps(bloque)})")


def _html(nodo: nodes.Element, latex: str, bloque: bool) -> str:
    try:
        return convertir(latex, bloque)
    except quickjs.JSException as error:
        mensaje = str(error).splitlines()[0]
        aviso = "Fórmula que KaTeX no entiende: %s: %s"
        AVISOS.warning(aviso, latex, mensaje, location=nodo)
        return f"<code>{html.escape(latex)}</code>"


def ver_formula(self, nodo: nodes.math) -> None:
    """Fórmula dentro de una línea."""
    self.body.append(self.starttag(nodo, "span", "", CLASS=CLASES))
    self.body.append(_html(nodo, nodo.astext(), False) + "</span>")
    raise nodes.SkipNode


def ver_bloque(self, nodo: nodes.math_block) -> None:
    """Fórmula en su propia línea, con su número si lo tiene.

    Recibe el foco porque en el teléfono puede desplazarse.
    """
    self.body.append(self.starttag(nodo, "div", CLASS=CLASES, TABINDEX="0"))
    if nodo.get("number"):
        numero = get_node_equation_number(self, nodo)
        self.body.append(f'<span class="eqno">({numero})')
        self.add_permalink_ref(nodo, "Enlace a esta ecuación")
        self.body.append("</span>")
    latex = nodo.astext().strip()
    if "\\\\" in latex and "\\begin" not in latex:
        latex = f"\\begin{{aligned}}{latex}\\end{{aligned}}"
    self.body.append(_html(nodo, latex, True) + "</div>\n")
    raise nodes.SkipNode


def setup(app) -> dict:
    """Registra el conversor con el nombre `katex`."""
    app.add_html_math_renderer("katex", (ver_formula, None), (ver_bloque, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
