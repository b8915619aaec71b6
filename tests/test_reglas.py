"""Cada regla de estilo acepta un cuaderno bueno y rechaza uno con la falta."""

import pytest
from casos_malos import MALOS, agregar
from minimo import RUTA, cambiado, codigo, cuaderno_bueno
from reglas import REGLAS

from herramientas.cuadernos.leer import celda_instalar, proyecto


@pytest.mark.parametrize("nombre", REGLAS)
def test_acepta_un_cuaderno_bueno(nombre):
    assert REGLAS[nombre](cuaderno_bueno(), RUTA) == []


@pytest.mark.parametrize(
    ("nombre", "cambio"), MALOS, ids=[f"{i}-{m[0]}" for i, m in enumerate(MALOS)]
)
def test_rechaza_la_falta(nombre, cambio):
    faltas = REGLAS[nombre](cambiado(cambio), RUTA)
    assert faltas, f"la regla {nombre} dejó pasar un cuaderno malo"
    assert all(isinstance(f, str) and f for f in faltas)


def test_toda_regla_tiene_un_caso_malo():
    assert {nombre for nombre, _ in MALOS} == set(REGLAS)


def test_cierre_pide_enlace_si_hay_otra_leccion(tmp_path):
    (tmp_path / "02_otra.ipynb").write_text("{}")
    faltas = REGLAS["cierre"](cuaderno_bueno(), tmp_path / "01_prueba.ipynb")
    assert any("enlaza" in f for f in faltas)


def test_la_instalacion_cabe_en_un_telefono():
    lineas = celda_instalar(*proyecto()).splitlines()
    assert max(map(len, lineas)) <= 88


def test_una_marca_de_verificacion_no_es_un_emoji():
    c = cambiado(agregar(codigo("01-marca", "print('✓ Correcto → sí')")))
    assert REGLAS["nada_prohibido"](c, RUTA) == []
