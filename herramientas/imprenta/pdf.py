"""Hace un PDF del curso: accesible, con índice y para leer sin red o en papel.

    python -m herramientas.imprenta.pdf                    con las soluciones
    python -m herramientas.imprenta.pdf --sin-soluciones   sin ellas

Antes construye el sitio con «make libro»; «make pdf» hace las dos cosas. Lo imprime un
Chromium o Chrome sin ventana (si no está donde se busca, di su ruta en TALLER_CHROMIUM)
y queda en `_build/`. Se imprime dos veces: de la primera salen los números de página
que el índice dice en la segunda.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from herramientas.archivos import RAIZ
from herramientas.imprenta.arbol import (
    ErrorDeImprenta,
    Pagina,
    apartados,
    clases,
    leer_paginas,
    mudar,
)
from herramientas.imprenta.orden import cumplir
from herramientas.imprenta.portada import Ficha, dibujar_portada, leer_ficha
from herramientas.navegador import buscar_chromium

PAPEL = Path(__file__).with_name("papel.css")
PLAZO = 600  # segundos que puede tardar Chromium; el curso entero tarda menos de 60
LINEAS_JUNTAS = 24  # una celda de más líneas se puede partir entre dos páginas


def buscar_navegador() -> str:
    """La ruta de un Chromium o Chrome; lanza `ErrorDeImprenta` si no hay."""
    if ruta := buscar_chromium():
        return ruta
    raise ErrorDeImprenta(
        "No encontré Chromium ni Chrome, que imprime el PDF: instala uno o di dónde "
        "está con TALLER_CHROMIUM, y repite."
    )


def bajar_titulos(cuerpo: ET.Element) -> None:
    """Un nivel menos a cada título: el primero es ahora el de la parte del curso."""
    for nodo in cuerpo.iter():
        if nodo.tag in ("h1", "h2", "h3", "h4", "h5"):
            nodo.tag = f"h{int(nodo.tag[1]) + 1}"


def juntar(cuerpo: ET.Element) -> None:
    """Marca las cajas de código que caben juntas en una página.

    La celda y su código se marcan los dos o ninguno: si solo se juntara lo de dentro,
    la caja empezaría vacía al pie de una página.
    """
    for caja in cuerpo.iter():
        if caja.tag == "pre" or "cell_input" in clases(caja):
            textos = ["".join(pre.itertext()) for pre in caja.iter("pre")]
            if sum(texto.count("\n") for texto in textos) <= LINEAS_JUNTAS:
                caja.set("class", f"{caja.get('class', '')} junta".strip())


def indice(paginas: list[Pagina], hojas: dict[str, int]) -> ET.Element:
    """El índice, con enlaces y, si se saben, los números de página.

    Argumentos: `hojas`, la página de cada ancla.
    """
    nav = ET.Element("nav", {"class": "indice", "aria-labelledby": "indice"})
    ET.SubElement(nav, "h1", {"id": "indice"}).text = "Índice"
    lista, parte = ET.SubElement(nav, "ul"), ""
    for pagina in paginas:
        if pagina.parte != parte:
            parte = pagina.parte
            ET.SubElement(lista, "li", {"class": "de-parte"}).text = parte
        fila = ET.SubElement(lista, "li")
        renglon(fila, pagina.clave, pagina.titulo, hojas)
        dentro = ET.Element("ul")
        for _, texto, ancla in apartados(pagina, 3):
            renglon(ET.SubElement(dentro, "li"), ancla, texto, hojas)
        if len(dentro) and pagina.nombre.startswith("notebooks/"):
            fila.append(dentro)
    return nav


def renglon(fila: ET.Element, ancla: str, texto: str, hojas: dict[str, int]) -> None:
    """Una línea del índice."""
    enlace = ET.SubElement(fila, "a", {"href": f"#{ancla}"})
    ET.SubElement(enlace, "span", {"class": "que"}).text = texto
    hoja = ET.SubElement(enlace, "span", {"class": "hoja"})
    hoja.text = str(hojas.get(ancla, "000"))


def hojas_de_estilo(sitio: Path) -> list[str]:
    """Las del sitio, en el orden en que las pide una lección con fórmulas."""

    pedidas: dict[str, None] = {}
    for html in sorted((sitio / "notebooks").glob("*.html")):
        texto = html.read_text("utf-8")
        hojas = re.findall(r'<link\b[^>]*href="\.\./(_static/[^"?]+\.css)', texto)
        if len(hojas) > len(pedidas):
            pedidas = dict.fromkeys(hojas)
    return [(sitio / hoja).resolve().as_uri() for hoja in pedidas]


def componer(
    paginas: list[Pagina],
    ficha: Ficha,
    sitio: Path,
    portada: Path,
    hojas: dict[str, int],
) -> str:
    """El libro entero en una página HTML.

    Argumentos: `paginas`, ya mudadas; `portada`, el archivo de su imagen; `hojas`, la
    página de cada ancla, vacío si no se saben.
    """
    html = ET.Element("html", {"lang": "es", "data-theme": "light"})
    cabeza = ET.SubElement(html, "head")
    ET.SubElement(cabeza, "meta", {"charset": "utf-8"})
    ET.SubElement(cabeza, "title").text = ficha.titulo
    for hoja in hojas_de_estilo(sitio):
        ET.SubElement(cabeza, "link", {"rel": "stylesheet", "href": hoja})
    ET.SubElement(cabeza, "style").text = PAPEL.read_text("utf-8")
    cuerpo = ET.SubElement(ET.SubElement(html, "body"), "main", {"class": "bd-content"})
    frente = ET.SubElement(cuerpo, "section", {"class": "frente"})
    ET.SubElement(frente, "img", {"src": portada.as_uri(), "alt": ficha.dibujo})
    creditos = ET.SubElement(cuerpo, "section", {"class": "creditos"})
    ET.SubElement(creditos, "p", {"class": "titulo"}).text = ficha.titulo
    for frase in ficha.creditos:
        ET.SubElement(creditos, "p").text = frase
    cuerpo.append(indice(paginas, hojas))
    parte = ""
    for pagina in paginas:
        articulo = ET.SubElement(
            cuerpo, "article", {"class": "bd-article", "id": pagina.clave}
        )
        if pagina.parte and pagina.parte != parte:
            ET.SubElement(articulo, "h1", {"class": "parte"}).text = pagina.parte
        parte = pagina.parte
        articulo.append(pagina.cuerpo)
    texto = ET.tostring(html, encoding="unicode", method="html")
    return f"<!DOCTYPE html>\n{texto}"


def imprimir(navegador: str, html: Path, pdf: Path) -> None:
    """Imprime una página; lanza `ErrorDeImprenta` si el navegador no escribe el PDF."""
    with tempfile.TemporaryDirectory(prefix="taller-imprenta-") as perfil:
        orden = [
            *(navegador, "--headless", "--disable-gpu", "--no-pdf-header-footer"),
            *("--export-tagged-pdf", "--generate-pdf-document-outline"),
            *(f"--user-data-dir={perfil}", f"--print-to-pdf={pdf}"),
            f"--timeout={PLAZO * 1000}",
        ]
        if getattr(os, "geteuid", lambda: 1)() == 0:
            orden.append("--no-sandbox")  # sin esto no arranca si lo llama root
        try:
            hecho = subprocess.run(
                [*orden, html.as_uri()], capture_output=True, timeout=PLAZO, check=False
            )
        except subprocess.TimeoutExpired as causa:
            raise ErrorDeImprenta(
                f"El navegador no terminó en {PLAZO // 60} minutos: repite con el "
                "equipo más libre."
            ) from causa
        if hecho.returncode or not pdf.is_file():
            dicho = hecho.stderr.decode("utf-8", "replace").strip().splitlines()
            raise ErrorDeImprenta(
                f"El navegador no escribió el PDF: {(dicho or ['sin detalle'])[-1]}"
            )


@dataclass
class Impreso:
    """Lo que dice de sí un PDF."""

    paginas: int
    marcas: dict[str, int]  # la página de cada ancla, desde 1
    titulos: list[tuple[int, str]]  # hondura y texto de cada entrada del índice lateral
    etiquetado: bool
    lengua: str
    titulo: str


def leer_pdf(ruta: Path) -> Impreso:
    """Lee las páginas, las anclas, el índice lateral y la ficha de un PDF."""
    import pikepdf

    with pikepdf.open(ruta) as pdf, pdf.open_outline() as lateral:
        raiz = pdf.Root
        numeros = {hoja.objgen: i for i, hoja in enumerate(pdf.pages, start=1)}
        marcas = {
            str(nombre).lstrip("/"): numeros.get(destino[0].objgen, 0)
            for nombre, destino in raiz.get("/Dests", {}).items()
        }

        def recorrer(entradas, hondura: int) -> list[tuple[int, str]]:
            salida = []
            for entrada in entradas:
                salida.append((hondura, str(entrada.title)))
                salida += recorrer(entrada.children, hondura + 1)
            return salida

        marcado = bool(raiz.get("/MarkInfo", {}).get("/Marked", False))
        return Impreso(
            len(pdf.pages),
            marcas,
            recorrer(lateral.root, 0),
            marcado and "/StructTreeRoot" in raiz,
            str(raiz.get("/Lang", "")),
            str(pdf.docinfo.get("/Title", "")),
        )


def acabar(impreso: Path, destino: Path, ficha: Ficha) -> None:
    """Escribe en `destino` el PDF con su ficha y comprimido a un tercio."""
    import pikepdf

    with pikepdf.open(impreso) as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as datos:
            datos["dc:title"] = ficha.titulo
            datos["dc:creator"] = [ficha.autor]
            datos["dc:description"] = ficha.tema
            datos["dc:language"] = ["es"]
            datos["dc:rights"] = ficha.creditos[-1]
        # La ventana enseña el título y no el nombre del archivo.
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        pdf.save(destino, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def hacer_pdf(
    sitio: Path, raiz: Path, destino: Path, con_soluciones: bool = True
) -> Impreso:
    """Escribe el PDF del sitio construido y devuelve lo que dice de sí.

    Argumentos: `sitio`, la carpeta de lo construido; `raiz`, la del curso; `destino`,
    el archivo. Lanza `ErrorDeImprenta`, con una frase, si falta algo.
    """
    navegador = buscar_navegador()
    paginas = leer_paginas(sitio, raiz, con_soluciones)
    ficha = leer_ficha(raiz, con_soluciones)
    mudar(
        paginas,
        ancla=lambda p, marca: f"{p.clave}--{marca}",
        enlace=lambda p, marca: f"#{p.clave}--{marca}" if marca else f"#{p.clave}",
        archivo=lambda ruta: (sitio / ruta).resolve().as_uri(),
        publico=ficha.direccion,
    )
    for pagina in paginas:
        if pagina.parte:
            bajar_titulos(pagina.cuerpo)
        juntar(pagina.cuerpo)
    destino.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="taller-pdf-") as carpeta:
        html, portada = Path(carpeta, "curso.html"), Path(carpeta, "portada.png")
        dibujar_portada(ficha).save(portada)
        impreso = Path(carpeta, "curso.pdf")
        hojas: dict[str, int] = {}
        for _ in range(2):
            texto = componer(paginas, ficha, sitio, portada, hojas)
            html.write_text(texto, encoding="utf-8")
            imprimir(navegador, html, impreso)
            hojas = leer_pdf(impreso).marcas
        parcial = destino.with_suffix(".parcial")
        acabar(impreso, parcial, ficha)
        parcial.replace(destino)
    return leer_pdf(destino)


def principal(argumentos: list[str] | None = None, raiz: Path = RAIZ) -> int:
    """Hace el PDF y dice dónde quedó, cuántas páginas tiene y cuánto pesa."""

    def hacer(*partes) -> str:
        return f"{hacer_pdf(*partes).paginas} páginas, "

    return cumplir("pdf", hacer, argumentos, raiz)


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
