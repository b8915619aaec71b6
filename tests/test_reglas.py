"""Cada regla de estilo acepta un cuaderno bueno y rechaza uno con la falta."""

import pytest
from casos_malos import MALOS, RESPUESTA, agregar
from minimo import RUTA, cambiado, celda, codigo, cuaderno_bueno
from reglas import REGLAS

from herramientas.cuadernos.indices import modulo_de_ejercicios, prefijo
from herramientas.cuadernos.leer import celda_instalar, proyecto
from taller.ejercicios import modulo_de


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


@pytest.mark.parametrize("donde", ["01-prosa-0", "01-prosa-1"])
def test_una_pregunta_se_responde_en_su_celda_o_en_el_texto_que_sigue(donde):
    c = cuaderno_bueno()
    celda(c, "01-prosa-0").source = "**Pregunta.** ¿Cuántos son?"
    celda(c, donde).source += f"\n\n{RESPUESTA}"
    assert REGLAS["preguntas_con_respuesta"](c, RUTA) == []


def test_una_respuesta_lejana_no_vale():
    c = cuaderno_bueno()
    celda(c, "01-prosa-0").source = "**Pregunta.** ¿Cuántos son?"
    celda(c, "01-prosa-2").source = RESPUESTA
    assert len(REGLAS["preguntas_con_respuesta"](c, RUTA)) == 2


# --- Lecciones sin número -----------------------------------------------------------

SIN_NUMERO = RUTA.with_name("museo_de_errores.ipynb")


def _sin_numero(titulo="# Anexo · Museo de errores", comienzo="museo-"):
    """El cuaderno bueno, con el título y los nombres de una lección sin número."""
    cuaderno = cuaderno_bueno()
    for cada in cuaderno.cells:
        cada.id = cada.id.replace("01-", comienzo)
        cada.source = cada.source.replace("'01-", f"'{comienzo}")
    portada = cuaderno.cells[0]
    portada.source = portada.source.replace("# 01 · Prueba", titulo)
    return cuaderno


@pytest.mark.parametrize("titulo", ["# Anexo · Museo de errores", "# Tu dominio"])
@pytest.mark.parametrize("nombre", ["portada", "identificadores", "parejas"])
def test_acepta_una_leccion_sin_numero(nombre, titulo):
    assert REGLAS[nombre](_sin_numero(titulo), SIN_NUMERO) == []


@pytest.mark.parametrize(
    ("nombre", "malo"),
    [
        ("portada", _sin_numero("# 01 · Prueba")),
        ("portada", _sin_numero("# 1 · Prueba")),
        ("identificadores", _sin_numero(comienzo="01-")),
        ("parejas", _sin_numero(comienzo="01-")),
    ],
)
def test_rechaza_un_numero_que_el_archivo_no_lleva(nombre, malo):
    assert REGLAS[nombre](malo, SIN_NUMERO)


def test_una_leccion_con_numero_lo_dice_en_el_titulo():
    def cambio(c):
        c.cells[0].source = c.cells[0].source.replace("# 01 · Prueba", "# Prueba")

    assert REGLAS["portada"](cambiado(cambio), RUTA)


def test_solo_el_museo_pasa_de_sesenta_celdas():
    muchas = _sin_numero()
    muchas.cells += [codigo(f"museo-extra-{i}", "x = 1") for i in range(60)]
    assert REGLAS["tamano"](muchas, SIN_NUMERO) == []
    assert REGLAS["tamano"](muchas, RUTA)
    pocas = _sin_numero()
    pocas.cells = pocas.cells[:20]
    assert REGLAS["tamano"](pocas, SIN_NUMERO)


def test_el_comienzo_de_una_leccion_y_su_modulo():
    casos = {
        "13_compresion": ("13", "e13"),
        "museo_de_errores": ("museo", "e_museo"),
        "antes_de_ajustar": ("antes", "e_antes"),
        "antes_de_entrenar": ("entrenar", "e_entrenar"),
        "tu_dominio": ("dominio", "e_dominio"),
    }
    for nombre, (comienzo, modulo) in casos.items():
        assert prefijo(nombre) == comienzo
        assert modulo_de_ejercicios(nombre) == modulo
        assert modulo_de(f"{comienzo}-algo") == modulo
