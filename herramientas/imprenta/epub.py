"""Hace un EPUB 3 del curso, para un lector de libros.

    python -m herramientas.imprenta.epub                    con las soluciones
    python -m herramientas.imprenta.epub --sin-soluciones   sin ellas

Antes construye el sitio con «make libro»; «make epub» hace las dos cosas. Las fórmulas
van en MathML, con su LaTeX como texto alternativo. Queda en `_build/`.
"""

from __future__ import annotations

import sys
import uuid
import zipfile
from html import escape
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

from herramientas.archivos import RAIZ
from herramientas.empaquetar import FECHA
from herramientas.imprenta.arbol import (
    Pagina,
    apartados,
    clases,
    leer_paginas,
    mudar,
    quitar,
)
from herramientas.imprenta.orden import cumplir
from herramientas.imprenta.portada import Ficha, dibujar_portada, leer_ficha

ESTILO = Path(__file__).with_name("libro.css")
XHTML = "http://www.w3.org/1999/xhtml"
OPS = "http://www.idpf.org/2007/ops"
SVG = "http://www.w3.org/2000/svg"
TIPOS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}
CONTENEDOR = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="libro/libro.opf"
media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


def solo_mathml(cuerpo: ET.Element) -> None:
    """De cada fórmula deja su MathML, con el LaTeX como texto alternativo."""
    quitar(cuerpo, lambda n: "katex-html" in clases(n))
    for formula in cuerpo.iter("math"):
        latex = formula.find(".//annotation")
        if latex is not None and latex.text:
            formula.set("alttext", latex.text.strip())
        quitar(formula, lambda n: n.tag == "annotation")
        for signo in formula.iter():
            # KaTeX mete «mod» en un signo por letras, y un signo no lleva otros.
            if signo.tag in ("mi", "mo", "mn", "mtext") and len(signo):
                signo.tag = "mrow"
                signo.attrib.clear()


def limpiar(cuerpo: ET.Element) -> None:
    """Quita lo que un libro no admite: atributos del navegador y papeles de ARIA."""
    for nodo in cuerpo.iter():
        for atributo in [a for a in nodo.attrib if a.startswith("data-")]:
            del nodo.attrib[atributo]
        for atributo in ("tabindex", "popover", "name"):
            nodo.attrib.pop(atributo, None)
        if nodo.tag == "svg":
            nodo.set("xmlns", SVG)
        else:
            nodo.attrib.pop("role", None)
        if nodo.tag in ("div", "span", "p"):
            nodo.attrib.pop("aria-label", None)


def hoja_xhtml(titulo: str, cuerpo: ET.Element, estilo: str = "../estilo.css") -> bytes:
    """Un documento XHTML del libro, con el cuerpo dado."""
    html = ET.Element(
        "html", {"xmlns": XHTML, "xmlns:epub": OPS, "lang": "es", "xml:lang": "es"}
    )
    cabeza = ET.SubElement(html, "head")
    ET.SubElement(cabeza, "title").text = titulo
    ET.SubElement(cabeza, "link", {"rel": "stylesheet", "href": estilo})
    ET.SubElement(html, "body").append(cuerpo)
    texto = ET.tostring(html, encoding="unicode")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n{texto}\n'.encode()
    )


def indice(paginas: list[Pagina]) -> ET.Element:
    """El índice del libro: partes, páginas y, en las lecciones, sus apartados."""
    nav = ET.Element("nav", {"epub:type": "toc", "id": "indice"})
    ET.SubElement(nav, "h1").text = "Índice"
    lista = ET.SubElement(nav, "ol")
    parte, actual = "", lista
    for pagina in paginas:
        if pagina.parte != parte:
            parte = pagina.parte
            fila = ET.SubElement(lista, "li")
            ET.SubElement(fila, "span").text = parte
            actual = ET.SubElement(fila, "ol")
        fila = ET.SubElement(actual, "li")
        donde = f"paginas/{pagina.clave}.xhtml"
        ET.SubElement(fila, "a", {"href": donde}).text = pagina.titulo
        hijos = apartados(pagina) if pagina.nombre.startswith("notebooks/") else []
        dentro = ET.SubElement(fila, "ol") if hijos else fila
        for _, texto, ancla in hijos:
            enlace = {"href": f"{donde}#{ancla}"}
            ET.SubElement(ET.SubElement(dentro, "li"), "a", enlace).text = texto
    return nav


def paquete(ficha: Ficha, piezas: list[tuple[str, str, str]], orden: list[str]) -> str:
    """El archivo que dice qué trae el libro y en qué orden se lee.

    Argumentos: `piezas`, el nombre, el tipo y las propiedades de cada archivo; `orden`,
    los nombres que se leen seguidos.
    """
    ids = {nombre: f"p{i}" for i, (nombre, _, _) in enumerate(piezas)}
    clase = f"{ficha.direccion}{ficha.version}/{ficha.con_soluciones}"
    propio = uuid.uuid5(uuid.NAMESPACE_URL, clase)
    cuando = ficha.fecha.isoformat() if ficha.fecha else "2026-01-01"
    manifiesto = "\n".join(
        f'<item id="{ids[nombre]}" href="{nombre}" media-type="{tipo}"'
        + (f' properties="{propias}"/>' if propias else "/>")
        for nombre, tipo, propias in piezas
    )
    lectura = "\n".join(f'<itemref idref="{ids[nombre]}"/>' for nombre in orden)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" xml:lang="es"
unique-identifier="libro">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="libro">urn:uuid:{propio}</dc:identifier>
<dc:title>{escape(ficha.titulo)}</dc:title>
<dc:creator>{escape(ficha.autor)}</dc:creator>
<dc:description>{escape(ficha.tema)}</dc:description>
<dc:language>es</dc:language>
<dc:date>{cuando}</dc:date>
<dc:source>{escape(ficha.direccion)}</dc:source>
<dc:rights>{escape(ficha.creditos[-1])}</dc:rights>
<meta property="dcterms:modified">{cuando}T00:00:00Z</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">MathML</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">Cada figura lleva su descripción y las
fórmulas van en MathML.</meta>
<meta name="cover" content="{ids["portada.png"]}"/>
</metadata>
<manifest>
{manifiesto}
</manifest>
<spine>
{lectura}
</spine>
</package>
"""


def portada_y_creditos(ficha: Ficha) -> dict[str, bytes]:
    """Las dos primeras hojas."""
    frente = ET.Element("section", {"epub:type": "cover", "class": "portada"})
    ET.SubElement(frente, "img", {"src": "portada.png", "alt": ficha.dibujo})
    creditos = ET.Element("section", {"epub:type": "titlepage"})
    ET.SubElement(creditos, "h1").text = ficha.titulo
    for frase in ficha.creditos:
        ET.SubElement(creditos, "p").text = frase
    return {
        "portada.xhtml": hoja_xhtml(ficha.titulo, frente, "estilo.css"),
        "creditos.xhtml": hoja_xhtml(ficha.titulo, creditos, "estilo.css"),
    }


def estilo() -> str:
    """La hoja de estilo del libro, con los colores del código."""
    from pygments.formatters import HtmlFormatter

    codigo = HtmlFormatter(style="a11y-high-contrast-light").get_style_defs(
        ".highlight"
    )
    return ESTILO.read_text("utf-8") + codigo


def hacer_epub(
    sitio: Path, raiz: Path, destino: Path, con_soluciones: bool = True
) -> Path:
    """Escribe el EPUB del sitio construido y devuelve su ruta.

    Argumentos: `sitio`, la carpeta de lo construido; `raiz`, la del curso; `destino`,
    el archivo. Del mismo sitio sale siempre el mismo archivo. Lanza `ErrorDeImprenta`
    si falta alguna página.
    """
    paginas = leer_paginas(sitio, raiz, con_soluciones)
    ficha = leer_ficha(raiz, con_soluciones)
    usados: dict[str, Path] = {}

    def archivo(ruta: str) -> str:
        usados[Path(ruta).name] = sitio / ruta
        return f"../imagenes/{Path(ruta).name}"

    mudar(
        paginas,
        ancla=lambda _, marca: marca,
        enlace=lambda p, marca: f"{p.clave}.xhtml" + (f"#{marca}" if marca else ""),
        archivo=archivo,
        publico=ficha.direccion,
    )
    imagen = BytesIO()
    dibujar_portada(ficha).save(imagen, "PNG", optimize=True)
    contenido = {
        "indice.xhtml": hoja_xhtml("Índice", indice(paginas), "estilo.css"),
        **portada_y_creditos(ficha),
        "portada.png": imagen.getvalue(),
        "estilo.css": estilo().encode("utf-8"),
    }
    de_xhtml = "application/xhtml+xml"
    piezas = [
        ("indice.xhtml", de_xhtml, "nav"),
        ("portada.xhtml", de_xhtml, ""),
        ("creditos.xhtml", de_xhtml, ""),
        ("portada.png", "image/png", "cover-image"),
        ("estilo.css", "text/css", ""),
    ]
    orden = ["portada.xhtml", "creditos.xhtml", "indice.xhtml"]
    for pagina in paginas:
        solo_mathml(pagina.cuerpo)
        limpiar(pagina.cuerpo)
        nombre = f"paginas/{pagina.clave}.xhtml"
        contenido[nombre] = hoja_xhtml(pagina.titulo, pagina.cuerpo)
        hay = {n.tag for n in pagina.cuerpo.iter()}
        propias = " ".join(
            t for t, e in (("mathml", "math"), ("svg", "svg")) if e in hay
        )
        piezas.append((nombre, de_xhtml, propias))
        orden.append(nombre)
    for nombre, ruta in sorted(usados.items()):
        contenido[f"imagenes/{nombre}"] = ruta.read_bytes()
        piezas.append((f"imagenes/{nombre}", TIPOS[ruta.suffix], ""))
    contenido["libro.opf"] = paquete(ficha, piezas, orden).encode("utf-8")
    escribir(destino, contenido)
    return destino


def escribir(destino: Path, contenido: dict[str, bytes]) -> None:
    """Escribe el archivo; lo primero, y sin comprimir, su tipo."""
    destino.parent.mkdir(parents=True, exist_ok=True)
    parcial = destino.with_suffix(".parcial")
    archivos = {"META-INF/container.xml": CONTENEDOR.encode("utf-8")}
    archivos |= {f"libro/{nombre}": datos for nombre, datos in contenido.items()}
    with zipfile.ZipFile(parcial, "w") as libro:
        libro.writestr(zipfile.ZipInfo("mimetype", FECHA), b"application/epub+zip")
        for nombre, datos in archivos.items():
            ficha = zipfile.ZipInfo(nombre, FECHA)
            ficha.external_attr = 0o644 << 16
            libro.writestr(ficha, datos, zipfile.ZIP_DEFLATED, 9)
    parcial.replace(destino)


def principal(argumentos: list[str] | None = None, raiz: Path = RAIZ) -> int:
    """Hace el EPUB y dice dónde quedó y cuánto pesa."""

    def hacer(*partes) -> str:
        hacer_epub(*partes)
        return ""

    return cumplir("epub", hacer, argumentos, raiz)


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
