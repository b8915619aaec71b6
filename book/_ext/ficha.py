"""Lo que una página dice de sí misma: descripción, cita, tarjeta, mapa y página 404."""

import html
import re
from datetime import date
from pathlib import Path

import yaml
from docutils import nodes
from PIL import Image, ImageDraw, ImageFont
from sphinx.errors import ExtensionError

MESES = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre"
).split()
LARGO = 155  # caracteres de una descripción
TARJETA = "_static/tarjeta.png"
DE_LA_TARJETA = (
    "De tokens a QLoRA: cuatro tokens de texto que bajan convertidos en bloques de "
    "4 bits"
)
SIN_TEXTO = {
    "search": "Busca en las lecciones, el glosario y las fichas del curso.",
    "404": "La página que buscas no está aquí. Desde esta llegas a todas las demás.",
}


def fecha_larga(dia: date) -> str:
    """«28 de noviembre de 2026»."""
    return f"{dia.day} de {MESES[dia.month - 1]} de {dia.year}"


FALTAS = (OSError, LookupError, ValueError, TypeError, AttributeError, yaml.YAMLError)


def leer_cita(raiz: Path) -> dict:
    """Autor, título y fecha (o `None`) del curso, leídos de `CITATION.cff`."""
    ruta = raiz / "CITATION.cff"
    try:
        cita = yaml.safe_load(ruta.read_text(encoding="utf-8"))
        dia = cita.get("date-released")
        return {
            "autor": cita["authors"][0]["name"],
            "titulo": cita["title"],
            "fecha": date.fromisoformat(str(dia)) if dia else None,
        }
    except FALTAS as causa:
        raise ExtensionError(
            f"No pude leer la cita del curso en {ruta.name}: hacen falta title, "
            "authors con name y, si se publicó, date-released como 2026-11-28."
        ) from causa


def direccion(app, pagina: str) -> str:
    """La dirección pública de una página; la de la portada es la raíz del sitio."""
    base = app.sitio_proyecto["sitio"]
    return base if pagina == app.config.root_doc else f"{base}{pagina}.html"


def resumen(doctree) -> str:
    """El primer párrafo, y la lista que anuncie, hasta 155 caracteres."""
    parrafo = next(iter(doctree.findall(nodes.paragraph)), None)
    if parrafo is None:
        return ""
    texto = " ".join(parrafo.astext().split())
    lista = parrafo.next_node(siblings=True, descend=False)
    if texto.endswith(":") and isinstance(lista, nodes.bullet_list):
        renglones = [" ".join(item.astext().split()) for item in lista]
        texto += " " + "; ".join(r.rstrip(".;") for r in renglones)
    if texto.endswith(":") or isinstance(lista, nodes.bullet_list):
        texto = texto.rstrip(":.") + "."
    if len(texto) > LARGO:
        texto = texto[: LARGO - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
    return texto


def sin_marcas(titulo: str) -> str:
    """Quita las etiquetas de HTML de un título."""
    return re.sub(r"<[^>]+>", "", titulo)


def poner_ficha(app, pagename, templatename, context, doctree) -> None:
    """Añade la descripción, la tarjeta con que se comparte la página y su cita."""
    proyecto, cita = app.sitio_proyecto, app.sitio_cita
    texto = resumen(doctree) if doctree is not None else SIN_TEXTO.get(pagename, "")
    titulo = html.unescape(sin_marcas(context.get("title") or ""))
    curso, donde = app.config.html_title or app.config.project, direccion(app, pagename)
    metas = {
        "name": {"description": texto, "twitter:card": "summary_large_image"},
        "property": {
            "og:title": titulo or curso,
            "og:description": texto,
            "og:type": "website" if pagename == app.config.root_doc else "article",
            "og:url": donde,
            "og:site_name": curso,
            "og:locale": "es_LA",
            "og:image": proyecto["sitio"] + TARJETA,
            "og:image:width": str(ANCHO),
            "og:image:height": str(ALTO),
            "og:image:alt": DE_LA_TARJETA,
        },
    }
    context["metatags"] = context.get("metatags", "") + "".join(
        f'\n<meta {clase}="{nombre}" content="{html.escape(dicho)}"/>'
        for clase, suyas in metas.items()
        for nombre, dicho in suyas.items()
        if dicho
    )
    context["pageurl"] = donde
    version, dia = proyecto["version"], cita["fecha"]
    ano = dia.year if dia else app.config.copyright
    context["pie"] = {
        "version": version,
        "fecha": fecha_larga(dia) if dia else "",
        "iso": dia.isoformat() if dia else "",
        "cita": f"{cita['autor']} ({ano}). {titulo or curso}. En {cita['titulo']} "
        f"(versión {version}). {donde}",
        "bibtex": f"@misc{{qlora-es-{pagename.rpartition('/')[2].replace('_', '-')},\n"
        f"  author = {{{{{cita['autor']}}}}},\n  title = {{{titulo or curso}}},\n"
        f"  howpublished = {{{cita['titulo']}}},\n  year = {{{ano}}},\n"
        f"  version = {{{version}}},\n  url = {{{donde}}}\n}}",
        "citable": doctree is not None,
    }


# ── Tarjeta ──────────────────────────────────────────────────────────────────

ANCHO, ALTO = 1200, 630
# La letra que trae Pillow solo tiene los signos de ASCII: sin tildes ni eñes.
LETRERO = ("De tokens a QLoRA", "Del texto a un modelo de lenguaje en 4 bits")
PAPEL, TINTA, TOKEN, BIT = "#fdfcf9", "#0d3f3c", "#c8741a", "#0b5f5a"


def dibujar_tarjeta(titulo: str, lema: str) -> Image.Image:
    """La imagen que sale al compartir una página: título, lema y dibujo del curso."""
    tarjeta = Image.new("RGB", (ANCHO, ALTO), PAPEL)
    lapiz = ImageDraw.Draw(tarjeta)
    grande, menor = ImageFont.load_default(92), ImageFont.load_default(38)
    lapiz.text((90, 84), titulo, font=grande, fill=TINTA)
    lapiz.text((94, 206), lema, font=menor, fill="#536361")
    izquierda = 94
    for ancho, bits in ((250, "1001"), (150, "0110"), (310, "1011"), (160, "0100")):
        caja = (izquierda, 320, izquierda + ancho, 400)
        lapiz.rounded_rectangle(caja, 22, fill=TOKEN)
        centro = izquierda + ancho // 2
        for tramo in range(412, 446, 12):
            lapiz.line((centro, tramo, centro, tramo + 6), fill="#536361", width=4)
        for i, bit in enumerate(bits):
            x, y = centro - 58 + 62 * (i % 2), 458 + 62 * (i // 2)
            cuadro = (x, y, x + 52, y + 52)
            lapiz.rectangle(cuadro, BIT if bit == "1" else None, BIT, 4)
        izquierda += ancho + 34
    return tarjeta


def mapa(app, paginas) -> str:
    """El texto de `sitemap.xml` con la dirección de cada página."""
    dia = app.sitio_cita["fecha"]
    cuando = f"<lastmod>{dia.isoformat()}</lastmod>" if dia else ""
    filas = "\n".join(
        f"<url><loc>{html.escape(direccion(app, p))}</loc>{cuando}</url>"
        for p in sorted(paginas)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{filas}\n</urlset>\n"
    )


def escribir(app, excepcion) -> None:
    """Escribe la tarjeta y el mapa del sitio."""
    if excepcion is not None or app.builder.name != "html":
        return
    salida = Path(app.outdir)
    dibujar_tarjeta(*LETRERO).quantize(32).save(salida / TARJETA, optimize=True)
    (salida / "sitemap.xml").write_text(mapa(app, app.env.found_docs), "utf-8")


def leer(app, config) -> None:
    """Lee la cita una vez, al empezar."""
    app.sitio_cita = leer_cita(Path(app.srcdir))


def pagina_404(app):
    """La página que GitHub Pages enseña cuando una dirección no existe."""
    yield "404", {"title": "Esta página no está"}, "404.html"


def setup(app) -> dict:
    """Conecta la ficha de cada página y lo que se escribe una vez."""
    app.connect("config-inited", leer)
    app.connect("html-collect-pages", pagina_404)
    app.connect("html-page-context", poner_ficha, priority=800)
    app.connect("build-finished", escribir, priority=890)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
