"""La ficha del curso y la portada del PDF y del EPUB."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from PIL import Image, ImageDraw, ImageFont

MESES = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre"
).split()
ANCHO, ALTO = 1200, 1600
PAPEL, TINTA, GRIS, TOKEN, BIT = "#fdfcf9", "#0d3f3c", "#536361", "#c8741a", "#0b5f5a"
LEMA = "Del texto a un modelo de lenguaje en 4 bits"
LICENCIA = "Textos, figuras y pesos: CC BY 4.0. Código: Apache-2.0."


@dataclass(frozen=True)
class Ficha:
    """Lo que el libro dice de sí mismo."""

    titulo: str
    autor: str
    tema: str
    version: str
    direccion: str
    fecha: date | None
    con_soluciones: bool

    @property
    def dibujo(self) -> str:
        """La portada, en palabras."""
        return (
            f"Portada: {self.titulo}. Cuatro tokens de texto bajan convertidos en "
            "bloques de 4 bits."
        )

    @property
    def creditos(self) -> list[str]:
        """Las frases de la página de créditos."""
        dia = self.fecha
        cuando = f"{dia.day} de {MESES[dia.month - 1]} de {dia.year}" if dia else ""
        return [
            f"{self.autor}.",
            f"Versión {self.version}, {'del ' + cuando if dia else 'en preparación'}.",
            "Con las soluciones de los ejercicios."
            if self.con_soluciones
            else "Sin las soluciones de los ejercicios.",
            f"El sitio, los cuadernos y la versión más nueva: {self.direccion}",
            LICENCIA,
        ]


def leer_ficha(raiz: Path, con_soluciones: bool = True) -> Ficha:
    """La ficha, de pyproject.toml y CITATION.cff."""
    proyecto = tomllib.loads((raiz / "pyproject.toml").read_text("utf-8"))["project"]
    cita = yaml.safe_load((raiz / "CITATION.cff").read_text("utf-8"))
    dia = cita.get("date-released")
    return Ficha(
        cita["title"],
        cita["authors"][0]["name"],
        proyecto["description"],
        proyecto["version"],
        proyecto["urls"]["Sitio"].rstrip("/") + "/",
        date.fromisoformat(str(dia)) if dia else None,
        con_soluciones,
    )


def dibujar_portada(ficha: Ficha) -> Image.Image:
    """La portada, de 1200 por 1600 píxeles.

    La letra que trae Pillow solo tiene los signos de ASCII: sin tildes ni eñes.
    """
    hoja = Image.new("RGB", (ANCHO, ALTO), PAPEL)
    lapiz = ImageDraw.Draw(hoja)
    lapiz.rectangle((0, 0, ANCHO, 26), TOKEN)
    lapiz.rectangle((0, ALTO - 26, ANCHO, ALTO), BIT)
    lapiz.text((96, 190), "De tokens", font=ImageFont.load_default(150), fill=TINTA)
    lapiz.text((96, 350), "a QLoRA", font=ImageFont.load_default(150), fill=TINTA)
    lapiz.text((102, 570), LEMA, font=ImageFont.load_default(44), fill=GRIS)
    izquierda = 102
    for ancho, bits in ((262, "1001"), (160, "0110"), (330, "1011"), (170, "0100")):
        caja = (izquierda, 780, izquierda + ancho, 876)
        lapiz.rounded_rectangle(caja, 26, fill=TOKEN)
        centro = izquierda + ancho // 2
        for tramo in range(896, 1080, 16):
            lapiz.line((centro, tramo, centro, tramo + 8), fill=GRIS, width=5)
        for i, bit in enumerate(bits):
            x, y = centro - 70 + 74 * (i % 2), 1100 + 74 * (i // 2)
            cuadro = (x, y, x + 64, y + 64)
            lapiz.rectangle(cuadro, BIT if bit == "1" else None, BIT, 5)
        izquierda += ancho + 25
    pie = f"v{ficha.version}"
    lapiz.text((102, ALTO - 130), pie, font=ImageFont.load_default(44), fill=GRIS)
    return hoja
