"""Un curso mínimo, de la 00 a la 12, con sus índices completos y casi sin texto.

No cambia cuando el curso de verdad gana lecciones.
"""

import json
import shutil
from pathlib import Path

from herramientas.archivos import RAIZ
from herramientas.cuadernos.indices import GUIA, LEEME, PORTADA, TOC

PARTES = {
    "Parte 0 · Arranque": range(0, 1),
    "Parte 1 · Texto": range(1, 3),
    "Parte 2 · Modelo": range(3, 6),
    "Parte 3 · Eficiencia": range(6, 9),
    "Parte 4 · Ajuste": range(9, 13),
}
NOMBRES = [f"{n:02d}_tema" for n in range(13)]


def cuaderno(raiz: Path, nombre: str, texto: str) -> None:
    """Un cuaderno de una sola celda de Markdown."""
    celda = {"id": "x-portada", "cell_type": "markdown", "source": [texto]}
    ruta = raiz / "notebooks" / f"{nombre}.ipynb"
    ruta.parent.mkdir(parents=True, exist_ok=True)
    ruta.write_text(json.dumps({"cells": [celda]}), encoding="utf-8")


def escribir(raiz: Path) -> Path:
    """Escribe el curso en una carpeta y la devuelve."""
    toc = "format: jb-book\nroot: book/index\nparts:\n"
    toc += "  - caption: Empieza aquí\n    chapters:\n      - file: book/como_usar\n"
    for parte, numeros in PARTES.items():
        toc += f'  - caption: "{parte}"\n    chapters:\n'
        toc += "".join(f"      - file: notebooks/{NOMBRES[n]}\n" for n in numeros)
    toc += "  - caption: Para quien enseña\n    chapters:\n"
    toc += "      - file: book/instructores\n"
    filas = [f"| [](../notebooks/{n}.ipynb) | una cosa |" for n in NOMBRES]
    portada = (
        "# Curso\n\n## Las lecciones\n\n| lección | qué construyes |\n|---|---|\n"
        + "\n".join(filas)
        + "\n\nFaltan las últimas, de la 13 a la 16: cada lección se publica cuando "
        "está completa. Antes de\nempezar, mira otra página.\n"
    )
    entradas = [f"**{n[:2]} · Tema.** Di algo\ny algo más.\n" for n in NOMBRES]
    guia = "# Guía\n\n## Qué decir en cada lección\n\n" + "\n".join(entradas)
    guia += "\n## Sin GPU\n\n**Esto no es una lección.** Nada cambia.\n"
    leeme = (
        "# Curso\n\nTrata de modelos. Están publicadas la bienvenida y las\nlecciones "
        "01 a 12 (texto y modelo); las demás se irán sumando.\n"
    )
    for archivo, texto in ((TOC, toc), (PORTADA, portada), (GUIA, guia)):
        (raiz / archivo).parent.mkdir(parents=True, exist_ok=True)
        (raiz / archivo).write_text(texto, encoding="utf-8")
    (raiz / LEEME).write_text(leeme, encoding="utf-8")
    shutil.copy(RAIZ / "pyproject.toml", raiz)
    (raiz / "taller" / "ejercicios").mkdir(parents=True)
    for nombre in NOMBRES:
        cuaderno(raiz, nombre, f"# {nombre[:2]} · Tema")
    return raiz
