"""Pliega en la página el código que prepara o que dibuja.

Quien lee una lección ve primero el texto y la figura, y abre el código si lo quiere. El
cuaderno no cambia: Colab y JupyterLab lo enseñan entero. Lo que se escribe en vivo, los
ejercicios y sus soluciones siguen como estaban.
"""

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode

A_LA_VISTA = {"tag_en-vivo", "tag_ejercicio", "tag_solucion"}
PREPARA = ("import ", "from ", ")", "    ", "perfil = ", "carpeta = ")


def solo_prepara(codigo: str) -> bool:
    """¿Son todas las líneas importaciones, el perfil o la carpeta de paso?"""
    lineas = [u for u in codigo.splitlines() if u.strip() and u.lstrip()[0] != "#"]
    hay = any(u.startswith(("import ", "from ")) for u in lineas)
    return hay and all(u.startswith(PREPARA) for u in lineas)


def rotulo_de(celda: nodes.Element) -> str:
    """Qué guarda lo plegado de una celda; vacío si su código queda a la vista."""
    clases = set(celda.get("classes", []))
    if "tag_instalar" in clases:
        return "la instalación"
    if A_LA_VISTA & clases:
        return ""
    if any(celda.findall(nodes.image)):
        return "el código de la figura"
    entrada = celda.children[0]
    return "las importaciones" if solo_prepara(entrada.astext()) else ""


def plegar(app, doctree, docname) -> None:
    """Envuelve la entrada de cada celda que se pliega."""
    for celda in list(doctree.findall(nodes.container)):
        if celda.get("nb_element") != "cell_code" or not celda.children:
            continue
        entrada = celda.children[0]
        if entrada.get("nb_element") != "cell_code_source":
            continue
        if rotulo := rotulo_de(celda):
            plegado = HideCodeCellNode("", rotulo=rotulo, classes=["de-preparar"])
            celda.replace(entrada, plegado)
            plegado += entrada


def setup(app) -> dict:
    """Conecta el cambio con el momento anterior a escribir la página."""
    app.connect("doctree-resolved", plegar)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
