"""Lo que se corrige con el sitio ya escrito: portada, iconos y archivos de más."""

import re
from pathlib import Path, PurePosixPath
from shutil import rmtree

RAIZ_DE_ICONOS = "vendor/fontawesome"


def portada(app, salida: Path) -> None:
    """Escribe `/index.html`: la portada completa, con los enlaces vistos desde la raíz.

    Jupyter Book pone ahí una redirección vacía, sin título ni idioma.
    """
    raiz = app.config.root_doc
    carpeta = PurePosixPath(raiz).parent
    html = (salida / f"{raiz}.html").read_text(encoding="utf-8")

    def desde_la_raiz(hallazgo: re.Match) -> str:
        atributo, destino = hallazgo.groups()
        if re.match(r"[a-z]+:|#|//", destino) or not destino:
            return hallazgo.group(0)
        partes: list[str] = []
        camino, marca, resto = re.match(r"([^?#]*)([?#]?)(.*)", destino).groups()
        for parte in (carpeta / camino).parts:
            partes = partes[:-1] if parte == ".." else [*partes, parte]
        return f'{atributo}="{"/".join(partes)}{marca}{resto}"'

    html = re.sub(r'\b(href|src|action)="([^"]*)"', desde_la_raiz, html)
    html = html.replace('data-content_root="../"', 'data-content_root="./"')
    (salida / "index.html").write_text(html, encoding="utf-8")


def aligerar(salida: Path) -> None:
    """Quita la letra de iconos (los que se usan están en curso.css) y los mapas."""
    estaticos = salida / "_static"
    rmtree(estaticos / RAIZ_DE_ICONOS, ignore_errors=True)
    (estaticos / "scripts" / "fontawesome.js").unlink(missing_ok=True)
    for mapa in [*estaticos.rglob("*.map"), *estaticos.rglob("*.LICENSE.txt")]:
        if mapa.suffix == ".map" or "fontawesome" in mapa.name:
            mapa.unlink()
    hoja = estaticos / "styles" / "pydata-sphinx-theme.css"
    css = hoja.read_text(encoding="utf-8")
    css = re.sub(r"(?:\.fa-[\w-]+(?::{1,2}before|:after)?,?)+\{[^{}]*\}", "", css)
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    hoja.write_text(css, encoding="utf-8")


def arreglar_pagina(app, pagename, templatename, context, doctree) -> None:
    """Cambia en el cuerpo los papeles ARIA que la norma ya no admite."""
    if "body" in context:
        context["body"] = context["body"].replace(
            'role="doc-biblioentry"', 'role="listitem"'
        )


def al_terminar(app, excepcion) -> None:
    """Corre una vez, después de escribir todas las páginas."""
    if excepcion is None and app.builder.name == "html":
        salida = Path(app.outdir)
        portada(app, salida)
        aligerar(salida)


def setup(app) -> dict:
    """Conecta los dos momentos del cierre."""
    app.connect("html-page-context", arreglar_pagina, priority=950)
    app.connect("build-finished", al_terminar, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
