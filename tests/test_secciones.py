"""Cada sección dice si es esencial, y lo esencial se sigue sin lo optativo."""

import re

import pytest

from herramientas.archivos import RAIZ
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.leer import etiquetas
from herramientas.sala import estudio
from taller.nombres import nombres

RUTAS = cuadernos.rutas()
NUMERADA = re.compile(r"\d+\. ")
MARCA = re.compile(r" \((esencial|optativo)\)$")


def _numeradas(cuaderno) -> list:
    return [s for s in cuadernos.secciones(cuaderno) if NUMERADA.match(s.titulo)]


def _marca(seccion) -> str:
    """«esencial», «optativo» o nada, si el título no lo dice."""
    hallada = MARCA.search(seccion.titulo)
    return hallada[1] if hallada else ""


def _optativas(cuaderno) -> list[tuple[int, int]]:
    """De cada sección optativa, su primera celda y la primera que ya no es suya."""
    todas = cuadernos.secciones(cuaderno)
    fines = [s.celda for s in todas[1:]] + [len(cuaderno.cells)]
    return [
        (s.celda, fin)
        for s, fin in zip(todas, fines, strict=True)
        if _marca(s) == "optativo"
    ]


def prestados(cuaderno) -> dict[str, str]:
    """Los nombres que lo esencial toma de lo optativo: {nombre: celda que lo pide}."""
    optativas, de_optativa, pide = _optativas(cuaderno), {}, {}
    for i, celda in enumerate(cuaderno.cells):
        if celda.cell_type != "code" or "solucion" in etiquetas(celda):
            continue
        dentro = any(desde <= i < fin for desde, fin in optativas)
        pedidos, define = nombres(celda.source)
        if not dentro:
            pide |= {n: celda.id for n in pedidos if de_optativa.get(n)}
        de_optativa |= dict.fromkeys(define, dentro)
    return pide


@pytest.mark.parametrize("ruta", RUTAS, ids=lambda r: r.stem)
def test_toda_seccion_dice_si_es_esencial(ruta):
    secciones = _numeradas(cuadernos.leer(ruta))
    calladas = [s.titulo for s in secciones if not _marca(s)]
    assert not calladas, "escribe «## 1. Título (esencial) · 12 min», u (optativo)"
    esencial = sum(s.minutos for s in secciones if _marca(s) == "esencial")
    assert esencial >= sum(s.minutos for s in secciones) / 2


@pytest.mark.parametrize("ruta", RUTAS, ids=lambda r: r.stem)
def test_lo_esencial_no_pide_nada_a_lo_optativo(ruta):
    assert prestados(cuadernos.leer(ruta)) == {}


def test_la_portada_dice_los_minutos_del_camino_mas_corto():
    portada = (RAIZ / "book" / "index.md").read_text("utf-8")
    apartado = portada.partition("### El camino más corto")[2].partition("\n#")[0]
    lecciones = re.findall(r"notebooks/(\w+)\.ipynb", apartado)
    assert [n[:2] for n in lecciones] == "00 01 03 06 07 08 09 10".split()
    total = 0
    for leccion in lecciones:
        cuaderno = cuadernos.leer(RAIZ / "notebooks" / f"{leccion}.ipynb")
        esenciales = [s for s in _numeradas(cuaderno) if _marca(s) == "esencial"]
        total += sum(s.minutos for s in esenciales)
    dicho = " ".join(apartado.split())
    assert f"En vivo son {total} minutos." in dicho
    assert [n[:2] for n in lecciones] == estudio.CORTO
    assert f"Por tu cuenta, con ejercicios, unos {estudio.camino_corto()}." in dicho


def test_la_prueba_ve_un_nombre_prestado():
    """Nace en lo optativo y se pide fuera; si renace fuera, ya no es prestado."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    celdas = [
        new_markdown_cell("## 1. Uno (optativo) · 5 min"),
        new_code_cell("dato = 1"),
        new_markdown_cell("## 2. Dos (esencial) · 5 min"),
        new_code_cell("print(dato)", id="02-usa"),
        new_code_cell("dato = 2"),
        new_code_cell("print(dato)"),
    ]
    assert prestados(new_notebook(cells=celdas)) == {"dato": "02-usa"}
