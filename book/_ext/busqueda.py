"""Los datos del buscador: el texto de cada apartado del sitio, en un guion.

El de Sphinx solo da títulos de páginas, y para enseñar el texto tendría que pedirlas al
servidor, que no existe con `file://`. Aquí `_static/busqueda-datos.js` trae todo en una
lista y `buscar.js` ordena y enseña. Solo los pide la página de búsqueda.

    [[página, título, [[ancla, título, texto, código], …]], …]

Cada entrada del glosario es un apartado. El código son las palabras distintas de las
celdas: cuentan para hallar y no se enseñan.
"""

import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

CASA = str(Path(__file__).resolve().parents[2])
if CASA not in sys.path:  # «jupyter-book build» no siempre se corre desde la raíz
    sys.path.append(CASA)

from herramientas.cuadernos.lenguas import ESPANOL, lengua_de_pagina  # noqa: E402

DATOS = Path("_static", "busqueda-datos.js")
DE_SPHINX = ("searchindex.js", "_static/searchtools.js", "_static/translations.js")
MINUTOS = re.compile(r"\s*·\s*\d+ min$")
ARTICULO = re.compile(r'<article class="bd-article">(.*?)</article>', re.DOTALL)
CODIGO = re.compile(r"<pre\b[^>]*>(.*?)</pre>", re.DOTALL)
DIBUJO = re.compile(r"<(svg|style|script)\b.*?</\1>", re.DOTALL)
NOMBRE = re.compile(r"[A-Za-zÁÉÍÓÚÑáéíóúñ_]\w{3,}")
BLOQUES = {"p", "li", "td", "th", "dd", "dt", "figcaption"}
TITULOS = {"h1", "h2", "h3", "h4"}
# Lo que está dentro no es texto de la lección. De una fórmula queda su LaTeX.
CALLADAS = {"headerlink", "cell_output", "katex-html", "solo-papel"}
VACIAS = {"img", "br", "hr", "input", "meta", "link", "col", "source", "wbr"}


class Lector(HTMLParser):
    """Reparte el texto de un artículo entre sus apartados."""

    def __init__(self) -> None:
        super().__init__()
        # [ancla, título, texto, código]; el último de `abiertos` es el apartado actual.
        self.apartados: list[list[str]] = []
        self.abiertos: list[int] = []
        self.pila: list[tuple[str, bool]] = []  # cada etiqueta, y si hace callar
        self.donde = 2  # 1, en un título; 2, en el texto

    def abrir(self, ancla: str) -> None:
        self.abiertos.append(len(self.apartados))
        self.apartados.append([ancla, "", "", ""])

    def handle_starttag(self, etiqueta: str, atributos: list) -> None:
        if etiqueta in VACIAS:
            return
        dados = dict(atributos)
        calla = bool(CALLADAS & set((dados.get("class") or "").split()))
        # Lo escrito para lectores de pantalla repite la fórmula, salvo su LaTeX.
        self.pila.append((etiqueta, calla or etiqueta == "semantics"))
        if etiqueta == "section" and dados.get("id"):
            self.abrir(dados["id"])
        elif etiqueta == "dt" and (dados.get("id") or "").startswith("term-"):
            if self.pila[-2:-1] == [("dl", False)] and self.en_entrada:
                self.abiertos.pop()
            self.abrir(dados["id"])
            self.en_entrada = True
            self.donde = 1
        elif etiqueta in TITULOS:
            self.donde = 1
        if etiqueta in BLOQUES:
            self.decir(" ")

    en_entrada = False

    def handle_endtag(self, etiqueta: str) -> None:
        while self.pila:
            otra, _ = self.pila.pop()
            if otra == etiqueta:
                break
        if etiqueta == "section" and self.abiertos:
            self.abiertos.pop()
        elif etiqueta == "dl" and self.en_entrada:
            self.abiertos.pop()
            self.en_entrada = False
        elif etiqueta in TITULOS or etiqueta == "dt":
            self.donde = 2

    def handle_data(self, dicho: str) -> None:
        dentro = [e for e, _ in self.pila]
        callado = any(calla for _, calla in self.pila)
        if dentro[-1:] == ["annotation"] or not callado:
            self.decir(dicho)

    def handle_comment(self, dicho: str) -> None:
        """El código llega como comentario: ver `apartados_de`."""
        if self.abiertos:
            self.apartados[self.abiertos[-1]][3] += " " + dicho

    def decir(self, dicho: str) -> None:
        if self.abiertos:
            self.apartados[self.abiertos[-1]][self.donde] += dicho


def apartados_de(html: str) -> list[list[str]]:
    """Los apartados de una página: ancla, título sin minutos, texto y código.

    Devuelve una lista vacía si la página no tiene artículo con apartados.
    """
    articulo = ARTICULO.search(html)
    if not articulo:
        return []

    def como_comentario(hallado: re.Match) -> str:
        nombres = NOMBRE.findall(re.sub(r"<[^>]+>|&\w+;", "", hallado[1]))
        return f"<!--{' '.join(dict.fromkeys(nombres))}-->"

    lector = Lector()
    lector.feed(CODIGO.sub(como_comentario, DIBUJO.sub("", articulo[1])))
    for apartado in lector.apartados:
        limpio = [" ".join(trozo.split()) for trozo in apartado]
        codigo = dict.fromkeys(limpio[3].split())
        apartado[:] = [limpio[0], MINUTOS.sub("", limpio[1]), limpio[2]]
        apartado.append(" ".join(codigo))
    return lector.apartados


def reunir(salida: Path, paginas: list[str]) -> list[list]:
    """El texto de las páginas en español, en el orden dado.

    Las que están en otra lengua no entran: el reductor es del español, y repetirían la
    lección de que salen.
    """
    datos = []
    for pagina in paginas:
        if lengua_de_pagina(pagina) is not ESPANOL:
            continue
        html = (salida / f"{pagina}.html").read_text(encoding="utf-8")
        if apartados := apartados_de(html):
            datos.append([pagina, apartados[0][1], apartados])
    return datos


def escribir(app, excepcion) -> None:
    """Escribe los datos, con las anclas que dejó `cierre`, y quita lo de Sphinx."""
    if excepcion is not None or app.builder.name != "html":
        return
    salida = Path(app.outdir)
    datos = reunir(salida, sorted(app.env.found_docs))
    texto = json.dumps(datos, ensure_ascii=False, separators=(",", ":"))
    (salida / DATOS).write_text(f"const DATOS = {texto};\n", encoding="utf-8")
    for sobra in (
        "searchindex.js",
        "_static/searchtools.js",
        "_static/translations.js",
    ):
        (salida / sobra).unlink(missing_ok=True)


def poner_guiones(app, pagename, templatename, context, doctree) -> None:
    """Quita de cada página los textos del buscador de Sphinx, que ya no se usa."""
    context["script_files"] = [
        guion
        for guion in context["script_files"]
        if "translations.js" not in str(getattr(guion, "filename", guion))
    ]


def setup(app) -> dict:
    """Conecta el trabajo con el final de la construcción, después de `cierre`."""
    app.connect("html-page-context", poner_guiones, priority=950)
    app.connect("build-finished", escribir, priority=905)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
