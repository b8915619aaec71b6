"""Español donde Sphinx y el tema dejan inglés: interfaz, bibliografía y búsqueda."""

import gettext
import re
import unicodedata
from pathlib import Path

import sphinx.locale
import sphinx.search
from myst_nb.sphinx_ import HideCodeCellNode
from pybtex.plugin import register_plugin
from pybtex.style.formatting.unsrt import Style as EstiloBase
from pybtex.style.template import names, sentence
from sphinx.search.es import SearchSpanish

TEXTOS = {
    "By": "Por",
    "Click to collapse": "Clic para plegar",
    "Click to expand": "Clic para desplegar",
    "Color mode": "Cambiar entre claro, oscuro y automático",
    "Contents": "En esta página",
    "Dark": "Oscuro",
    "Light": "Claro",
    "Link to this equation": "Enlace a esta ecuación",
    "Link to this heading": "Enlace a este apartado",
    "Link to this image": "Enlace a esta imagen",
    "Link to this table": "Enlace a esta tabla",
    "Link to this code": "Enlace a este código",
    "Link to this term": "Enlace a este término",
    "Link to this toctree": "Enlace a este índice",
    "Permalink to this definition": "Enlace a esta definición",
    "Link to this definition": "Enlace a esta definición",
    "Please activate JavaScript to enable the search functionality.": (
        "Activa JavaScript para buscar en el curso."
    ),
    "Search": "Buscar",
    "Section Navigation": "Páginas del curso",
    "Site navigation": "Páginas del curso",
    "System Settings": "Como el sistema",
    "Table of Contents": "Índice",
    "next": "Siguiente",
    "next page": "página siguiente",
    "previous": "Anterior",
    "previous page": "página anterior",
    "logo": "logotipo",
}


class Traductor(gettext.NullTranslations):
    """Catálogo que mira primero en `TEXTOS` y después en el de la biblioteca."""

    def gettext(self, mensaje: str) -> str:
        return TEXTOS.get(mensaje) or super().gettext(mensaje)


def poner_textos(app, config) -> None:
    """Antepone `TEXTOS` a los catálogos de Sphinx y del tema."""
    for clave in (("general", "sphinx"), ("general", "booktheme")):
        anterior = sphinx.locale.translators.get(clave)
        nuevo = Traductor()
        nuevo.add_fallback(anterior or gettext.NullTranslations())
        sphinx.locale.translators[clave] = nuevo
        if clave[1] == "sphinx":
            app.translator = nuevo  # el que usan las plantillas


# ── Celdas plegadas ──────────────────────────────────────────────────────────


def abrir_plegado(self, nodo) -> None:
    """Escribe el título de una celda plegada, que dice lo que guarda."""
    solucion = "tag_solucion" in nodo.parent.get("classes", [])
    que = nodo.get("rotulo") or ("solución" if solucion else "código")
    clases = " ".join(nodo["classes"])
    self.body.append(
        f'<details class="plegado {clases}"><summary>'
        f'<span class="plegado-cerrado">Mostrar {que}</span>'
        f'<span class="plegado-abierto">Ocultar {que}</span></summary>\n'
    )


def cerrar_plegado(self, nodo) -> None:
    """Cierra la celda plegada."""
    self.body.append("</details>\n")


# ── Bibliografía ─────────────────────────────────────────────────────────────


class EstiloEspanol(EstiloBase):
    """El estilo `unsrt` de pybtex, ordenado por autor y con «y» antes del último."""

    default_sorting_style = "author_year_title"

    def format_names(self, role, as_sentence=True):
        autores = names(role, sep=", ", sep2=" y ", last_sep=" y ")
        return sentence[autores] if as_sentence else autores


# ── Búsqueda ─────────────────────────────────────────────────────────────────
# Lo buscado y el texto pasan por la misma reducción: sin acentos, salvo el de «-ción» y
# «-sión», que el reductor de Snowball necesita ver; y sin acentos otra vez al final.
# El navegador la hace con las palabras vacías y el reductor que Sphinx escribe en
# language_data.js; el índice de Sphinx queda vacío: el buscador es el de `busqueda`.


def sin_acentos(palabra: str) -> str:
    """Quita tildes y diéresis; conserva la eñe."""
    suelta = unicodedata.normalize("NFD", palabra)
    return unicodedata.normalize("NFC", re.sub("[\u0301\u0308]", "", suelta))


class BusquedaSinAcentos(SearchSpanish):
    """Búsqueda en español en la que «cuantizacion» encuentra «cuantización»."""

    js_stemmer_rawcode = ""
    # El curso trata del tratamiento: estas no son palabras vacías aquí.
    stopwords = SearchSpanish.stopwords - {"tú", "ti", "vosotros", "vosotras"}

    def split(self, texto: str) -> list[str]:
        return []

    def stem(self, palabra: str) -> str:
        if palabra.lower() == "tú":  # sin tilde sería «tu», que sí es vacía
            return "tú"
        limpia = re.sub("([cs])ion$", "\\1ión", sin_acentos(palabra.lower()))
        return sin_acentos(super().stem(limpia))

    @property
    def js_stemmer_code(self) -> str:
        carpeta = Path(sphinx.search.__file__).parent / "minified-js"
        base = (carpeta / "base-stemmer.js").read_text(encoding="utf-8")
        espanol = (carpeta / "spanish-stemmer.js").read_text(encoding="utf-8")
        return (
            f"{base}\n{espanol}\n"
            "function sinAcentos(p) { return p.normalize('NFD')"
            ".replace(/[\\u0301\\u0308]/g, '').normalize('NFC'); }\n"
            "function Stemmer() { const s = new SpanishStemmer();"
            " this.stemWord = (p) => p === 'tú' ? p : sinAcentos("
            "s.stemWord(sinAcentos(p).replace(/([cs])ion$/, '$1ión'))); }\n"
        )


def setup(app) -> dict:
    """Conecta textos, celdas plegadas, bibliografía y búsqueda."""
    register_plugin("pybtex.style.formatting", "espanol", EstiloEspanol)
    app.connect("config-inited", poner_textos, priority=900)
    app.add_node(HideCodeCellNode, override=True, html=(abrir_plegado, cerrar_plegado))
    app.add_search_language(BusquedaSinAcentos)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
