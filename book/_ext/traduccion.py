"""Las lecciones en otra lengua: cómo se pasa de una a la otra y cómo dicen cuál es.

- Cada una de las dos páginas enlaza a la otra bajo el título, y lo dice también a los
  buscadores (`hreflang`).
- La traducida lleva su `lang` en la página; lo que en ella sigue en español, que es el
  marco del sitio y lo que escribe `semilla`, lleva el suyo.
- Si el original cambió después, la traducida lo dice.
- No tiene lección anterior ni siguiente, y ninguna la tiene a ella: se llega por el
  enlace o por el índice.
"""

import json
import re
import sys
from html import escape
from pathlib import Path

import nbformat
from docutils import nodes

CASA = str(Path(__file__).resolve().parents[2])
if CASA not in sys.path:  # «jupyter-book build» no siempre se corre desde la raíz
    sys.path.append(CASA)

from herramientas.cuadernos import traducir  # noqa: E402
from herramientas.cuadernos.lenguas import (  # noqa: E402
    ESPANOL,
    LENGUAS,
    lengua_de_pagina,
)

SALIDA_AJENA = "salida-en-espanol"
# Lo que enmarca el artículo, en español también en la página de una traducción.
MARCO = re.compile(
    r'<(?=(?:dialog id="pst-search|header|footer|div id="pst-skip-link|'
    r'button type="button" class="btn rounded-pill" id="pst-back|'
    r'div id="pst-primary-sidebar|div class="bd-header-article|'
    r'aside id="bd-header-version)\b)([a-z]+)'
)
MENSAJES = re.compile(r"const messages\s*=\s*\{")
ROTULOS = ("copy", "copy_to_clipboard", "copy_success", "copy_failure")
INDICE = re.compile(r'<div\s+id="pst-page-navigation-heading-2"')


def leer_pares(raiz: Path) -> dict[str, tuple[str, bool]]:
    """De cada página con dos lenguas: la otra, y si se quedó atrás de su original."""
    pares = {}
    for ruta in sorted((raiz / "notebooks").glob("*/*.ipynb")):
        if ruta.parent.name not in LENGUAS:
            continue
        cuaderno = nbformat.read(ruta, as_version=4)
        original = traducir.original_de(cuaderno, raiz / "notebooks")
        suya = f"notebooks/{ruta.parent.name}/{ruta.stem}"
        de = f"notebooks/{cuaderno.metadata['traduccion']['de']}"
        pares[suya] = de, bool(traducir.cambiadas(cuaderno, original))
        pares[de] = suya, False
    return pares


def enlace_html(pagina: str, otra: str, atrasada: bool, relativa: str) -> str:
    """El párrafo que lleva de una página a la misma en otra lengua.

    `relativa` es la dirección de la otra vista desde esta.
    """
    suya, ajena = lengua_de_pagina(pagina), lengua_de_pagina(otra)
    aviso = f" {escape(suya.atrasada)}" if atrasada else ""
    return (
        f'<p class="otra-lengua"><a href="{relativa}" hreflang="{ajena.codigo}" '
        f'lang="{ajena.codigo}">{escape(ajena.leer_en)}</a>{aviso}</p>'
    )


def alternas(pagina: str, otra: str, sitio: str) -> str:
    """Las dos direcciones, con su lengua, para la cabeza de la página."""
    return "".join(
        f'\n<link rel="alternate" hreflang="{lengua_de_pagina(p).codigo}" '
        f'href="{sitio}{p}.html"/>'
        for p in sorted((pagina, otra))
    )


def poner_lengua(app, pagename, templatename, context, doctree) -> None:
    """Pone el enlace, las direcciones y la lengua de una página."""
    for vecina in ("prev", "next"):
        camino = (context.get(vecina) or {}).get("link", "")
        partes = Path(camino).parts[:-1]
        if lengua_de_pagina(pagename) is not ESPANOL or set(partes) & set(LENGUAS):
            context[vecina] = None
    if pagename not in app.sitio_pares:
        return
    otra, atrasada = app.sitio_pares[pagename]
    relativa = context["pathto"](otra)
    parrafo = enlace_html(pagename, otra, atrasada, relativa)
    context["body"] = context["body"].replace("</h1>", f"</h1>\n{parrafo}", 1)
    context["metatags"] += alternas(pagename, otra, app.sitio_proyecto["sitio"])
    lengua = lengua_de_pagina(pagename)
    if lengua is not ESPANOL:
        context["language"] = lengua.codigo
        suyo = lengua.codigo.replace("-", "_")
        context["metatags"] = context["metatags"].replace(
            'content="es_LA"', f'content="{suyo}"'
        )


def es_escrito(nodo: nodes.Node) -> bool:
    """¿Es texto de una salida? Los mandos de un control son de la página."""
    if isinstance(nodo, nodes.raw):
        return "data-control=" not in nodo.astext()
    return isinstance(nodo, nodes.literal_block)


def apartar_salidas(app, doctree, docname) -> None:
    """Envuelve lo que en una traducción escribe el modelo o el curso, en español.

    Son las celdas con `salida: es` en sus metadatos. Sus figuras no: llevan rótulos y
    texto alternativo en la lengua de la página.
    """
    if lengua_de_pagina(docname) is ESPANOL:
        return
    for caja in list(doctree.findall(nodes.container)):
        celda = caja.parent
        while celda is not None and celda.get("nb_element") != "cell_code":
            celda = celda.parent
        if caja.get("nb_element") != "cell_code_output" or celda is None:
            continue
        if celda.get("cell_metadata", {}).get("salida") != "es":
            continue
        for escrito in list(caja.findall(es_escrito)):
            sobre = nodes.container(classes=[SALIDA_AJENA])
            escrito.parent.replace(escrito, sobre)
            sobre += escrito


def retocar(html: str, pagina: str) -> str:
    """Marca con `lang`, en la página ya escrita, lo que no está en su lengua.

    En las páginas en español son los enlaces a traducciones y su rótulo en el índice.
    """
    lengua = lengua_de_pagina(pagina)
    for carpeta, otra in LENGUAS.items():
        destino = rf'(?= href="[^"]*\b{carpeta}/\w+\.html")'
        html = re.sub(
            rf'<a class="reference internal[^"]*"{destino}',
            rf'\g<0> lang="{otra.codigo}" hreflang="{otra.codigo}"',
            html,
        )
        html = html.replace(
            f'<span class="caption-text">{otra.parte}',
            f'<span class="caption-text" lang="{otra.codigo}">{otra.parte}',
        )
    if lengua is ESPANOL or '<div lang="es" id="pst-skip-link"' in html:
        return html
    antes, marca, resto = html.partition("<article")
    cuerpo, fin, pie = resto.partition("</article>")
    for dicho, suyo in lengua.pagina:
        cuerpo = cuerpo.replace(dicho, suyo)
    cuerpo = re.sub(
        rf'<div class="{SALIDA_AJENA}\b',
        lambda m: f'{m[0].split(" ", 1)[0]} lang="es" {m[0].split(" ", 1)[1]}',
        cuerpo,
    )
    antes, pie = (MARCO.sub(r'<\1 lang="es"', trozo) for trozo in (antes, pie))
    pie = INDICE.sub('<div lang="es" id="pst-page-navigation-heading-2"', pie)
    antes = antes.replace(
        '<a class="current reference internal" href="#">',
        f'<a class="current reference internal" lang="{lengua.codigo}" href="#">',
    )
    return antes + marca + cuerpo + fin + pie


def traducir_botones(app, excepcion) -> None:
    """Enseña al botón de copiar las lenguas que no trae; sin esto lo dice en inglés."""
    ruta = Path(app.outdir) / "_static" / "copybutton.js"
    if excepcion is not None or not ruta.is_file():
        return
    guion = ruta.read_text(encoding="utf-8")
    for lengua in LENGUAS.values():
        if lengua.copiar and f"'{lengua.codigo}'" not in guion:
            suyos = json.dumps(
                dict(zip(ROTULOS, lengua.copiar, strict=True)), ensure_ascii=False
            )
            guion = MENSAJES.sub(
                rf"\g<0>\n  '{lengua.codigo}': {suyos},", guion, count=1
            )
    ruta.write_text(guion, encoding="utf-8")


def leer(app, config) -> None:
    """Lee una vez, al empezar, qué páginas están en dos lenguas."""
    app.sitio_pares = leer_pares(Path(app.srcdir))


def setup(app) -> dict:
    """Conecta los cuatro momentos; el retoque final lo llama `cierre`."""
    app.connect("config-inited", leer)
    app.connect("doctree-resolved", apartar_salidas, priority=700)
    app.connect("html-page-context", poner_lengua, priority=960)
    app.connect("build-finished", traducir_botones, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
