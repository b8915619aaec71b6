"""La hora de lectura de quien va a dar el taller, con los minutos contados.

Los minutos salen de las palabras de cada texto, a `RITMO` por minuto, y los de una
lección, de su portada. Lo usa la directiva {lectura} de book/preparar.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from herramientas.archivos import RAIZ
from herramientas.cuadernos import leer as cuadernos
from herramientas.sala import horario

RITMO = 180  # palabras por minuto: un supuesto, para leer con calma


@dataclass(frozen=True)
class Texto:
    """Algo por leer: su archivo y, si no es entero, los apartados que cuentan.

    `parrafos`: de esos apartados, solo los que empiezan con una de estas negritas.
    """

    archivo: str
    nombre: str
    para: str
    apartados: tuple[str, ...] = ()
    parrafos: tuple[str, ...] = ()


# Las del taller más corto, que es el que se da la primera vez.
LECCIONES = tuple(
    dict.fromkeys(
        rato.leccion
        for jornada in horario.PLANES["cuatro-horas"]
        for rato in jornada.ratos
        if isinstance(rato, horario.De)
    )
)
TEXTOS = (
    Texto("book/preparar.md", "esta página", "qué preparar, abrir, cuidar y entregar"),
    Texto("book/taller.md", "horarios, listas y papeles", "elegir un horario"),
    Texto(
        "book/instructores.md",
        "la guía de quien enseña, lo general",
        "cómo se escribe ante la sala y qué hacer con retraso",
        (
            "Antes de la sesión",
            "Los esqueletos y las láminas",
            "Escribir el código en vivo",
            "Sin GPU",
            "Sin red",
            "Cincuenta personas detrás de una misma dirección",
            "Si vas con retraso",
        ),
    ),
    Texto(
        "book/instructores.md",
        "la guía, de las lecciones " + ", ".join(LECCIONES),
        "la frase que debe quedar y qué preguntar",
        ("Qué decir en cada lección", "Qué preguntar, y qué responderán"),
        LECCIONES,
    ),
    Texto("CODE_OF_CONDUCT.md", "el código de conducta", "resumirlo en voz alta"),
    Texto("book/cuestionarios.md", "los cuestionarios", "saber qué se va a medir"),
    Texto(
        "notebooks/00_bienvenida.ipynb",
        "la bienvenida, como quien estudia",
        "ver una lección por dentro",
    ),
)


def apartados(texto: str) -> dict[str, str]:
    """Los apartados de segundo nivel de un Markdown, por su título."""
    partes = re.split(r"(?m)^## +(.+?)\s*$", cuadernos.sin_bloques(texto))
    return dict(zip(partes[1::2], partes[2::2], strict=True))


def palabras(texto: str) -> int:
    """Palabras que se leen: sin código, direcciones ni marcas."""
    texto = re.sub(r"<!--.*?-->", " ", cuadernos.sin_bloques(texto), flags=re.S)
    texto = re.sub(r"\]\([^)]*\)|\{[\w-]+\}`[^`]*`|https?://\S+", " ", texto)
    return len(re.findall(r"[^\W_][\w-]*", texto))


def minutos(texto: Texto, raiz: Path = RAIZ) -> int:
    """Los minutos de lectura de un texto, hacia arriba.

    Lanza ValueError si falta un apartado o un párrafo: se cambió de nombre.
    """
    ruta = raiz / texto.archivo
    if ruta.suffix == ".ipynb":
        return cuadernos.minutos(cuadernos.leer(ruta)).lectura
    entero = ruta.read_text(encoding="utf-8")
    if not texto.apartados:
        return ceil(palabras(entero) / RITMO)
    hay, suma = apartados(entero), 0
    for titulo in texto.apartados:
        if titulo not in hay:
            raise ValueError(f"{texto.archivo} ya no tiene «{titulo}».")
        if not texto.parrafos:
            suma += palabras(hay[titulo])
        for inicio in texto.parrafos:
            suyos = [
                p
                for p in re.split(r"\n\s*\n", hay[titulo])
                if re.match(rf"\s*\*\*{inicio}\b", p)
            ]
            if not suyos:
                raise ValueError(f"«{titulo}» no dice nada de la {inicio}.")
            suma += sum(map(palabras, suyos))
    return ceil(suma / RITMO)


def pagina(raiz: Path = RAIZ) -> list[str]:
    """Las líneas de Markdown de la tabla, con su suma."""
    lineas, total = ["| qué lees | para qué | minutos |", "|---|---|---:|"], 0
    for texto in TEXTOS:
        total += (suyos := minutos(texto, raiz))
        nombre = texto.nombre
        if texto.archivo.startswith(("book/", "notebooks/")):
            nombre = f"[{nombre}](/{texto.archivo})"
        lineas.append(f"| {nombre} | {texto.para} | {suyos} |")
    return [*lineas, f"| **total** | | **{total}** |"]
