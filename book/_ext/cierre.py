"""Lo que se corrige con el sitio ya escrito: portada, iconos y archivos de más."""

import re
from pathlib import Path, PurePosixPath
from shutil import rmtree
from urllib.parse import urlsplit

import codigo
import enlaces
import lenguas
import paginas
import traduccion
from sphinx.errors import ExtensionError

RAIZ_DE_ICONOS = "vendor/fontawesome"
QUITAR_FOCO = r"(o=>{o.detail&&\1.blur()})"


def mudar_enlaces(html: str, carpeta: PurePosixPath, prefijo: str = "") -> str:
    """Escribe los enlaces de una página de `carpeta` vistos desde la raíz del sitio.

    Con `prefijo` («/curso/») quedan absolutos: valen desde cualquier dirección.
    """

    def desde_la_raiz(hallazgo: re.Match) -> str:
        atributo, destino = hallazgo.groups()
        if re.match(r"[a-z]+:|#|/", destino) or not destino:
            return hallazgo.group(0)
        partes: list[str] = []
        camino, marca, resto = re.match(r"([^?#]*)([?#]?)(.*)", destino).groups()
        for parte in (carpeta / camino).parts:
            partes = partes[:-1] if parte == ".." else [*partes, parte]
        return f'{atributo}="{prefijo}{"/".join(partes)}{marca}{resto}"'

    return re.sub(r'\b(href|src|action)="([^"]*)"', desde_la_raiz, html)


def portada(app, salida: Path) -> None:
    """Escribe `/index.html`: la portada completa, con los enlaces vistos desde la raíz.

    Jupyter Book pone ahí una redirección vacía, sin título ni idioma.
    """
    raiz = app.config.root_doc
    html = (salida / f"{raiz}.html").read_text(encoding="utf-8")
    html = mudar_enlaces(html, PurePosixPath(raiz).parent)
    html = html.replace('data-content_root="../"', 'data-content_root="./"')
    (salida / "index.html").write_text(html, encoding="utf-8")


def pagina_404(salida: Path, sitio: str) -> None:
    """Hace absolutos los enlaces de `404.html`: se enseña en cualquier dirección."""
    ruta, prefijo = salida / "404.html", urlsplit(sitio).path
    html = mudar_enlaces(ruta.read_text("utf-8"), PurePosixPath(), prefijo)
    html = html.replace('data-content_root="./"', f'data-content_root="{prefijo}"')
    ruta.write_text(html, encoding="utf-8")


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


def conservar_foco(salida: Path) -> None:
    """Con el teclado, los botones de arriba conservan el foco después de usarlos.

    El guion del tema se lo quita a todos, para que se vaya la etiqueta que sale con el
    ratón; aquí solo cuando se usó el ratón o el dedo (`detail` cuenta sus toques).
    """
    ruta = salida / "_static" / "scripts" / "sphinx-book-theme.js"
    guion = ruta.read_text(encoding="utf-8")
    nuevo, veces = re.subn(r"\(\(\)=>\{(\w+)\.blur\(\)\}\)", QUITAR_FOCO, guion)
    if veces == 0 and "detail&&" not in guion:
        raise ExtensionError(
            "El guion del tema cambió: busca en él cómo quita el foco a los botones y "
            "corrige conservar_foco, de book/_ext/cierre.py."
        )
    ruta.write_text(nuevo, encoding="utf-8")


def arreglar_pagina(app, pagename, templatename, context, doctree) -> None:
    """Corrige en el cuerpo los papeles ARIA que la norma ya no admite, y un inglés."""
    if "body" in context:
        cuerpo = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')
        # pybtex deja en inglés el «and others» de una lista de autores sin acabar.
        context["body"] = cuerpo.replace(" y others.", " y otros.")


def al_terminar(app, excepcion) -> None:
    """Corre una vez, después de escribir todas las páginas."""
    if excepcion is None and app.builder.name == "html":
        salida = Path(app.outdir).resolve()

        def nombre_de(ruta: Path) -> str:
            return ruta.relative_to(salida).with_suffix("").as_posix()

        glosario = salida / "book" / "glosario.html"
        ingles = lenguas.terminos(glosario.read_text(encoding="utf-8"))
        titulos = lenguas.titulos_de(Path(app.srcdir))
        tema = app.config.html_theme_options
        llanas = codigo.llanas(
            tema["pygments_light_style"], tema["pygments_dark_style"]
        )
        retoques = [
            lambda html, _: lenguas.marcar(html, ingles, titulos),
            lambda html, ruta: traduccion.retocar(html, nombre_de(ruta)),
            lambda html, _: codigo.aligerar(html, llanas),
        ]
        paginas.retocar(salida, retoques)
        enlaces.unir(salida)
        portada(app, salida)
        pagina_404(salida, app.sitio_proyecto["sitio"])
        aligerar(salida)
        conservar_foco(salida)


def setup(app) -> dict:
    """Conecta los dos momentos del cierre."""
    app.connect("html-page-context", arreglar_pagina, priority=950)
    app.connect("build-finished", al_terminar, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
