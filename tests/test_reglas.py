"""Cada regla de estilo acepta un cuaderno bueno y rechaza uno con la falta."""

import pytest
from cuadernos import celda_instalar, proyecto
from limpiar import CONTROL
from minimo import RUTA, cambiado, celda, codigo, cuaderno_bueno, dice, md
from nbformat.v4 import new_output
from reglas import REGLAS


def _fuente(identificador, texto):
    def cambio(c):
        celda(c, identificador).source = texto

    return cambio


def _agregar(nueva, lugar=-1):
    return lambda c: c.cells.insert(lugar, nueva)


def _quitar(*identificadores):
    def cambio(c):
        c.cells = [x for x in c.cells if x.id not in identificadores]

    return cambio


def _marcas(identificador, *marcas):
    def cambio(c):
        celda(c, identificador).metadata["tags"] = list(marcas)

    return cambio


def _salidas(identificador, *salidas):
    def cambio(c):
        celda(c, identificador).outputs = list(salidas)

    return cambio


def _poner(funcion):
    return lambda c: funcion(c) and None


def _sin_prosa(c):
    c.cells = [x for x in c.cells if not x.id.startswith("01-prosa")]


def _portada(viejo, nuevo):
    def cambio(c):
        c.cells[0].source = c.cells[0].source.replace(viejo, nuevo)

    return cambio


ERROR = new_output("error", ename="ValueError", evalue="x", traceback=["ValueError: x"])
RUTA_AJENA = "/home/" + "ana/curso/datos.json"

# (regla, cambio que la incumple)
MALOS = [
    ("tamano", _sin_prosa),
    ("tamano", lambda c: c.cells.extend(md(f"01-mas-{i}", "x") for i in range(60))),
    ("portada", _portada("# 01 ·", "# Lección")),
    ("portada", _portada("# 01 ·", "# 02 ·")),
    ("portada", _portada("(semilla, dos núcleos)", "")),
    ("portada", lambda c: c.cells.pop(0)),
    ("suma_de_minutos", _portada("12 min", "13 min")),
    ("suma_de_minutos", _fuente("01-seccion-uno", "## 1. Primera")),
    ("numeros_de_seccion", _fuente("01-seccion-dos", "## 3. Segunda · 4 min")),
    ("numeros_de_seccion", _quitar("01-seccion-uno", "01-seccion-dos")),
    ("niveles_de_encabezado", _fuente("01-seccion-uno", "### 1. Primera · 8 min")),
    ("niveles_de_encabezado", _agregar(md("01-otro", "# Otro título"))),
    ("cierre", _fuente("01-cierre", "## Qué aprendiste")),
    ("cierre", _fuente("01-cierre", "## Para seguir leyendo")),
    ("una_figura", _salidas("01-figura")),
    ("un_control", _marcas("01-figura")),
    ("algo_en_vivo", _marcas("01-en-vivo")),
    ("cantidad_de_prosa", _sin_prosa),
    ("cantidad_de_prosa", _fuente("01-prosa-1", "palabra " * 3000)),
    ("sin_myst", _fuente("01-prosa-1", "```{note}\nHola\n```")),
    ("sin_myst", _fuente("01-prosa-1", "Mira {ref}`aqui`.")),
    ("imagenes_con_texto", _fuente("01-prosa-1", "![](../book/a.svg)")),
    ("imagenes_con_texto", _fuente("01-prosa-1", "![figura_de_la_leccion.png](a.png)")),
    ("imagenes_con_texto", _fuente("01-prosa-1", '<img src="a.png">')),
    ("enlaces_vivos", _fuente("01-prosa-1", "[nada](../book/no_existe.md)")),
    ("enlaces_vivos", _fuente("01-prosa-1", "[nada](/absoluto.md)")),
    ("se_puede_leer", _fuente("01-en-vivo", "def f(:")),
    ("largo_de_celda", _fuente("01-en-vivo", "x = 1\n" * 26)),
    ("largo_de_celda", _fuente("01-en-vivo", "x = '" + "a" * 88 + "'")),
    ("largo_de_celda", _fuente("01-en-vivo", "  \n")),
    ("etiquetas_permitidas", _marcas("01-en-vivo", "en-vivo", "inventada")),
    ("etiquetas_permitidas", _marcas("01-en-vivo", "hide-input")),
    ("etiquetas_permitidas", _marcas("01-prosa-1", "en-vivo")),
    ("identificadores", lambda c: celda(c, "01-en-vivo").update(id="a1b2c3d4")),
    ("identificadores", lambda c: celda(c, "01-prosa-1").update(id="01-prosa-2")),
    ("identificadores", lambda c: celda(c, "01-prosa-1").update(id="02-prosa")),
    ("celda_de_instalacion", _marcas("01-instalar")),
    ("celda_de_instalacion", _marcas("01-en-vivo", "instalar")),
    ("celda_de_instalacion", _fuente("01-instalar", "%pip install taller")),
    ("corre_sola", _fuente("01-en-vivo", "open('../taller/x.json')")),
    ("corre_sola", _fuente("01-en-vivo", "open('notebooks/x.json')")),
    ("corre_sola", _fuente("01-en-vivo", "%run 00_bienvenida.ipynb\nx='00_b.ipynb'")),
    ("ejecutado", lambda c: celda(c, "01-en-vivo").update(execution_count=None)),
    ("ejecutado", lambda c: celda(c, "01-en-vivo").update(execution_count=9)),
    ("salidas_vigentes", _fuente("01-en-vivo", "print(3)")),
    ("salidas_vigentes", _marcas("01-en-vivo", "en-vivo")),
    ("salidas_vigentes", lambda c: c.metadata.pop("taller")),
    ("salidas_vigentes", lambda c: c.metadata.taller.huella.update(pesos="otra")),
    ("sin_errores", _salidas("01-en-vivo", ERROR)),
    ("sin_errores", _marcas("01-en-vivo", "raises-exception")),
    ("salidas_limpias", lambda c: c.metadata.update(widgets={})),
    ("salidas_limpias", lambda c: c.cells[1].metadata.update(execution={"a": "b"})),
    ("salidas_limpias", _salidas("01-en-vivo", dice(RUTA_AJENA))),
    ("salidas_limpias", _salidas("01-en-vivo", dice("<f at 0x7f3a5c01d2e0>"))),
    ("salidas_limpias", _salidas("01-en-vivo", dice("a"), dice("b"))),
    (
        "salidas_limpias",
        _salidas("01-en-vivo", new_output("display_data", {CONTROL: {}})),
    ),
    ("figuras_con_texto", lambda c: celda(c, "01-figura").metadata.pop("mystnb")),
    (
        "figuras_con_texto",
        lambda c: celda(c, "01-figura").metadata.mystnb.image.update(alt="corta"),
    ),
    (
        "figuras_con_texto",
        lambda c: celda(c, "01-figura").metadata.mystnb.image.update(
            alt="../../_images/0123456789abcdef0123456789abcdef01234.png"
        ),
    ),
    ("sin_numeros_de_reloj", _salidas("01-en-vivo", dice("{'train_runtime': 3.2}"))),
    ("cantidad_de_ejercicios", _quitar("01-ejercicio-1")),
    ("parejas", _quitar("01-solucion-1")),
    ("parejas", _quitar("01-ejercicio-1")),
    ("parejas", _fuente("01-ejercicio-1", "suma_1 = 0")),
    ("parejas", _fuente("01-ejercicio-1", "comprobar('02-suma-1', 0)")),
    ("parejas", lambda c: c.cells.append(c.cells.pop(8))),
    (
        "soluciones_plegadas",
        lambda c: celda(c, "01-solucion-1").metadata.pop("cellView"),
    ),
    (
        "soluciones_plegadas",
        lambda c: celda(c, "01-solucion-1").metadata.pop("jupyter"),
    ),
    ("soluciones_plegadas", _marcas("01-solucion-1", "solucion")),
    ("soluciones_plegadas", _fuente("01-solucion-1", "comprobar('01-suma-1', 4)")),
    ("nombres_propios", _fuente("01-figura", "print(suma_1_resuelta)")),
    ("nombres_propios", _fuente("01-solucion-1", "# @title Solución\nsuma_1 = 4")),
    ("veredictos_guardados", _salidas("01-ejercicio-1", dice("✓ Correcto"))),
    ("veredictos_guardados", _salidas("01-solucion-1", dice("Todavía no"))),
    ("veredictos_guardados", _salidas("01-solucion-1")),
]

# El código que ninguna celda debe tener. Las claves y rutas se arman por partes.
CODIGO_MALO = [
    "from huggingface_hub import notebook_login",
    "!huggingface-cli login",
    "!hf auth login",
    "login(token='x')",
    "%%capture\nprint(1)",
    "warnings.filterwarnings('ignore')",
    "if False:\n    print(1)",
    "cargar(trust_remote_code=True)",
    "open('/home/" + "ana/x')",
    "open('~/x')",
    "open('/tmp/" + "x')",
    "clave = 'hf_" + "a" * 30 + "'",
    "nombre = input('¿Cómo te llamas?')",
    "print('listo \U0001f389')",
    "print('\u2705')",
]
MALOS += [("nada_prohibido", _fuente("01-en-vivo", texto)) for texto in CODIGO_MALO]


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
    c = cambiado(_agregar(codigo("01-marca", "print('✓ Correcto → sí')")))
    assert REGLAS["nada_prohibido"](c, RUTA) == []
