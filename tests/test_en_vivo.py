"""Las versiones en vivo: esqueleto más código recortado es igual a la lección.

Además corren. Las de dos lecciones se ejecutan de verdad (prueba `lento`); para las
demás basta la identidad: esqueleto y lección ejecutan el mismo código en el mismo
orden, porque la celda de rescate contiene entero el que se recortó, y ninguna celda usa
un nombre que solo define una solución.
"""

import pytest
from minimo import RUTA, celda, cuaderno_bueno, md
from reglas.ejercicios import nombres_que_faltarian

from herramientas.cuadernos import en_vivo, nucleo
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.leer import de_codigo, etiquetas, leer

RUTAS = cuadernos.rutas()
SE_EJECUTAN = ("00_bienvenida", "01_tokenizacion")
por_cuaderno = pytest.mark.parametrize("ruta", RUTAS, ids=lambda r: r.stem)


def _sin_soluciones(cuaderno):
    return [
        (c.id, c.source) for c in de_codigo(cuaderno) if "solucion" not in etiquetas(c)
    ]


def _revisar(cuaderno):
    esqueleto = en_vivo.recortar(cuaderno)
    assert en_vivo.restaurar(esqueleto) == _sin_soluciones(cuaderno)
    assert not any("solucion" in etiquetas(c) for c in esqueleto.cells)
    assert not any(c.outputs for c in de_codigo(esqueleto))
    assert len({c.id for c in esqueleto.cells}) == len(esqueleto.cells)
    assert cuadernos.secciones(esqueleto) != []
    for antes, rescate in zip(esqueleto.cells, esqueleto.cells[1:], strict=False):
        if "rescate" in etiquetas(rescate):
            for linea in antes.source.splitlines():
                assert linea.lstrip().startswith("#"), f"«{antes.id}» conserva código"
    return esqueleto


@por_cuaderno
def test_esqueleto_mas_recortes_es_la_leccion(ruta):
    _revisar(leer(ruta))


@por_cuaderno
def test_nadie_depende_de_una_solucion(ruta):
    assert nombres_que_faltarian(leer(ruta)) == {}


@por_cuaderno
def test_el_plan_suma_los_minutos(ruta):
    cuaderno = leer(ruta)
    plan = en_vivo.plan(cuaderno).source
    assert f"**{cuadernos.minutos(cuaderno).en_vivo} min**" in plan


@pytest.mark.lento
@pytest.mark.parametrize("nombre", SE_EJECUTAN)
def test_el_esqueleto_corre(nombre, tmp_path):
    (ruta,) = cuadernos.rutas([nombre])
    try:
        nucleo.ejecutar(en_vivo.recortar(leer(ruta)), tmp_path)
    except nucleo.Fallo as fallo:
        pytest.fail(f"{ruta.name}, versión en vivo: {fallo}", pytrace=False)


def test_recorta_solo_lo_en_vivo():
    original = cuaderno_bueno()
    esqueleto = _revisar(original)
    hueco = celda(esqueleto, "01-en-vivo")
    assert hueco.source == "# Suma dos números.\n# Muestra el total."
    rescate = celda(esqueleto, "01-en-vivo-rescate")
    assert rescate.source.startswith("# @title Si vas tarde")
    assert rescate.metadata["cellView"] == "form"
    assert rescate.metadata["jupyter"]["source_hidden"] is True
    assert {"rescate", "hide-input"} <= etiquetas(rescate)
    assert celda(esqueleto, "01-figura").source == celda(original, "01-figura").source
    assert original == cuaderno_bueno(), "recortar cambió el original"


def test_sin_comentarios_invita_a_escribir():
    assert en_vivo.solo_comentarios("x = 1\ny = 2  # al lado") == "# escribe aquí"
    assert en_vivo.solo_comentarios("%time x = 1\n# luego\n!ls") == "# luego"


def test_el_plan_acumula_el_reloj():
    plan = en_vivo.plan(cuaderno_bueno()).source
    assert "| 1. Primera | 8 min | 0:00 a 0:08 |" in plan
    assert "| 2. Segunda | 4 min | 0:08 a 0:12 |" in plan


def test_un_id_largo_sigue_siendo_valido():
    cuaderno = cuaderno_bueno()
    celda(cuaderno, "01-en-vivo").id = "01-" + "x" * 60
    _revisar(cuaderno)


def test_los_enlaces_siguen_vivos(tmp_path):
    origen, destino = tmp_path / "notebooks", tmp_path / "_build" / "en-vivo"
    cuaderno = cuaderno_bueno()
    cuaderno.cells.append(
        md("01-enlaces", "[g](../book/g.md#bpe) ![a](figuras/a.svg) [w](https://x.org) "
        "[otra](02_corpus.ipynb) [aquí](#abajo)")
    )  # fmt: skip
    texto = celda(en_vivo.recortar(cuaderno, origen, destino), "01-enlaces").source
    assert "(../../book/g.md#bpe)" in texto
    assert "(../../notebooks/figuras/a.svg)" in texto
    assert "(https://x.org)" in texto
    assert "(02_corpus.ipynb)" in texto
    assert "(#abajo)" in texto


def test_escribe_un_cuaderno_valido(tmp_path):
    ruta = tmp_path / RUTA.name
    cuadernos.guardar(cuaderno_bueno(), ruta)
    nuevo = en_vivo.escribir(ruta, tmp_path / "en-vivo")
    assert leer(nuevo).cells[0].id == en_vivo.ID_PLAN


def test_un_esqueleto_alterado_no_pasa():
    """La prueba de identidad no es vacía: nota una línea perdida."""
    cuaderno = cuaderno_bueno()
    esqueleto = en_vivo.recortar(cuaderno)
    rescate = celda(esqueleto, "01-en-vivo-rescate")
    rescate.source = rescate.source.replace("total = 1 + 1\n", "")
    assert en_vivo.restaurar(esqueleto) != _sin_soluciones(cuaderno)


@pytest.mark.lento
def test_el_esqueleto_minimo_corre(tmp_path):
    esqueleto = en_vivo.recortar(cuaderno_bueno())
    nucleo.ejecutar(esqueleto, tmp_path)
    dicho = "".join(s.text for s in celda(esqueleto, "01-en-vivo-rescate").outputs)
    assert dicho == "2\n"
