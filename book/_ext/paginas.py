"""Retoques al HTML de cada página cuando el sitio ya está escrito.

- A cada imagen se le ponen ancho y alto: el navegador guarda su sitio antes de traerla
  y un enlace a un apartado cae donde debe.
- Cada figura de una lección se amplía al tocarla y, en el teléfono, no baja del ancho
  en que su letra más pequeña se lee.
- Las anclas pierden los minutos del título y si es optativo; la vieja queda como otro
  nombre del mismo apartado.
- Una tabla escrita con espacios se marca, para que se desplace en vez de partirse.
- El tema se decide antes de pintar: el guion que lo hacía llega después del texto, que
  cambiaba de color y a veces de renglón.
- El «Sigue: …» que cierra un cuaderno se deja para el papel: en pantalla están ya los
  botones de la lección anterior y la siguiente.

Todas las funciones admiten una página ya retocada y la devuelven igual.
"""

import re
import sys
from collections.abc import Callable
from functools import cache
from math import ceil
from pathlib import Path

from PIL import Image

CASA = str(Path(__file__).resolve().parents[2])
if CASA not in sys.path:  # «jupyter-book build» no siempre se corre desde la raíz
    sys.path.append(CASA)

from herramientas.cuadernos.lenguas import MARCAS  # noqa: E402

PUNTO = 4 / 3  # píxeles de CSS en un punto de imprenta
ANCLA_VIEJA = re.compile(rf"(-({MARCAS}))?-\d+-min$")
IMAGEN = re.compile(r"<img\b[^>]*>")
LETRA = 9.2  # píxeles que mide al menos la letra de una figura
FIGURA = re.compile(
    r'(?<!\">)(<img\b[^>]*\bsrc="((?:\.\./)*_images/[0-9a-f]{32,}\.svg)"[^>]*>)'
)
SALIDA_DE_TEXTO = re.compile(
    r'<div class="output stream (highlight[^"]*)">(<div class="highlight"><pre>'
    r"(?:<span></span>)?)(.*?)(</pre>)",
    re.DOTALL,
)
# Un último párrafo sin más que enlaces a las lecciones vecinas.
PASO = re.compile(
    r"<p>(?=(?:(?:<strong>)?(?:Antes|Anterior|Sigue|Siguiente):(?:</strong>)?\s*"
    r'<a class="reference internal" [^>]*>(?:(?!</a>).)*</a>[\s·.]*)+</p>\s*'
    r"(?:</section>\s*)+</article>)",
    re.DOTALL,
)
TEMA = re.compile(
    r'document\.documentElement\.dataset\.theme = localStorage\.getItem\("theme"\) '
    r'\|\| "\w*";'
)
TABLA = re.compile(r'<table class="table\b.*?</table>', re.DOTALL)
FILA = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
CELDA = re.compile(r"<td(?=[ >])")
COLUMNAS = re.compile(r"\S {2,}\S")
LARGA = 36  # desde aquí, una línea de prosa junto a una tabla se parte


@cache
def medidas_de(ruta: Path) -> tuple[int, int] | None:
    """Ancho y alto de una imagen en píxeles de CSS; `None` si no se saben."""
    if ruta.suffix != ".svg":
        with Image.open(ruta) as imagen:
            return imagen.size
    raiz = re.search(r"<svg\b[^>]*>", ruta.read_text(encoding="utf-8"))
    lados = []
    for lado in ("width", "height"):
        dicho = re.search(rf'\b{lado}="([\d.]+)(pt|px)?"', raiz[0]) if raiz else None
        if not dicho:
            return None
        lados.append(round(float(dicho[1]) * (PUNTO if dicho[2] == "pt" else 1)))
    return lados[0], lados[1]


def poner_medidas(html: str, pagina: Path) -> str:
    """Escribe `width` y `height` en las imágenes que no los tienen.

    `pagina` es la ruta del archivo, de donde se leen las direcciones relativas. Una
    imagen sin archivo o sin medidas se queda como estaba.
    """

    def con_medidas(hallada: re.Match) -> str:
        etiqueta = hallada[0]
        direccion = re.search(r'\bsrc="([^":?#]+)"', etiqueta)
        if re.search(r"\b(width|height)=", etiqueta) or not direccion:
            return etiqueta
        ruta = (pagina.parent / direccion[1]).resolve()
        medidas = medidas_de(ruta) if ruta.is_file() else None
        if not medidas:
            return etiqueta
        ancho, alto = medidas
        return etiqueta.replace("<img", f'<img width="{ancho}" height="{alto}"', 1)

    return IMAGEN.sub(con_medidas, html)


@cache
def letra_menor(ruta: Path) -> float | None:
    """La letra más pequeña de una figura o de un esquema, en píxeles de CSS.

    matplotlib dibuja cada rótulo a escala: «scale(0.11 -0.11)» es letra de 11 puntos.
    Un esquema la dice en unidades de su `viewBox`.
    """
    svg = ruta.read_text(encoding="utf-8")
    if escalas := re.findall(r"scale\((0\.\d+) -\1\)", svg):
        return min(map(float, escalas)) * 100 * PUNTO
    letras = re.findall(r'\bfont-size="([\d.]+)"', svg)
    caja = re.search(r'\bviewBox="0 0 ([\d.]+) ', svg)
    medidas = medidas_de(ruta)
    if not (letras and caja and medidas):
        return None
    return min(map(float, letras)) * medidas[0] / float(caja[1])


def ampliar_figuras(html: str, pagina: Path) -> str:
    """Hace de cada figura de una celda un enlace a su dibujo, que `curso.js` abre.

    Su estilo da dos anchos en píxeles: `--entera`, el del dibujo, y `--legible`, con el
    que su menor letra mide LETRA.
    """

    def con_enlace(hallada: re.Match) -> str:
        etiqueta, direccion = hallada[1], hallada[2]
        ruta = (pagina.parent / direccion).resolve()
        medidas = medidas_de(ruta) if ruta.is_file() else None
        letra = letra_menor(ruta) if medidas else None
        estilo = ""
        if medidas and letra:
            legible = min(medidas[0], ceil(medidas[0] * LETRA / letra))
            estilo = f' style="--entera:{medidas[0]}px;--legible:{legible}px"'
        return f'<a class="figura" href="{direccion}"{estilo}>{etiqueta}</a>'

    return FIGURA.sub(con_enlace, html)


def quitar_minutos(html: str) -> str:
    """Cambia `titulo-12-min` por `titulo` en secciones y enlaces.

    El nombre viejo queda dentro de la sección. Si el corto ya es de otro apartado de
    la página, su ancla no cambia.
    """
    todos = re.findall(r'\bid="([^"]+)"', html)
    cortas = [ANCLA_VIEJA.sub("", i) for i in todos if ANCLA_VIEJA.search(i)]

    def seccion(hallada: re.Match) -> str:
        vieja = hallada[1]
        corta = ANCLA_VIEJA.sub("", vieja)
        if corta == vieja or corta in todos or cortas.count(corta) > 1:
            return hallada[0]
        return f'<section id="{corta}"><span id="{vieja}"></span>'

    return re.sub(r'<section id="([^"]+)">', seccion, html)


def acortar_enlaces(html: str, pagina: Path, cambiadas: dict[Path, set[str]]) -> str:
    """Lleva los enlaces a las anclas cortas; `cambiadas` dice cuáles hay por página."""

    def enlace(hallado: re.Match) -> str:
        camino, ancla = hallado.groups()
        destino = (pagina.parent / camino).resolve() if camino else pagina.resolve()
        if ancla not in cambiadas.get(destino, ()):
            return hallado[0]
        return f'href="{camino}#{ANCLA_VIEJA.sub("", ancla)}"'

    return re.sub(r'\bhref="([^"#:?]*)#([^"]+)"', enlace, html)


def marcar_tablas(html: str) -> str:
    """Da la clase `tabla-de-texto` a la salida que alinea columnas con espacios.

    Las líneas largas de prosa que la acompañan siguen partiéndose al ancho que haya.
    """

    def marca(hallada: re.Match) -> str:
        clases, antes, texto, despues = hallada.groups()
        lineas = texto.split("\n")
        if sum(bool(COLUMNAS.search(linea)) for linea in lineas) < 2:
            return hallada[0]
        lineas = [
            f'<span class="prosa">{linea}</span>'
            if len(linea) > LARGA and "<" not in linea and not COLUMNAS.search(linea)
            else linea
            for linea in lineas
        ]
        cuerpo = "\n".join(lineas)
        return f'<div class="output stream tabla-de-texto {clases}">' + (
            antes + cuerpo + despues
        )

    return SALIDA_DE_TEXTO.sub(marca, html)


def rotular_columnas(html: str) -> str:
    """Pone en cada celda de una tabla de texto el nombre de su columna.

    En el teléfono, una tabla de tres columnas o más sin números pasa a fichas, y su
    encabezado no se ve: cada dato lleva el suyo delante.
    """

    def ficha(tabla: re.Match) -> str:
        encabezados = re.findall(r"<th\b[^>]*>(.*?)</th>", tabla[0], re.DOTALL)
        nombres = [re.sub(r"<[^>]+>", "", th).strip() for th in encabezados]
        if len(nombres) < 3 or "text-right" in tabla[0]:
            return tabla[0]

        def fila(hallada: re.Match) -> str:
            antes, *celdas = CELDA.split(hallada[0])
            if len(celdas) != len(nombres) or "data-columna" in hallada[0]:
                return hallada[0]
            puestas = [
                f'<td data-columna="{nombre}"{celda}' if i else f"<td{celda}"
                for i, (nombre, celda) in enumerate(zip(nombres, celdas, strict=True))
            ]
            return antes + "".join(puestas)

        return FILA.sub(fila, tabla[0])

    return TABLA.sub(ficha, html)


def guardar_para_papel(html: str) -> str:
    """Marca el cierre «Sigue: …» si la página tiene los botones que dicen lo mismo."""
    if "prev-next-footer" not in html:
        return html
    return PASO.sub('<p class="solo-papel">', html)


def decidir_tema(html: str) -> str:
    """Con el tema «como el sistema», pone ya el claro o el oscuro."""
    return TEMA.sub(
        'document.documentElement.dataset.theme = (localStorage.getItem("mode") || '
        '"auto") === "auto" ? (matchMedia("(prefers-color-scheme: dark)").matches ? '
        '"dark" : "light") : localStorage.getItem("theme");',
        html,
    )


def una_sola_vista(html: str) -> str:
    """Deja un `<meta name="viewport">`: Sphinx, MyST y el tema ponen uno cada uno."""
    primera, *demas = re.findall(r'<meta name="viewport"[^>]*>', html) or [""]
    for otra in demas:
        antes, _, despues = html.rpartition(otra)
        html = antes + despues
    return html


def retocar(salida: Path, otros: list[Callable[[str, Path], str]]) -> None:
    """Retoca todas las páginas de `salida`; `otros` son retoques de más."""
    salida = salida.resolve()
    paginas = {p: p.read_text("utf-8") for p in sorted(salida.rglob("*.html"))}
    cambiadas = {}
    for ruta, html in paginas.items():
        paginas[ruta] = quitar_minutos(html)
        cambiadas[ruta] = set(
            re.findall(r'<section id="[^"]+"><span id="([^"]+-min)">', paginas[ruta])
        )
    for ruta, html in paginas.items():
        html = acortar_enlaces(html, ruta, cambiadas)
        html = marcar_tablas(ampliar_figuras(poner_medidas(html, ruta), ruta))
        html = rotular_columnas(html)
        html = decidir_tema(una_sola_vista(guardar_para_papel(html)))
        for otro in otros:
            html = otro(html, ruta)
        ruta.write_text(html, encoding="utf-8")
