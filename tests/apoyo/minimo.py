"""Un cuaderno mínimo que cumple todas las reglas, para probar las pruebas.

De `taller` solo importa lo que toda primera celda importa: corre en un segundo.
"""

import copy
import os
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
)

from herramientas.cuadernos import huellas
from herramientas.cuadernos.leer import celda_instalar, de_codigo, guardar, proyecto

RUTA = Path("cuadernos-de-prueba") / "01_prueba.ipynb"
ALT = "Barras con los tokens por palabra de tres idiomas; el español queda en medio."

COMPROBAR = """\
def comprobar(quien, respuesta):
    print("✓ Correcto" if respuesta == 4 else "Todavía no: revisa la suma")"""


def md(identificador: str, texto: str) -> NotebookNode:
    celda = new_markdown_cell(texto)
    celda.id = identificador
    return celda


def codigo(identificador: str, texto: str, *marcas: str, salidas=()) -> NotebookNode:
    celda = new_code_cell(texto, outputs=list(salidas))
    celda.id = identificador
    if marcas:
        celda.metadata["tags"] = list(marcas)
    return celda


def dice(texto: str) -> NotebookNode:
    return new_output("stream", name="stdout", text=texto + "\n")


def solucion(identificador: str, texto: str, salidas=()) -> NotebookNode:
    celda = codigo(identificador, texto, "solucion", "hide-input", salidas=salidas)
    celda.metadata.update(cellView="form", jupyter={"source_hidden": True})
    return celda


def figura() -> NotebookNode:
    celda = codigo("01-figura", "def dibujar():\n    return 1", "widget")
    celda.outputs = [new_output("display_data", {"image/png": "iVBORw0KGgo="})]
    celda.metadata["mystnb"] = {"image": {"alt": ALT}}
    return celda


def cuaderno_bueno() -> NotebookNode:
    """Treinta y tantas celdas que cumplen todo lo que piden las reglas."""
    instalar = celda_instalar(*proyecto())
    celdas = [
        md(
            "01-portada",
            "# 01 · Prueba\n\nAl terminar podrás probar las pruebas.\n\n"
            "**Lectura** 5 min · **En vivo** 12 min · **Ejecución** 1 min "
            "(semilla, dos núcleos)\n\n**Estudio** 30 min, con ejercicios.\n\n"
            "Necesitas: nada.",
        ),
        codigo("01-instalar", instalar, "instalar"),
        codigo("01-comprobar", COMPROBAR, salidas=[]),
        md("01-seccion-uno", "## 1. Primera · 8 min"),
        codigo(
            "01-en-vivo",
            '# Suma dos números.\ntotal = 1 + 1\ntexto = """\n# no es comentario\n"""\n'
            "# Muestra el total.\nprint(total)",
            "en-vivo",
            "nbval-check-output",
            salidas=[dice("2")],
        ),
        md("01-seccion-dos", "## 2. Segunda · 4 min"),
        figura(),
    ]
    for i in (1, 2):
        celdas += [
            md(f"01-enunciado-{i}", f"### Ejercicio {i}\n\nSuma bien."),
            codigo(
                f"01-ejercicio-{i}",
                f"suma_{i} = 0\ncomprobar('01-suma-{i}', suma_{i})",
                "ejercicio",
                salidas=[dice("Todavía no: revisa la suma")],
            ),
            solucion(
                f"01-solucion-{i}",
                f"# @title Solución\nsuma_{i}_resuelta = 4\n"
                f"comprobar('01-suma-{i}', suma_{i}_resuelta)",
                salidas=[dice("✓ Correcto")],
            ),
        ]
    for i in range(25):
        celdas.append(md(f"01-prosa-{i}", "Esta es una frase de prueba. " * 10))
    celdas.append(
        md("01-cierre", "## Qué aprendiste\n\nA probar.\n\n## Para seguir leyendo")
    )
    cuaderno = new_notebook(cells=celdas)
    cuaderno.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    numerar(cuaderno)
    firmar(cuaderno)
    return cuaderno


def numerar(cuaderno) -> None:
    con_codigo = [c for c in cuaderno.cells if c.cell_type == "code"]
    for i, celda in enumerate(con_codigo, start=1):
        celda.execution_count = i


def firmar(cuaderno) -> None:
    huella = huellas.calcular(cuaderno, [], {})
    cuaderno.metadata["taller"] = {"hilos": 2, "huella": huella}


def celda(cuaderno, identificador: str) -> NotebookNode:
    return next(c for c in cuaderno.cells if c.id == identificador)


def cambiado(cambio) -> NotebookNode:
    """Una copia del cuaderno bueno con un cambio hecho en su sitio."""
    copia = copy.deepcopy(cuaderno_bueno())
    cambio(copia)
    return copia


def guardar_sin_salidas(carpeta: Path, *celdas_de_mas) -> Path:
    """Escribe el cuaderno bueno, sin ejecutar y con otras celdas al final."""
    cuaderno = cuaderno_bueno()
    for c in de_codigo(cuaderno):
        c.outputs, c.execution_count = [], None
    cuaderno.metadata.pop("taller")
    cuaderno.cells += celdas_de_mas
    ruta = carpeta / RUTA.name
    guardar(cuaderno, ruta)
    return ruta


def entorno_sin_pytest() -> dict[str, str]:
    """El entorno para abrir otro pytest, con su propio registro de red."""
    nuevo = dict(os.environ)
    for variable in ("TALLER_REGISTRO_RED", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS"):
        nuevo.pop(variable, None)
    return nuevo
