"""Reglas sobre las celdas de código: tamaño, etiquetas y lo que no debe haber."""

import ast
import re

from IPython.core.inputtransformer2 import TransformerManager

from herramientas.cuadernos.indices import prefijo
from herramientas.cuadernos.leer import (
    celda_instalar,
    de_codigo,
    etiquetas,
    extra_de,
    primera_linea,
    proyecto,
)
from herramientas.cuadernos.lenguas import lengua_de

from . import regla

LINEAS, COLUMNAS = 25, 88
ETIQUETAS = {
    "instalar", "ejercicio", "solucion", "en-vivo", "widget", "medida", "esquema",
    "nbval-check-output", "raises-exception", "hide-input",
}  # fmt: skip
# (lo que no debe aparecer, qué hacer)
PROHIBIDO = [
    (r"notebook_login|huggingface-cli login|hf auth login|\blogin\(",
     "pide una cuenta; el curso no la necesita"),
    (r"%%capture", "%%capture esconde lo que pasa; quítalo"),
    (r"filterwarnings|simplefilter|catch_warnings", "esconde avisos; corrige la causa"),
    (r"\bif False\b|\bif 0:", "código que nunca corre; bórralo"),
    (r"trust_remote_code", "ejecuta código ajeno; usa un modelo que no lo pida"),
    (r"[\"'](/home/|/root|/tmp/|/Users/|/content/|/mnt/|[A-Za-z]:\\\\|~/)",
     "ruta de una máquina; usa tempfile o una ruta relativa"),
    (r"\b(hf_[A-Za-z0-9]{20,}|sk-[A-Za-z0-9]{20,}|gh[po]_[A-Za-z0-9]{20,})",
     "parece una clave secreta; revócala y bórrala"),
    (r"\binput\(", "espera a una persona; las pruebas no pueden contestar"),
    ("[\U0001f000-\U0001faff\u2600-\u26ff\u2705\u274c\u2728\ufe0f]",
     "emoji en el código; usa palabras"),
]  # fmt: skip


def arbol(celda) -> ast.Module:
    """El código de la celda ya analizado; las %magias pasan a ser llamadas."""
    return ast.parse(TransformerManager().transform_cell(celda.source))


@regla
def se_puede_leer(cuaderno, ruta):
    """Todo el código es Python válido."""
    faltas = []
    for celda in de_codigo(cuaderno):
        try:
            arbol(celda)
        except SyntaxError as error:
            faltas.append(f"celda «{celda.id}»: no es Python válido ({error.msg})")
    return faltas


@regla
def largo_de_celda(cuaderno, ruta):
    """A lo sumo 25 líneas con texto y 88 columnas."""
    faltas = []
    for celda in de_codigo(cuaderno):
        llenas = [x for x in celda.source.splitlines() if x.strip()]
        if len(llenas) > LINEAS:
            faltas.append(
                f"celda «{celda.id}»: {len(llenas)} líneas; divídela (máximo {LINEAS})"
            )
        largas = [x for x in llenas if len(x) > COLUMNAS]
        if largas:
            faltas.append(
                f"celda «{celda.id}»: una línea de {len(largas[0])} columnas "
                f"(máximo {COLUMNAS}): {largas[0].strip()[:40]}…"
            )
        if not llenas:
            faltas.append(f"celda «{celda.id}»: está vacía; bórrala")
    return faltas


@regla
def etiquetas_permitidas(cuaderno, ruta):
    """Solo las etiquetas del curso; hide-input, solo en soluciones."""
    faltas = []
    for celda in cuaderno.cells:
        marcas = etiquetas(celda)
        raras = marcas - ETIQUETAS
        if celda.cell_type == "markdown":
            raras = marcas
        if raras:
            faltas.append(
                f"celda «{celda.id}»: etiqueta que no existe: {', '.join(raras)}"
            )
        if "hide-input" in marcas and "solucion" not in marcas:
            faltas.append(f"celda «{celda.id}»: esconde código que no es una solución")
    return faltas


@regla
def identificadores(cuaderno, ruta):
    """Identificadores legibles y únicos, con el comienzo propio de la lección."""
    faltas, vistos = [], set()
    comienzo = f"{prefijo(ruta.stem)}-"
    for celda in cuaderno.cells:
        legible = re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", celda.id)
        if not legible or not celda.id.startswith(comienzo) or celda.id in vistos:
            faltas.append(
                f"celda «{celda.id}» ({primera_linea(celda)[:40]}): usa un nombre "
                f"único y legible, como «{comienzo}bpe-fusion»"
            )
        vistos.add(celda.id)
    return faltas


@regla
def celda_de_instalacion(cuaderno, ruta):
    """La primera celda de código instala el curso en Colab, y está al día."""
    codigo = de_codigo(cuaderno)
    con_marca = [c for c in codigo if "instalar" in etiquetas(c)]
    if not codigo or con_marca != codigo[:1]:
        return ["la primera celda de código, y solo ella, lleva la etiqueta `instalar`"]
    lengua = lengua_de(cuaderno)
    if codigo[0].source != celda_instalar(*proyecto(), extra_de(cuaderno), lengua):
        return [
            f"celda «{codigo[0].id}»: no corresponde a pyproject.toml; ejecuta "
            "make ejecutar ARGS=--instalar"
        ]
    return []


@regla
def nada_prohibido(cuaderno, ruta):
    """Sin login, filtros de avisos, código muerto, rutas de una máquina ni claves."""
    faltas = []
    for celda in de_codigo(cuaderno):
        for patron, que_hacer in PROHIBIDO:
            if m := re.search(patron, celda.source):
                faltas.append(f"celda «{celda.id}»: «{m[0]}»: {que_hacer}")
    return faltas


@regla
def corre_sola(cuaderno, ruta):
    """No lee lo que otro cuaderno dejó: nada de ../, notebooks/ ni .ipynb."""
    faltas = []
    for celda in de_codigo(cuaderno):
        try:
            nodos = list(ast.walk(arbol(celda)))
        except SyntaxError:
            continue  # lo dice `se_puede_leer`
        for nodo in nodos:
            valor = getattr(nodo, "value", None)
            if isinstance(nodo, ast.Constant) and isinstance(valor, str):
                if re.match(r"\.\./|(\./)?notebooks/|\S+\.ipynb$", valor):
                    faltas.append(
                        f"celda «{celda.id}»: depende de {valor!r}; cada cuaderno "
                        "corre solo, con lo que trae `taller`"
                    )
    return faltas
