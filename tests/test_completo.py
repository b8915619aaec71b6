"""Cada lección está en todos los índices, y los índices no nombran otras.

Los índices son `_toc.yml`, la tabla de book/index.md, la guía de quien enseña y la
frase de README.md; la tabla de minutos se genera.
"""

import re
import sys

import curso_minimo
import pytest

from herramientas.archivos import RAIZ
from herramientas.cuadernos import indices
from herramientas.cuadernos.indices import GUIA, LEEME, PORTADA, TOC

LECCIONES = indices.lecciones()


def test_cada_leccion_esta_en_todos_los_indices():
    faltas = indices.faltantes()
    assert not faltas, "\n".join(faltas)


# --- Que la comprobación ve lo que falta --------------------------------------------


@pytest.fixture
def copia(tmp_path):
    """Un curso mínimo, de la 00 a la 12, con todo en su lugar."""
    return curso_minimo.escribir(tmp_path)


@pytest.fixture
def de_verdad(tmp_path):
    """Los índices de este curso y, de cada cuaderno, su título."""
    for archivo in (TOC, PORTADA, GUIA, LEEME):
        (tmp_path / archivo).parent.mkdir(exist_ok=True)
        (tmp_path / archivo).write_bytes((RAIZ / archivo).read_bytes())
    for nombre in LECCIONES:
        titulo = f"# {indices.titulo(RAIZ, nombre)}"
        curso_minimo.cuaderno(tmp_path, nombre, titulo)
    return tmp_path


def _cambiar(raiz, archivo, patron, nuevo=""):
    texto = (raiz / archivo).read_text("utf-8")
    cambiado, veces = re.subn(patron, nuevo, texto, count=1, flags=re.M)
    assert veces, f"{patron} no está en {archivo}"
    (raiz / archivo).write_text(cambiado, encoding="utf-8")


def _entrada(raiz, archivo, nombre):
    """El patrón de lo que nombra a una lección en un índice."""
    if archivo == TOC:
        return rf"^.*notebooks/{nombre}$\n"
    if archivo == PORTADA:
        return rf"^\| \[\]\(\.\./notebooks/{nombre}\.ipynb\).*$\n"
    clave = indices.clave(nombre, indices.titulo(raiz, nombre))
    return rf"^\*\*{re.escape(clave)}"


def test_la_copia_esta_completa(copia):
    assert indices.faltantes(copia) == []


@pytest.mark.parametrize("archivo", [TOC, PORTADA, GUIA])
@pytest.mark.parametrize("nombre", LECCIONES)
def test_dice_que_leccion_falta_y_donde(de_verdad, archivo, nombre):
    assert indices.faltantes(de_verdad) == []
    _cambiar(de_verdad, archivo, _entrada(de_verdad, archivo, nombre))
    (falta,) = indices.faltantes(de_verdad)
    assert falta.startswith(f"{archivo} no nombra notebooks/{nombre}.ipynb: ")


def test_una_leccion_nueva_falta_en_los_cuatro(copia):
    curso_minimo.cuaderno(copia, "13_compresion", "# 13 · Compresión")
    faltas = indices.faltantes(copia)
    for archivo in (TOC, PORTADA, GUIA):
        inicio = f"{archivo} no nombra notebooks/13_compresion.ipynb"
        assert any(f.startswith(inicio) for f in faltas), faltas
    assert any(f.startswith(LEEME) and "01 a 13" in f for f in faltas)
    assert any(f.startswith(PORTADA) and "de la 14 a la 16" in f for f in faltas)


def test_una_leccion_sin_numero_falta_en_tres(copia):
    curso_minimo.cuaderno(copia, "museo_de_errores", "# Anexo · Museo de errores")
    faltas = indices.faltantes(copia)
    assert len(faltas) == 3 and all("museo_de_errores" in f for f in faltas)
    assert "«**Anexo · Museo de errores»" in faltas[2]


def test_una_entrada_sin_cuaderno_sobra(copia):
    nombre = curso_minimo.NOMBRES[-1]
    (copia / "notebooks" / f"{nombre}.ipynb").unlink()
    faltas = indices.faltantes(copia)
    for archivo in (TOC, PORTADA):
        assert f"{archivo} nombra «{nombre}», que no está en notebooks/." in faltas
    assert any(f.startswith(f"{GUIA} nombra «") for f in faltas)
    assert any(f.startswith(LEEME) for f in faltas)


def test_una_entrada_repetida_o_fuera_de_orden(copia):
    una = "      - file: notebooks/04_tema\n"
    _cambiar(copia, TOC, _entrada(copia, TOC, "04_tema"), una * 2)
    assert indices.faltantes(copia) == [
        f"{TOC} nombra dos veces notebooks/04_tema.ipynb."
    ]
    _cambiar(copia, TOC, una * 2)
    _cambiar(copia, TOC, r"(?=^.*03_tema)", una)
    (falta,) = indices.faltantes(copia)
    assert "03_tema va antes que 04_tema" in falta


def test_una_leccion_en_otra_parte_del_curso(copia):
    _cambiar(copia, TOC, _entrada(copia, TOC, "09_tema"))
    una = "      - file: notebooks/09_tema\n"
    _cambiar(copia, TOC, r"(?<=08_tema\n)", una)
    (falta,) = indices.faltantes(copia)
    assert "«Parte 3 · Eficiencia» y va en «Parte 4 · Ajuste»" in falta


@pytest.mark.parametrize(
    ("archivo", "patron", "dice"),
    [
        (LEEME, r"Están publicadas", "no dice qué hay"),
        (LEEME, r"(?<=01 a )12", "01 a 11"),
        (PORTADA, r"^Faltan las últimas[^:]+:", "no dice qué falta"),
        (PORTADA, r"^## Las lecciones$", "no tiene el apartado «Las lecciones»"),
        (GUIA, r"^## Qué decir en cada lección$", "no tiene el apartado «Qué decir"),
    ],
)
def test_las_frases_y_los_apartados(copia, archivo, patron, dice):
    _cambiar(copia, archivo, patron, "11" if "11" in dice else "")
    faltas = indices.faltantes(copia)
    assert any(f.startswith(archivo) and dice in f for f in faltas), faltas


def test_un_indice_que_no_esta(copia):
    for archivo in (TOC, PORTADA, GUIA, LEEME):
        (copia / archivo).unlink()
    faltas = indices.faltantes(copia)
    assert {f.split()[0].strip(":") for f in faltas} == {TOC, PORTADA, GUIA, LEEME}


def test_por_escribir_encuentra_la_plantilla(copia):
    assert indices.por_escribir(copia) == []
    curso_minimo.cuaderno(
        copia, "13_compresion", "# 13 · Compresión\n\nEscribe aquí la pregunta."
    )
    _cambiar(copia, PORTADA, r"(?<=12_tema\.ipynb\) \| ).*(?= \|)", "escribe aquí")
    faltas = indices.por_escribir(copia)
    assert len(faltas) == 2
    assert "13_compresion" in faltas[0] and "x-portada" in faltas[0]
    assert faltas[1].startswith(PORTADA)
    assert indices.faltas(copia) == indices.faltantes(copia) + faltas


# --- Las piezas ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numeros", "texto"),
    [
        ([1], "01"),
        ([1, 2], "01 y 02"),
        (range(1, 13), "01 a 12"),
        ([*range(1, 13), 14], "01 a 12 y 14"),
        ([1, 3, 5, 6], "01, 03, 05 y 06"),
        ([1, 2, 3, 5, 6, 7], "01 a 03 y 05 a 07"),
    ],
)
def test_tramos(numeros, texto):
    assert indices.tramos(numeros) == texto
    nombres = ["00_bienvenida", *(f"{n:02d}_x" for n in numeros)]
    frase = f"Están publicadas {indices.frase_publicadas(nombres)} (texto)."
    assert indices.PUBLICADAS.search(frase)[2] == indices.frase_publicadas(nombres)


@pytest.mark.parametrize(
    ("hasta", "frase"),
    [
        (12, "Faltan las últimas, de la 13 a la 16: "),
        (14, "Faltan las dos últimas, la 15 y la 16: "),
        (15, "Falta la última, la 16: "),
        (16, ""),
    ],
)
def test_frase_de_lo_que_falta(hasta, frase):
    nombres = [f"{n:02d}_x" for n in range(hasta + 1)] + ["tu_dominio"]
    dicho = indices.frase_pendientes(nombres)
    assert dicho.startswith(frase) and bool(dicho) == bool(frase)
    assert not dicho or indices.PENDIENTES.fullmatch(dicho)


def test_frase_de_lo_que_falta_con_huecos():
    nombres = [f"{n:02d}_x" for n in range(17) if n not in (13, 15)]
    assert indices.frase_pendientes(nombres).startswith("Faltan las lecciones 13 y 15:")


def test_el_orden_del_curso():
    nombres = "tu_dominio 09_x museo_de_errores antes_de_ajustar 16_x 08_x 00_x otra"
    orden = "00_x 08_x antes_de_ajustar 09_x 16_x tu_dominio museo_de_errores otra"
    assert sorted(nombres.split(), key=indices.lugar) == orden.split()
    nombres = "05_x antes_de_entrenar 04_x 06_x 03_x"
    orden = "03_x 04_x antes_de_entrenar 05_x 06_x"
    assert sorted(nombres.split(), key=indices.lugar) == orden.split()


def test_la_tabla_de_minutos_sigue_el_indice():
    sys.path.insert(0, str(RAIZ / "book" / "_ext"))
    tablas = pytest.importorskip("tablas")
    paginas = {f"notebooks/{n}" for n in LECCIONES} | {"book/index"}
    en_orden = [p.partition("/")[2] for p in tablas.en_orden(RAIZ, paginas)]
    assert en_orden == LECCIONES
