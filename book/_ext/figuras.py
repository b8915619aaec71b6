"""Figuras más ligeras: los mismos dibujos en SVG con menos bytes.

matplotlib escribe seis decimales, un nombre por grupo y mapas de color sin paleta.
Aquí quedan dos decimales, `scour` quita lo que no se ve y Pillow da a cada mapa su
paleta sin cambiar un color.
Los cuadernos guardan la figura como salió: solo se toca la copia del sitio.
"""

import base64
import re
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from pathlib import Path

from PIL import Image
from scour import scour
from sphinx.util import logging

AVISOS = logging.getLogger(__name__)
# La única hoja de estilo que escribe matplotlib. scour no mira las hojas y borraría
# como sobrante lo que ellas obligan a decir; en la raíz, dicho como atributo, sí lo ve.
HOJA = re.compile(
    r"<defs>\s*<style type=\"text/css\">\*\{stroke-linejoin: round; "
    r"stroke-linecap: butt\}</style>\s*</defs>"
)
# Posiciones y medidas: se redondean donde están y no como salto desde la anterior, que
# sumaría errores. Una centésima de punto no llega a la décima parte de un píxel.
MEDIDA = re.compile(r"(?<=\s)(?:d|x|y|width|height)=\"[^\"]*\"|translate\([^)]*\)")
DECIMALES = re.compile(r"-?\d+\.\d{3,}")
MAPA = re.compile(r"(?<=data:image/png;base64,)[A-Za-z0-9+/=\s]+")
USO = re.compile(r'<use\b[^>]*\bxlink:href="#([^"]+)"[^>]*/>')
OPCIONES = scour.sanitizeOptions()
OPCIONES.digits = 9  # cifras de cada número: todas las que dejó el redondeo
OPCIONES.strip_ids = OPCIONES.shorten_ids = True
OPCIONES.remove_metadata = OPCIONES.strip_comments = OPCIONES.strip_xml_prolog = True
OPCIONES.indent_type, OPCIONES.newlines = "none", False


def con_paleta(png: bytes) -> bytes:
    """El mismo PNG con paleta si tiene 256 colores o menos; si no mejora, el dado."""
    imagen = Image.open(BytesIO(png))
    ajustes = {"gamma", "icc_profile", "srgb"} & imagen.info.keys()
    if imagen.mode not in ("RGB", "RGBA") or ajustes or not imagen.getcolors(256):
        return png
    opaca = imagen.mode == "RGB" or imagen.getextrema()[3] == (255, 255)
    metodo = Image.Quantize.MEDIANCUT if opaca else Image.Quantize.FASTOCTREE
    corta = imagen.convert("RGB" if opaca else "RGBA").quantize(
        256, metodo, dither=Image.Dither.NONE
    )
    salida = BytesIO()
    corta.save(salida, "PNG", optimize=True)
    igual = corta.convert("RGBA").tobytes() == imagen.convert("RGBA").tobytes()
    return min(png, salida.getvalue(), key=len) if igual else png


def redondear(svg: str) -> str:
    """Deja en dos decimales las posiciones y medidas de una figura de matplotlib."""

    def corta(numero: re.Match) -> str:
        return f"{float(numero[0]):.2f}".rstrip("0").rstrip(".")

    return MEDIDA.sub(lambda medida: DECIMALES.sub(corta, medida[0]), svg)


def aligerar(svg: str) -> str:
    """Devuelve el mismo dibujo con menos bytes; lanza lo que lance scour si está mal.

    Un SVG con hoja de estilo propia vuelve sin cambios. Solo se redondean los de
    matplotlib: en otro, una centésima puede ser mucho.
    """
    corto, hojas = HOJA.subn("", svg)
    if hojas:
        corto = redondear(corto)
        corto = corto.replace("<svg ", '<svg stroke-linejoin="round" ', 1)
    if "<style" in corto:
        return svg
    corto = MAPA.sub(
        lambda m: base64.b64encode(con_paleta(base64.b64decode(m[0]))).decode(), corto
    )
    return min(svg, sin_huecos(scour.scourString(corto, OPCIONES)), key=len)


def sin_huecos(svg: str) -> str:
    """Quita cada `<use>` de un dibujo que no está: scour borra la letra del espacio."""
    hay = set(re.findall(r'\bid="([^"]+)"', svg))
    return USO.sub(lambda uso: uso[0] if uso[1] in hay else "", svg)


def aligerar_archivo(ruta: Path) -> Exception | None:
    """Reescribe una figura; si no puede, la deja como estaba y devuelve la causa."""
    try:
        svg = ruta.read_text(encoding="utf-8")
        if not svg.startswith("<svg"):  # sin prólogo: ya pasó por aquí
            ruta.write_text(aligerar(svg), encoding="utf-8")
    # scour no tiene errores propios: lanza los de XML, los de números y otros.
    except Exception as causa:
        return RuntimeError(str(causa))  # toda causa debe poder volver del otro proceso
    return None


def aligerar_todas(app, excepcion) -> None:
    """Reescribe las figuras del sitio; la que falle se queda como estaba, con aviso.

    Cada figura es aparte, y es lo que más tarda de la construcción: un proceso por
    núcleo.
    """
    if excepcion is not None or app.builder.name != "html":
        return
    rutas = sorted((Path(app.outdir) / app.builder.imagedir).glob("*.svg"))
    with ProcessPoolExecutor() as procesos:
        causas = procesos.map(aligerar_archivo, rutas, chunksize=4)
        for ruta, causa in zip(rutas, causas, strict=True):
            if causa is not None:
                aviso = "No pude aligerar la figura %s, que se publica como estaba: %s"
                AVISOS.warning(aviso, ruta.name, causa)


def setup(app) -> dict:
    """Conecta el trabajo con el final de la construcción."""
    app.connect("build-finished", aligerar_todas, priority=910)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
