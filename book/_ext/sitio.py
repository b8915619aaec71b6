"""Extensión local del sitio: dirección pública, botones y recursos de cada página.

El resto del trabajo está en módulos vecinos, uno por tarea: `espanol` (textos de la
interfaz), `formulas` (LaTeX en la compilación), `tablas` (tablas generadas),
`descargas` (enlaces al curso), `esqueletos` (los de la clase), `repaso`
(autoevaluación), `laboratorio` (los paneles con el modelo dentro), `controles` (los de
las lecciones, que se mueven), `ficha` (lo que cada página dice de sí misma),
`soluciones` y `plegados` (celdas que se pliegan), `traduccion` (las lecciones en otra
lengua), `cierre` (lo que se corrige con el
sitio ya escrito, con `paginas`, `lenguas` y `enlaces`) y `busqueda` (los datos del
buscador). Tres más lo aligeran al final: `figuras` (SVG), `letras` (las de las
fórmulas) y `estilos` (hojas de estilo).
"""

import re
import tomllib
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

MODULOS = (
    "espanol",
    "formulas",
    "tablas",
    "descargas",
    "esqueletos",
    "repaso",
    "laboratorio",
    "controles",
    "ficha",
    "soluciones",
    "plegados",
    "traduccion",
    "cierre",
    "busqueda",
    "figuras",
    "letras",
    "estilos",
)
COLAB = "https://colab.research.google.com"
# Solo hacen falta donde hay bloques de código que copiar.
GUIONES_DE_CODIGO = ("clipboard.min.js", "copybutton.js")


def leer_proyecto(raiz: Path) -> dict[str, str]:
    """Devuelve repositorio, sitio, versión y etiqueta, leídos de `pyproject.toml`."""
    ruta = raiz / "pyproject.toml"
    try:
        proyecto = tomllib.loads(ruta.read_text(encoding="utf-8"))["project"]
        direcciones = proyecto["urls"]
        return {
            "repositorio": direcciones["Repositorio"].rstrip("/"),
            "sitio": direcciones["Sitio"].rstrip("/") + "/",
            "version": proyecto["version"],
            "etiqueta": f"v{proyecto['version']}",
        }
    except (OSError, KeyError, tomllib.TOMLDecodeError) as causa:
        raise ExtensionError(
            f"No pude leer la dirección del curso en {ruta.name}: hacen falta "
            "[project] version y [project.urls] Repositorio y Sitio."
        ) from causa


def poner_direccion(app: Sphinx, config) -> None:
    """Reparte la dirección única entre las opciones del tema."""
    proyecto = leer_proyecto(Path(app.srcdir))
    app.sitio_proyecto = proyecto
    config.html_baseurl = proyecto["sitio"]
    config.version = config.release = proyecto["version"]
    config.html_theme_options.update(
        repository_url=proyecto["repositorio"], repository_branch=proyecto["etiqueta"]
    )


def enlace_colab(proyecto: dict[str, str], pagina: str, rama: str = "") -> str:
    """Dirección que abre un cuaderno en Colab, en la etiqueta de esta versión.

    Con `rama`, en ella: ahí están los esqueletos, que no se guardan en la principal.
    """
    camino = proyecto["repositorio"].removeprefix("https://github.com/")
    return f"{COLAB}/github/{camino}/blob/{rama or proyecto['etiqueta']}/{pagina}.ipynb"


def enlace_aviso(proyecto: dict[str, str], pagina: str) -> str:
    """Dirección que abre un aviso nuevo, ya titulado en español."""
    titulo = quote(f"Error en la página {pagina}")
    cuerpo = quote("Qué esperabas y qué viste (copia aquí el mensaje completo):\n\n")
    return f"{proyecto['repositorio']}/issues/new?title={titulo}&body={cuerpo}"


def poner_botones(app, pagename, templatename, context, doctree) -> None:
    """Sustituye los botones del tema por los del curso, ya en español."""
    proyecto, botones = app.sitio_proyecto, []
    fuente = context.get("page_source_suffix") or ""
    if fuente == ".ipynb":
        botones.append(
            {
                "type": "link",
                "url": enlace_colab(proyecto, pagename),
                # En un teléfono estrecho se ve «Colab»; el nombre es el mismo.
                "text": '<span class="solo-ancho">Abrir en </span>Colab',
                "icon": "fa-play",
                "label": "colab",
            }
        )
    if fuente:
        descarga = f"{context['pathto']('_sources', 1)}/{context['sourcename']}"
        nombre = "Cuaderno (.ipynb)" if fuente == ".ipynb" else "Texto (.md)"
        codigo = f"blob/{proyecto['etiqueta']}/{pagename}{fuente}"
        enlaces = [
            {"type": "link", "url": descarga, "text": nombre, "icon": "fa-download"},
            {
                "type": "javascript",
                "javascript": "window.print()",
                "text": "Imprimir o PDF",
                "icon": "fa-print",
            },
            {
                "type": "link",
                "url": f"{proyecto['repositorio']}/{codigo}",
                "text": "Ver el código fuente",
                "icon": "fa-code",
            },
            {
                "type": "link",
                "url": enlace_aviso(proyecto, pagename),
                "text": "Avisar de un error",
                "icon": "fa-flag",
            },
        ]
        botones.append(
            {
                "type": "group",
                "tooltip": "Descargar, imprimir o avisar de un error",
                "icon": "fa-ellipsis",
                "buttons": enlaces,
                "label": "pagina",
            }
        )
    context["header_buttons"] = botones


def poner_recursos(app, pagename, templatename, context, doctree) -> None:
    """Deja solo los guiones que la página usa, y los aplaza hasta después del texto.

    Los guiones sin archivo (`DOCUMENTATION_OPTIONS.pagename = …`) se quitan: sirven al
    selector de versiones, que aquí no existe, y fallarían antes que los aplazados.
    """
    con_codigo = doctree is not None and any(doctree.findall(nodes.literal_block))
    con_formulas = doctree is not None and any(
        n for n in doctree.findall() if isinstance(n, (nodes.math, nodes.math_block))
    )
    guiones = []
    for guion in context["script_files"]:
        nombre = str(getattr(guion, "filename", guion) or "")
        if not nombre or nombre.startswith("http"):
            continue
        if nombre in GUIONES_DE_CODIGO and not con_codigo:
            continue
        # El objeto es el mismo en todas las páginas. En la de búsqueda no se aplaza:
        # sus propios guiones vienen después y los necesitan ya cargados.
        guion.attributes.pop("defer", None)
        if pagename != "search":
            guion.attributes["defer"] = "defer"
        guiones.append(guion)
    context["script_files"] = guiones
    if not con_formulas:
        context["css_files"] = [
            hoja for hoja in context["css_files"] if "katex" not in str(hoja.filename)
        ]


def aplazar_imagenes(app, pagename, templatename, context, doctree) -> None:
    """Pide cada imagen cuando se acerca a la vista: con mala red, primero el texto.

    Solo en las lecciones; las demás páginas son cortas y su imagen se ve al llegar.
    """
    if pagename.startswith("notebooks/") and "body" in context:
        context["body"] = re.sub(
            r"<img (?![^>]*\bloading=)", '<img loading="lazy" ', context["body"]
        )


def setup(app: Sphinx) -> dict:
    """Conecta esta extensión y sus módulos vecinos."""
    for modulo in MODULOS:
        app.setup_extension(modulo)
    # Jupyter Book pasa estas dos opciones aunque aquí no se carguen sus extensiones.
    app.add_config_value("comments_config", {}, "html")
    app.add_config_value("use_jupyterbook_latex", False, "env")
    app.add_css_file("curso.css", priority=900)
    app.add_js_file("curso.js")
    app.add_css_file("katex/katex.min.css", priority=800)
    app.connect("config-inited", poner_direccion)
    app.connect("html-page-context", poner_botones, priority=800)
    app.connect("html-page-context", poner_recursos, priority=900)
    app.connect("html-page-context", aplazar_imagenes, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
