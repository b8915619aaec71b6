"""Empieza la traducción de una lección, y dice qué cambió después en el original.

    python -m herramientas.cuadernos.traducir pt 01 01_tokenizacao    la empieza
    python -m herramientas.cuadernos.traducir                         qué cambió
    python -m herramientas.cuadernos.traducir --revisada 01_tokenizacao

Una traducción tiene las celdas de su original, con los mismos nombres y etiquetas y el
mismo programa: cambian la prosa, los comentarios y los textos que se ven. De cada
celda del original guarda una huella; cuando una cambia, la página lo dice hasta que
alguien la revisa y usa `--revisada`.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import sys
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager

from herramientas.archivos import NOTEBOOKS
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.leer import ErrorDeCuaderno, etiquetas
from herramientas.cuadernos.lenguas import LENGUAS


def alt_de(celda) -> str:
    """El texto alternativo de la figura de una celda, o nada."""
    return celda.metadata.get("mystnb", {}).get("image", {}).get("alt", "")


def sellos(original) -> dict[str, str]:
    """Por celda, una huella de lo que se traduce: su texto y el de su figura.

    La celda `instalar` no cuenta: cambia con cada versión y se pone sola.
    """
    return {
        celda.id: hashlib.sha256(
            f"{celda.source}\n{alt_de(celda)}".encode()
        ).hexdigest()[:8]
        for celda in original.cells
        if "instalar" not in etiquetas(celda)
    }


def cambiadas(traduccion, original) -> list[str]:
    """Las celdas del original que cambiaron, nacieron o se fueron desde la revisión."""
    antes = traduccion.metadata["traduccion"]["celdas"]
    ahora = sellos(original)
    return [i for i in {**antes, **ahora} if antes.get(i) != ahora.get(i)]


def programa(codigo: str) -> str:
    """El código sin comentarios y con todos sus textos en blanco."""
    arbol = ast.parse(TransformerManager().transform_cell(codigo))
    for nodo in ast.walk(arbol):
        if isinstance(nodo, ast.Constant) and isinstance(nodo.value, str):
            nodo.value = ""
    return ast.dump(arbol)


def faltas(traduccion, original) -> list[str]:
    """En qué deja una traducción de ser la misma lección, celda por celda."""
    suyas = [c.id for c in traduccion.cells]
    debe = [c.id for c in original.cells]
    if suyas != debe:
        otras = ", ".join(sorted(set(suyas) ^ set(debe))) or "el orden"
        return [f"no tiene las celdas del original: {otras}"]
    malas = []
    for una, otra in zip(traduccion.cells, original.cells, strict=True):
        donde = f"celda «{una.id}»"
        if una.cell_type != otra.cell_type or etiquetas(una) != etiquetas(otra):
            malas.append(f"{donde}: no es de la misma clase que la del original")
        elif una.cell_type == "markdown":
            if una.source == otra.source:
                malas.append(f"{donde}: está sin traducir")
        elif programa(una.source) != programa(otra.source):
            malas.append(f"{donde}: su programa no es el del original")
        if alt_de(otra) and alt_de(una) in ("", alt_de(otra)):
            malas.append(f"{donde}: el texto de su figura está sin traducir")
    minutos = [
        [s.minutos for s in cuadernos.secciones(c)] for c in (traduccion, original)
    ]
    if minutos[0] != minutos[1]:
        malas.append(
            f"sus secciones duran {minutos[0]} y las del original {minutos[1]}"
        )
    return malas


def original_de(traduccion, carpeta: Path = NOTEBOOKS):
    """El cuaderno en español de que sale una traducción.

    Lanza ErrorDeCuaderno si ya no está.
    """
    return cuadernos.leer(carpeta / f"{traduccion.metadata['traduccion']['de']}.ipynb")


# --- Las tres órdenes ---------------------------------------------------------------


def empezar(lengua: str, leccion: str, nombre: str, carpeta: Path = NOTEBOOKS) -> Path:
    """Copia una lección, sin salidas, a la carpeta de una lengua, y devuelve su ruta.

    Lanza ErrorDeCuaderno si la lengua no está en LENGUAS o si el archivo ya existe.
    """
    if lengua not in LENGUAS:
        raise ErrorDeCuaderno(
            f"No hay lengua «{lengua}» en herramientas/cuadernos/lenguas.py. Están: "
            f"{', '.join(LENGUAS)}. Añádela allí primero."
        )
    (origen,) = cuadernos.rutas([leccion], carpeta)
    destino = carpeta / lengua / f"{nombre.removesuffix('.ipynb')}.ipynb"
    if destino.exists():
        raise ErrorDeCuaderno(f"Ya existe {lengua}/{destino.name}: elige otro nombre.")
    cuaderno = cuadernos.leer(origen)
    for celda in cuadernos.de_codigo(cuaderno):
        celda.outputs, celda.execution_count = [], None
    cuaderno.metadata.pop("taller", None)
    cuaderno.metadata["traduccion"] = {
        "lengua": lengua,
        "de": origen.stem,
        "celdas": sellos(cuaderno),
    }
    cuadernos.guardar(cuaderno, destino)
    return destino


def dar_por_revisada(ruta: Path) -> None:
    """Guarda las huellas de hoy del original: la traducción ya dice lo mismo."""
    cuaderno = cuadernos.leer(ruta)
    cuaderno.metadata["traduccion"]["celdas"] = sellos(original_de(cuaderno))
    cuadernos.guardar(cuaderno, ruta)


def contar_cambios() -> None:
    """Dice, de cada traducción, qué cambió en su original."""
    for ruta in cuadernos.traducciones():
        cuaderno = cuadernos.leer(ruta)
        original = original_de(cuaderno)
        dichas = [f"cambió {i}" for i in cambiadas(cuaderno, original)]
        dichas += faltas(cuaderno, original)
        print(f"{ruta.parent.name}/{ruta.name}: {'; '.join(dichas) or 'al día'}")


def principal(argumentos: list[str] | None = None) -> int:
    lector = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    lector.add_argument("pedido", nargs="*", help="lengua, lección y nombre nuevo")
    lector.add_argument("--revisada", metavar="NOMBRE", help="ya dice lo mismo")
    opciones = lector.parse_args(argumentos)
    try:
        if opciones.revisada:
            (ruta,) = cuadernos.rutas([opciones.revisada])
            dar_por_revisada(ruta)
        elif not opciones.pedido:
            contar_cambios()
        elif len(opciones.pedido) == 3:
            ruta = empezar(*opciones.pedido)
            print(
                f"✓ {ruta.parent.name}/{ruta.name}: traduce su texto, comentarios y "
                "figuras, y ejecútala. Después ponla en _toc.yml."
            )
        else:
            raise ErrorDeCuaderno("Di lengua, lección y nombre: pt 01 01_tokenizacao.")
    except ErrorDeCuaderno as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(principal())
