"""Lo que se lee o se escribe como texto dice en qué codificación: Windows usa otra."""

import ast

import pytest

from herramientas.archivos import RAIZ

CARPETAS = ("auditoria", "ensayo", "medidas", "sala", "usb")
PROGRAMAS = sorted(
    ruta
    for carpeta in CARPETAS
    for ruta in (RAIZ / "herramientas" / carpeta).rglob("*.py")
)
# Un programa sellado: cambiarlo obliga a medir otra vez. El JSON que lee es ASCII.
SELLADOS = {"repetir_qlora.py"}


def sin_codificacion(codigo: str) -> list[int]:
    """Las líneas que leen, escriben o reciben texto sin decir la codificación."""
    lineas = []
    for nodo in ast.walk(ast.parse(codigo)):
        if not isinstance(nodo, ast.Call):
            continue
        claves = {c.arg for c in nodo.keywords}
        nombre = getattr(nodo.func, "attr", "")
        lee = nombre == "read_text" and not nodo.args
        escribe = nombre == "write_text" and len(nodo.args) < 2
        recibe = {"text", "universal_newlines"} & claves
        if (lee or escribe or recibe) and "encoding" not in claves:
            lineas.append(nodo.lineno)
    return lineas


@pytest.mark.parametrize(
    "malo",
    [
        "ruta.read_text()",
        "ruta.write_text(x)",
        "ruta.write_text(x, newline='')",
        "run(orden, text=True)",
    ],
)
def test_se_nota_lo_que_falta(malo):
    assert sin_codificacion(malo) == [1]


def test_lo_que_la_dice_pasa():
    buenos = "r.read_text('utf-8')\nr.write_text(x, encoding='utf-8')\n"
    assert sin_codificacion(buenos + "run(orden, text=True, encoding='utf-8')") == []


@pytest.mark.parametrize("ruta", PROGRAMAS, ids=lambda r: f"{r.parent.name}-{r.stem}")
def test_cada_programa_dice_la_codificacion(ruta):
    lineas = sin_codificacion(ruta.read_text("utf-8"))
    assert bool(lineas) == (ruta.name in SELLADOS), lineas
