"""Los trazos de los esquemas: letras, cajas, filas de casillas, flechas y llaves.

Un esquema mide 360 unidades de ancho, lo que un teléfono, y su letra más pequeña 10,5:
ahí se lee sin ampliar. Los anchos del texto salen de las medidas de Helvetica y quedan
escritos (`textLength`): con otra letra ocupa lo mismo. El fondo es blanco, porque el
sitio, en oscuro, invierte la luz de cada figura.

Al terminar, `Lienzo.faltas` dice qué texto se sale de su caja, pisa a otro o tiene una
flecha encima.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from unicodedata import normalize

import matplotlib
from fontTools.agl import UV2AGL

ANCHO = 360
ESCALA = 1.4  # de unidades a píxeles, en una pantalla ancha
LETRA, NOTA, TITULO = 12.0, 10.5, 13.0
TINTA, TENUE = "#22302f", "#56635f"
LETRAS = "Helvetica, Arial, 'Liberation Sans', sans-serif"
FIJAS = "Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
# tono: (relleno, borde). Azul, el modelo, quieto; naranja, lo que cambia o aprende;
# verde, lo que cuenta; gris, los datos y lo que no cuenta.
TONOS = {
    "azul": ("#e0eef5", "#0b6e99"),
    "naranja": ("#fdebd8", "#d9730d"),
    "verde": ("#dff1ed", "#0f7b6c"),
    "gris": ("#eef1f0", "#8a9693"),
    "blanco": ("#ffffff", "#8a9693"),
}
SIN_MEDIDA = 0.6  # letras que Helvetica no trae: griegas, flechas, subíndices


@cache
def _anchos(archivo: str) -> dict[str, float]:
    """De un archivo AFM de matplotlib: el ancho de cada letra, en partes del cuerpo."""
    ruta = Path(matplotlib.get_data_path()) / "fonts" / "afm" / archivo
    anchos = {}
    for linea in ruta.read_text(encoding="latin-1").splitlines():
        if linea.startswith("C "):
            campos = [c.split() for c in linea.split(";") if c.strip()]
            dato = {c[0]: c[1] for c in campos}
            anchos[dato["N"]] = float(dato["WX"]) / 1000
    return anchos


def ancho_de(
    texto: str, cuerpo: float, negrita: bool = False, fija: bool = False
) -> float:
    """Ancho de un texto en unidades del dibujo; `cuerpo`, el tamaño de la letra."""
    if fija:
        return 0.6 * cuerpo * len(texto)
    anchos = _anchos("phvb8a.afm" if negrita else "phvr8a.afm")
    letras = (normalize("NFD", c)[0] for c in texto)  # una tilde no ensancha
    return cuerpo * sum(anchos.get(UV2AGL.get(ord(c), ""), SIN_MEDIDA) for c in letras)


def numero(valor: float) -> str:
    """Un número del SVG: a lo sumo dos decimales, sin ceros de más."""
    return f"{valor:.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Caja:
    """Un rectángulo del dibujo, con los puntos de sus lados para unir flechas."""

    x: float
    y: float
    ancho: float
    alto: float

    @property
    def arriba(self) -> tuple[float, float]:
        return self.x + self.ancho / 2, self.y

    @property
    def abajo(self) -> tuple[float, float]:
        return self.x + self.ancho / 2, self.y + self.alto

    @property
    def izquierda(self) -> tuple[float, float]:
        return self.x, self.y + self.alto / 2

    @property
    def derecha(self) -> tuple[float, float]:
        return self.x + self.ancho, self.y + self.alto / 2


@dataclass
class Lienzo:
    """Un esquema: `titulo` y `texto` lo dicen a quien no lo ve; `alto`, en unidades."""

    nombre: str
    titulo: str
    texto: str
    alto: float
    partes: list[str] = field(default_factory=list)
    letreros: list[tuple[Caja, str]] = field(default_factory=list)
    trazos: list[tuple] = field(default_factory=list)
    faltas: list[str] = field(default_factory=list)

    def escribir(
        self,
        x: float,
        y: float,
        texto: str,
        cuerpo: float = LETRA,
        ancla: str = "middle",
        dentro: Caja | None = None,
        **estilo,
    ) -> None:
        """Una línea de texto centrada en altura en `y`; `ancla`, start, middle o end.

        `estilo`: negrita, fija (letra de ancho fijo), color. Si se da `dentro`, el
        texto tiene que caber en esa caja.
        """
        negrita, fija = estilo.get("negrita", False), estilo.get("fija", False)
        ancho = ancho_de(texto, cuerpo, negrita, fija)
        izquierda = x - {"start": 0, "middle": ancho / 2, "end": ancho}[ancla]
        lugar = Caja(izquierda, y - 0.45 * cuerpo, ancho, 0.9 * cuerpo)
        limite = dentro or Caja(0, 0, ANCHO, self.alto)
        margen = 2.5 if dentro else 3
        if lugar.x < limite.x + margen or lugar.y < limite.y:
            self.faltas.append(f"«{texto}» se sale por la izquierda o por arriba")
        if lugar.x + ancho > limite.x + limite.ancho - margen:
            self.faltas.append(f"«{texto}» se sale por la derecha: mide {ancho:.0f}")
        if lugar.y + lugar.alto > limite.y + limite.alto:
            self.faltas.append(f"«{texto}» se sale por abajo")
        self.letreros.append((lugar, texto))
        atributos = f' font-family="{FIJAS}"' if fija else ""
        atributos += ' font-weight="bold"' if negrita else ""
        if estilo.get("color"):
            atributos += f' fill="{estilo["color"]}"'
        self.partes.append(
            f'<text x="{numero(x)}" y="{numero(y + 0.35 * cuerpo)}" '
            f'font-size="{numero(cuerpo)}" text-anchor="{ancla}" '
            f'textLength="{numero(ancho)}" lengthAdjust="spacingAndGlyphs"'
            f'{atributos} xml:space="preserve">{escape(texto, quote=False)}</text>'
        )

    def parrafo(
        self, x: float, y: float, lineas: str, cuerpo: float = NOTA, **estilo
    ) -> None:
        """Varias líneas, separadas por «\\n»; `y`, el centro de la primera."""
        for i, linea in enumerate(lineas.split("\n")):
            self.escribir(x, y + 1.28 * cuerpo * i, linea, cuerpo, **estilo)

    def caja(
        self,
        x: float,
        y: float,
        ancho: float,
        alto: float,
        lineas: str = "",
        tono: str = "azul",
        cuerpo: float = LETRA,
        **estilo,
    ) -> Caja:
        """Un rectángulo con su texto centrado. `estilo`: `raya` (borde a trazos),
        `radio`, `grueso` y lo que admite `escribir`."""
        hecha = Caja(x, y, ancho, alto)
        relleno, borde = TONOS[tono]
        raya = ' stroke-dasharray="4 3"' if estilo.pop("raya", False) else ""
        radio, grueso = estilo.pop("radio", 4), estilo.pop("grueso", 1.2)
        self.partes.append(
            f'<rect x="{numero(x)}" y="{numero(y)}" width="{numero(ancho)}" '
            f'height="{numero(alto)}" rx="{numero(radio)}" fill="{relleno}" '
            f'stroke="{borde}" stroke-width="{numero(grueso)}"{raya}/>'
        )
        if lineas:
            cuantas = lineas.count("\n")
            primera = y + alto / 2 - 1.28 * cuerpo * cuantas / 2
            centro = x + ancho / 2
            self.parrafo(centro, primera, lineas, cuerpo, dentro=hecha, **estilo)
        return hecha

    def fila(
        self, x: float, y: float, letreros: list[str], tono: str = "gris", **estilo
    ) -> list[Caja]:
        """Casillas pegadas, una por letrero. `estilo`: `ancho` de cada una (por
        omisión, lo que pida su texto), `alto`, `hueco` y lo que admite `caja`."""
        ancho, alto = estilo.pop("ancho", None), estilo.pop("alto", 20)
        hueco, cuerpo = estilo.pop("hueco", 3), estilo.pop("cuerpo", NOTA)
        estilo = {"fija": True, "radio": 2} | estilo
        hechas = []
        for letrero in letreros:
            mide = ancho or ancho_de(letrero, cuerpo, fija=estilo["fija"]) + 8
            hechas.append(self.caja(x, y, mide, alto, letrero, tono, cuerpo, **estilo))
            x += mide + hueco
        return hechas

    def flecha(self, *puntos, tono: str = "gris", **estilo) -> None:
        """Una línea por esos puntos, con punta al final. `estilo`: `raya`, `grueso`,
        `punta` (False, sin ella)."""
        color = TENUE if tono == "gris" else TONOS[tono][1]
        grueso = estilo.get("grueso", 1.5)
        fin, punta = puntos[-1], ""
        if estilo.get("punta", True):
            (x0, y0), (x, y) = puntos[-2:]
            largo = max(((x - x0) ** 2 + (y - y0) ** 2) ** 0.5, 1e-6)
            dx, dy = (x - x0) / largo, (y - y0) / largo
            base = x - 7 * dx, y - 7 * dy
            lados = [(base[0] - s * 3.6 * dy, base[1] + s * 3.6 * dx) for s in (1, -1)]
            esquinas = " ".join(f"{numero(a)},{numero(b)}" for a, b in ((x, y), *lados))
            punta = f'<polygon points="{esquinas}" fill="{color}"/>'
            fin = base
        camino = [*puntos[:-1], fin]
        raya = ' stroke-dasharray="4 3"' if estilo.get("raya") else ""
        trazo = " ".join(f"{numero(a)},{numero(b)}" for a, b in camino)
        self.partes.append(
            f'<polyline points="{trazo}" fill="none" stroke="{color}" '
            f'stroke-width="{numero(grueso)}"{raya}/>{punta}'
        )
        self.trazos += list(zip(puntos, puntos[1:], strict=False))

    def linea(self, *puntos, tono: str = "gris", **estilo) -> None:
        """Una flecha sin punta."""
        self.flecha(*puntos, tono=tono, **(estilo | {"punta": False}))

    def llave(self, x: float, y: float, hasta: float, hondo: float = 5) -> None:
        """Un corchete echado, de `x` a `hasta`, abierto hacia arriba."""
        self.linea((x, y), (x, y + hondo), (hasta, y + hondo), (hasta, y), grueso=1.2)

    def suma(self, x: float, y: float, radio: float = 8) -> Caja:
        """Un círculo con una cruz: aquí se suman dos vectores."""
        relleno, borde = TONOS["blanco"][0], TINTA
        r = numero(radio * 0.55)
        self.partes.append(
            f'<circle cx="{numero(x)}" cy="{numero(y)}" r="{numero(radio)}" '
            f'fill="{relleno}" stroke="{borde}" stroke-width="1.4"/>'
            f'<path d="M{numero(x)} {numero(y)}m-{r} 0h{numero(radio * 1.1)}'
            f'M{numero(x)} {numero(y)}m0 -{r}v{numero(radio * 1.1)}" '
            f'stroke="{borde}" stroke-width="1.4"/>'
        )
        return Caja(x - radio, y - radio, 2 * radio, 2 * radio)

    def revisar(self) -> list[str]:
        """Lo que está mal dibujado, en español; vacía si todo está bien."""
        faltas = list(self.faltas)
        for i, (una, texto) in enumerate(self.letreros):
            for otra, suyo in self.letreros[i + 1 :]:
                if _se_pisan(una, otra):
                    faltas.append(f"«{texto}» y «{suyo}» se pisan")
            for desde, hasta in self.trazos:
                if _cruza(una, desde, hasta):
                    faltas.append(f"una línea cruza «{texto}»")
        return faltas

    def svg(self) -> str:
        """El dibujo entero; ValueError si `revisar` halla algo."""
        if faltas := self.revisar():
            raise ValueError(f"Esquema «{self.nombre}»: {'; '.join(faltas)}.")
        ancho, alto = numero(ANCHO * ESCALA), numero(self.alto * ESCALA)
        cuerpo = "\n".join(self.partes)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{ancho}" height="{alto}" '
            f'viewBox="0 0 {ANCHO} {numero(self.alto)}" role="img" '
            f'font-family="{LETRAS}" fill="{TINTA}">\n'
            f"<title>{escape(self.titulo)}</title>\n<desc>{escape(self.texto)}</desc>\n"
            f'<rect width="{ANCHO}" height="{numero(self.alto)}" fill="#ffffff"/>\n'
            f"{cuerpo}\n</svg>\n"
        )


def _se_pisan(a: Caja, b: Caja) -> bool:
    """¿Se pisan dos rectángulos?"""
    return (
        a.x < b.x + b.ancho
        and b.x < a.x + a.ancho
        and a.y < b.y + b.alto
        and b.y < a.y + a.alto
    )


def _cruza(caja: Caja, desde: tuple, hasta: tuple) -> bool:
    """¿Pasa el segmento por dentro del rectángulo? Recorte de Liang y Barsky."""
    entra, sale = 0.0, 1.0
    for inicio, fin, bajo, largo in (
        (desde[0], hasta[0], caja.x, caja.ancho),
        (desde[1], hasta[1], caja.y, caja.alto),
    ):
        paso = fin - inicio
        if abs(paso) < 1e-9:
            if not bajo < inicio < bajo + largo:
                return False
            continue
        a, b = sorted(((bajo - inicio) / paso, (bajo + largo - inicio) / paso))
        entra, sale = max(entra, a), min(sale, b)
        if entra >= sale:
            return False
    return True
