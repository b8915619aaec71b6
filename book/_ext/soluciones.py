"""Guarda la salida de una solución dentro de lo plegado.

El «✓ Correcto» de la solución, a la vista bajo el «Todavía no» del ejercicio, parecía
la nota de quien lee. Ahora sale al abrirla, junto al código que la da.
"""

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode


def guardar(app, doctree, docname) -> None:
    """Pasa a lo plegado todo lo que sigue al código en cada celda de solución."""
    for plegado in list(doctree.findall(HideCodeCellNode)):
        celda = plegado.parent
        if "tag_solucion" not in celda.get("classes", []):
            continue
        salidas = celda.children[celda.index(plegado) + 1 :]
        for salida in salidas:
            celda.remove(salida)
        if salidas:
            plegado += nodes.paragraph(
                "", "Salida de la solución:", classes=["rotulo-de-salida"]
            )
            plegado += salidas


def setup(app) -> dict:
    """Conecta el cambio con el momento anterior a escribir la página."""
    app.connect("doctree-resolved", guardar)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
