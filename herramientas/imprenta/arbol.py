"""Las páginas del sitio construido como árboles, y lo que se cambia en ellas.

El PDF y el EPUB salen del mismo HTML que se publica: lo que allí está probado (figuras
ligeras, anclas, enlaces del glosario, fórmulas) no se hace dos veces.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import yaml

from herramientas.cuadernos.lenguas import ESPANOL, lengua_de_pagina

VACIAS = {"img", "br", "hr", "input", "meta", "link", "col", "source", "wbr"}
ATRIBUTO = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
ARTICULO = re.compile(r'<article class="bd-article">(.*?)</article>', re.DOTALL)
MINUTOS = re.compile(r"\s*·\s*\d+ min$")
# Lo que en una página sirve para navegar o usarla y en un libro sobra.
SOBRAN = {
    *("headerlink", "definicion", "letras", "solo-papel", "marcar-hecha", "copybtn"),
    "control",  # los mandos de la página: queda la hoja con varios ajustes
}
LABORATORIO = "book/laboratorio"  # entera, es para usar en la página
PARA_USAR = {"script", "noscript", "button", "input", "select", "textarea", "dialog"}


class ErrorDeImprenta(Exception):
    """Algo que quien publica puede resolver. Su texto es la frase que verá."""


@dataclass
class Pagina:
    """Una página del libro: su nombre («book/index»), su parte, su título y su HTML."""

    nombre: str
    parte: str
    titulo: str
    cuerpo: ET.Element

    @property
    def clave(self) -> str:
        """Un nombre sin barras, único en el libro: «glosario», «07_cuantizacion»."""
        return self.nombre.rpartition("/")[2]


class _Lector(HTMLParser):
    """Hace un árbol del HTML sin perder las mayúsculas de los dibujos SVG."""

    def __init__(self) -> None:
        super().__init__()
        self.obra = ET.TreeBuilder()
        self.abiertas: list[str] = []

    def handle_starttag(self, etiqueta: str, atributos: list) -> None:
        crudo = self.get_starttag_text()
        nombre = re.match(r"<([^\s/>]+)", crudo)[1]
        dentro = crudo[1 + len(nombre) :].rstrip("/>")
        self.obra.start(
            nombre,
            {a: unescape(v.strip("\"'")) for a, v in ATRIBUTO.findall(dentro)},
        )
        self.abiertas.append(nombre)
        if nombre in VACIAS or crudo.endswith("/>"):
            self.obra.end(self.abiertas.pop())

    def handle_startendtag(self, etiqueta: str, atributos: list) -> None:
        self.handle_starttag(etiqueta, atributos)

    def handle_endtag(self, etiqueta: str) -> None:
        if etiqueta in (abierta.lower() for abierta in self.abiertas):
            while True:
                nombre = self.abiertas.pop()
                self.obra.end(nombre)
                if nombre.lower() == etiqueta:
                    break

    def handle_data(self, texto: str) -> None:
        self.obra.data(texto)


def leer_html(html: str) -> ET.Element:
    """El árbol de un trozo de HTML, dentro de un `<div>`."""
    lector = _Lector()
    lector.feed(f"<div>{html}</div>")
    lector.close()
    return lector.obra.close()


def clases(nodo: ET.Element) -> set[str]:
    """Las clases de un nodo."""
    return set((nodo.get("class") or "").split())


def texto_de(nodo: ET.Element) -> str:
    """El texto de un nodo y de lo que lleva dentro, en una línea.

    Una fórmula está tres veces en la página; aquí, una, como se lee.
    """

    def trozos(este: ET.Element) -> Iterator[str]:
        if este.tag != "annotation" and "katex-html" not in clases(este):
            yield este.text or ""
            for hijo in este:
                yield from trozos(hijo)
                yield hijo.tail or ""

    return " ".join("".join(trozos(nodo)).split())


def quitar(raiz: ET.Element, sobra: Callable[[ET.Element], bool]) -> None:
    """Quita los nodos que `sobra` señala; el texto que los sigue se queda."""
    for padre in list(raiz.iter()):
        anterior = None
        for hijo in list(padre):
            if not sobra(hijo):
                anterior = hijo
                continue
            if hijo.tail and anterior is not None:
                anterior.tail = (anterior.tail or "") + hijo.tail
            elif hijo.tail:
                padre.text = (padre.text or "") + hijo.tail
            padre.remove(hijo)


def en_orden(raiz: Path) -> Iterator[tuple[str, str]]:
    """Cada página de `_toc.yml`, con la parte en que está; la portada, la primera."""
    indice = yaml.safe_load((raiz / "_toc.yml").read_text("utf-8"))
    yield indice["root"], ""
    for parte in indice["parts"]:
        for capitulo in parte["chapters"]:
            yield capitulo["file"].removesuffix(".ipynb"), parte["caption"]


def _panel(nodo: ET.Element) -> bool:
    """Si es un panel del laboratorio, con su título: en papel no se mueve nada."""
    return any("panel-lab" in clases(hijo) for hijo in nodo)


def leer_paginas(sitio: Path, raiz: Path, con_soluciones: bool = True) -> list[Pagina]:
    """Las páginas del sitio construido, en su orden y listas para un libro.

    Argumentos: `sitio`, la carpeta de lo construido; `raiz`, la del curso, de donde se
    lee el orden; `con_soluciones`, si quedan las celdas de solución. Las lecciones en
    otra lengua quedan en el sitio: el libro está en español.
    Lanza `ErrorDeImprenta` si falta alguna página.
    """
    paginas = []
    for nombre, parte in en_orden(raiz):
        if nombre == LABORATORIO or lengua_de_pagina(nombre) is not ESPANOL:
            continue
        ruta = sitio / f"{nombre}.html"
        articulo = ruta.is_file() and ARTICULO.search(ruta.read_text("utf-8"))
        if not articulo:
            raise ErrorDeImprenta(
                f"En {sitio} falta {nombre}.html: ejecuta «make libro» y repite."
            )
        cuerpo = leer_html(articulo[1])
        quitar(cuerpo, lambda n: n.tag in PARA_USAR or bool(clases(n) & SOBRAN))
        quitar(cuerpo, lambda n: n.get("id") == "mi-avance")
        quitar(cuerpo, _panel)
        if not con_soluciones:
            quitar(cuerpo, lambda n: "tag_solucion" in clases(n))
        desplegar(cuerpo, con_soluciones)
        titulo = next(cuerpo.iter("h1"), None)
        if titulo is None:
            raise ErrorDeImprenta(f"{nombre}.html no tiene título.")
        paginas.append(Pagina(nombre, parte, texto_de(titulo), cuerpo))
    return paginas


def desplegar(cuerpo: ET.Element, con_soluciones: bool) -> None:
    """Cambia cada cosa plegada por lo que guarda, y cada figura ampliable, por ella.

    En la autoevaluación queda la opción y, si hay soluciones, su explicación.
    """
    for nodo in list(cuerpo.iter("details")):
        opcion = "opcion" in clases(nodo)
        nodo.tag = "div"
        nodo.attrib.pop("name", None)
        rotulo = nodo.find("summary")
        if opcion and rotulo is not None:
            rotulo.tag = "p"
            rotulo.set("class", "dicho")
            if not con_soluciones:
                quitar(nodo, lambda n, este=rotulo: n is not este and n.tag == "p")
        elif rotulo is not None:
            nodo.remove(rotulo)
    for figura in cuerpo.iter("a"):
        if "figura" in clases(figura):
            figura.tag = "span"
            del figura.attrib["href"]
    for imagen in cuerpo.iter("img"):
        imagen.attrib.pop("loading", None)


def mudar(
    paginas: list[Pagina],
    ancla: Callable[[Pagina, str], str],
    enlace: Callable[[Pagina, str], str],
    archivo: Callable[[str], str],
    publico: str,
) -> None:
    """Reescribe identificadores y direcciones para su sitio en el libro.

    Argumentos: `ancla` da el identificador nuevo de uno de una página; `enlace`, la
    dirección de un ancla de una página, vacía si es la página; `archivo`, la de un
    archivo del sitio, dado por su ruta desde la raíz; `publico`, la dirección pública
    del sitio, para lo que no va en el libro.
    """
    por_ruta = {f"{p.nombre}.html": p for p in paginas}
    hay = {p.nombre: {n.get("id") for n in p.cuerpo.iter()} for p in paginas}

    def direccion(pagina: Pagina, dicha: str) -> str:
        if re.match(r"[a-z][a-z+.-]*:", dicha):
            return dicha
        camino, _, marca = dicha.partition("#")
        camino = posixpath.normpath(
            posixpath.join(posixpath.dirname(pagina.nombre), unquote(camino))
            if camino
            else f"{pagina.nombre}.html"
        )
        destino, marca = por_ruta.get(camino), unquote(marca)
        if destino is None:
            return publico + camino + (f"#{marca}" if marca else "")
        return enlace(destino, marca if marca in hay[destino.nombre] else "")

    for pagina in paginas:
        for nodo in pagina.cuerpo.iter():
            if nodo.get("id"):
                nodo.set("id", ancla(pagina, nodo.get("id")))
            for cual in ("aria-labelledby", "aria-describedby"):
                if nodo.get(cual):
                    nombres = nodo.get(cual).split()
                    nodo.set(cual, " ".join(ancla(pagina, n) for n in nombres))
            if nodo.get("src") and not nodo.get("src").startswith("data:"):
                carpeta = posixpath.dirname(pagina.nombre)
                ruta = posixpath.normpath(posixpath.join(carpeta, nodo.get("src")))
                nodo.set("src", archivo(ruta))
        for nodo in pagina.cuerpo.iter("a"):
            if nodo.get("href"):
                nodo.set("href", direccion(pagina, nodo.get("href")))


def apartados(pagina: Pagina, hasta: int = 2) -> list[tuple[int, str, str]]:
    """Los títulos de una página: nivel, texto sin minutos y ancla de su apartado.

    Argumentos: `hasta`, el último nivel que cuenta; el título de la página no sale.
    """
    salida = []
    for seccion in pagina.cuerpo.iter("section"):
        for titulo in seccion:
            nivel = int(titulo.tag[1]) if re.fullmatch("h[2-6]", titulo.tag) else 9
            texto = MINUTOS.sub("", texto_de(titulo)) if nivel <= hasta else ""
            if texto not in ("", pagina.titulo) and seccion.get("id"):
                salida.append((nivel, texto, seccion.get("id")))
    return salida
