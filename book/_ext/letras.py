"""Letras de KaTeX recortadas: cada archivo lleva solo los signos que usa el curso.

El recorte es uno para todo el sitio, y así una página aprovecha lo que otra ya trajo.
Parte siempre de las letras enteras de `book/_static`.
"""

from html.parser import HTMLParser
from pathlib import Path

from fontTools import subset

CARPETA = Path("_static") / "katex" / "fonts"
# KaTeX numera las ecuaciones desde su hoja de estilo, fuera del HTML.
SIEMPRE = "()0123456789"


class Lector(HTMLParser):
    """Reúne los signos que se ven dentro de `<span class="katex-html">`."""

    def __init__(self) -> None:
        super().__init__()
        self.signos: set[str] = set()
        self.hondura = 0  # cuántos <span> abiertos desde la fórmula; 0 es fuera

    def handle_starttag(self, etiqueta: str, atributos: list) -> None:
        if etiqueta == "span" and (
            self.hondura or ("class", "katex-html") in atributos
        ):
            self.hondura += 1

    def handle_endtag(self, etiqueta: str) -> None:
        if etiqueta == "span" and self.hondura:
            self.hondura -= 1

    def handle_data(self, texto: str) -> None:
        if self.hondura:
            self.signos.update(texto)


def signos_de(salida: Path) -> set[str]:
    """Los signos de todas las fórmulas de un sitio ya escrito."""
    lector = Lector()
    for pagina in salida.rglob("*.html"):
        html = pagina.read_text(encoding="utf-8")
        if 'class="katex-html"' in html:
            lector.feed(html)
            lector.hondura = 0
    return lector.signos


def recortar(entera: Path, corta: Path, signos: set[str]) -> None:
    """Escribe en `corta` la letra WOFF2 `entera` con solo los signos pedidos.

    Conserva las distancias entre signos. Los ajustes a pantallas de pocos puntos se
    van: son 2 kB por letra, y una lección pide cinco.
    """
    opciones = subset.Options(
        flavor="woff2", layout_features=["*"], notdef_outline=True, hinting=False
    )
    with subset.load_font(str(entera), opciones) as letra:
        recorte = subset.Subsetter(opciones)
        recorte.populate(unicodes=[ord(s) for s in signos])
        recorte.subset(letra)
        subset.save_font(letra, str(corta), opciones)


def recortar_todas(app, excepcion) -> None:
    """Recorta las letras del sitio construido."""
    if excepcion is not None or app.builder.name != "html":
        return
    salida = Path(app.outdir)
    signos = signos_de(salida) | set(SIEMPRE)
    for entera in sorted((Path(app.srcdir) / "book" / CARPETA).glob("*.woff2")):
        recortar(entera, salida / CARPETA / entera.name, signos)


def setup(app) -> dict:
    """Conecta el trabajo con el final de la construcción."""
    app.connect("build-finished", recortar_todas, priority=910)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
