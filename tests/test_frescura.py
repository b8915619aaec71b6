"""Las huellas notan cada cambio que invalida una salida guardada, y ninguno más.

Primero con un proyecto de juguete; al final, con una copia del de verdad: una tabla de
cambios y qué lecciones debe hacer viejas cada uno.
"""

import copy
import json
import shutil
from pathlib import Path

import pytest
from minimo import celda, codigo, cuaderno_bueno, guardar_sin_salidas

from herramientas.archivos import NOTEBOOKS, RAIZ
from herramientas.cuadernos import ejecutar, huellas, nucleo
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.indices import prefijo

# --- El código, como árbol ----------------------------------------------------------

UNO = 'def f(x):\n    """Dobla."""\n    return 2 * x  # el doble\n'


@pytest.mark.parametrize(
    ("otro", "igual"),
    [
        ('def f(x):\n    "Otra frase."\n\n    return (2 * x)\n', True),
        ('"""Archivo."""\n' + UNO, True),
        (UNO.replace("2", "3"), False),
        (UNO.replace("f(", "g("), False),
        (UNO + "f(1)\n", False),
        (UNO.replace("x  #", 'x + "#"  #'), False),
    ],
)
def test_el_arbol_solo_mira_lo_que_cambia_el_resultado(otro, igual):
    assert (huellas.arbol_de(UNO) == huellas.arbol_de(otro)) is igual


def test_en_una_celda_un_texto_suelto_es_una_salida():
    una, otra = '"hola"', '"adiós"'
    assert huellas.arbol_de(una) == huellas.arbol_de(otra)
    assert huellas.arbol_de(una, False) != huellas.arbol_de(otra, False)


def test_las_magias_tambien_son_codigo():
    assert huellas.arbol_de("%time 1 + 1") != huellas.arbol_de("%time 1 + 2")


# --- Un proyecto de juguete ---------------------------------------------------------

USADO = [
    "módulo taller",
    "módulo taller.ejercicios.e01",
    "recurso datos/frases.jsonl",
    "recurso semilla/",
    "recurso resultados/gpu-*.json",
    "texto taller/octetos.py",
]


@pytest.fixture
def raiz(tmp_path):
    """Un proyecto de juguete con módulos, datos, pesos y resultados."""
    for nombre, texto in {
        "taller/__init__.py": '"""Paquete."""\nx = 1\n',
        "taller/ejercicios/e01.py": "a = 1\n",
        "taller/ejercicios/e02.py": "b = 1\n",
        "taller/octetos.py": "def contar():\n    return 1\n",
        "taller/recursos/datos/frases.jsonl": '{"a": 1}\n',
        "taller/recursos/semilla/model.safetensors": "pesos",
        "taller/recursos/semilla/README.md": "ficha",
        "taller/recursos/adaptador/adapter_model.safetensors": "pesos",
        "taller/recursos/resultados/estudio.json": '{"a": 1}',
    }.items():
        ruta = tmp_path / nombre
        ruta.parent.mkdir(parents=True, exist_ok=True)
        ruta.write_text(texto, encoding="utf-8")
    return tmp_path


def _firmado(raiz):
    cuaderno = cuaderno_bueno()
    huella = huellas.calcular(cuaderno, USADO, huellas.foto(raiz))
    cuaderno.metadata["taller"] = {"huella": huella}
    return cuaderno


def _motivos(cuaderno, raiz):
    return huellas.motivos(cuaderno, huellas.foto(raiz))


def test_recien_ejecutado_esta_al_dia(raiz):
    assert _motivos(_firmado(raiz), raiz) == []


@pytest.mark.parametrize(
    ("archivo", "texto", "motivo"),
    [
        ("taller/__init__.py", "x = 2\n", "módulo taller"),
        ("taller/ejercicios/e01.py", "a = 2\n", "módulo taller.ejercicios.e01"),
        ("taller/octetos.py", "# uno\ndef contar():\n    return 1\n", "texto taller/o"),
        ("taller/recursos/datos/frases.jsonl", '{"a": 2}\n', "datos/frases"),
        ("taller/recursos/semilla/model.safetensors", "otros", "semilla/"),
        ("taller/recursos/semilla/nuevo.json", "{}", "semilla/"),
        ("taller/recursos/resultados/gpu-t4.json", "{}", "gpu-*"),
    ],
)
def test_nota_un_cambio_en_lo_que_uso(raiz, archivo, texto, motivo):
    cuaderno = _firmado(raiz)
    (raiz / archivo).write_text(texto, encoding="utf-8")
    (dicho,) = _motivos(cuaderno, raiz)
    assert motivo in dicho


def test_nota_un_archivo_que_ya_no_esta(raiz):
    cuaderno = _firmado(raiz)
    (raiz / "taller/recursos/datos/frases.jsonl").unlink()
    assert _motivos(cuaderno, raiz) == ["cambió recurso datos/frases.jsonl"]


def test_ignora_lo_que_no_cambia_salidas(raiz):
    cuaderno = _firmado(raiz)
    recursos = raiz / "taller" / "recursos"
    (recursos / "semilla/README.md").write_text("otra ficha")
    (recursos / "adaptador/adapter_model.safetensors").write_text("no lo usó")
    (recursos / "resultados/estudio.json").write_text('{"a": 2}')
    (recursos / "datos/frases.jsonl").write_text('{ "a":1 }\n\n')
    (raiz / "taller/ejercicios/e02.py").write_text("de_otra_leccion = 1")
    (raiz / "taller/ejercicios/e01.py").write_text('"""Frase."""\n# nota\na = 1')
    (raiz / "taller/octetos.py").write_bytes(b"def contar():\r\n    return 1\r\n")
    (raiz / "taller/__pycache__").mkdir()
    (raiz / "taller/__pycache__/x.pyc").write_bytes(b"x")
    assert _motivos(cuaderno, raiz) == []


def _otro_codigo(c):
    celda(c, "01-en-vivo").source += "\nprint(1)"


def _espera_un_error(c):
    celda(c, "01-en-vivo").metadata["tags"] = ["raises-exception"]


def _otra_celda(c):
    c.cells.append(codigo("01-nueva", "x = 1"))


def _otro_orden(c):
    c.cells[2], c.cells[4] = c.cells[4], c.cells[2]


@pytest.mark.parametrize(
    "cambio", [_otro_codigo, _espera_un_error, _otra_celda, _otro_orden]
)
def test_nota_un_cambio_de_codigo(raiz, cambio):
    cuaderno = _firmado(raiz)
    cambio(cuaderno)
    assert _motivos(cuaderno, raiz) == ["cambió el código del cuaderno"]


def test_ni_prosa_ni_version_ni_comentarios_ni_etiquetas_obligan(raiz):
    otro = copy.deepcopy(_firmado(raiz))
    otro.cells[0].source += "\n\nUna frase más."
    celda(otro, "01-instalar").source = "# otra versión"
    suma = celda(otro, "01-en-vivo")
    suma.source = suma.source.replace("# Suma dos números.", "# Suma.")
    suma.metadata["tags"] = ["medida", "nbval-check-output"]
    assert _motivos(otro, raiz) == []


def test_si_una_celda_muestra_codigo_cuentan_sus_comentarios(raiz):
    cuaderno = _firmado(raiz)
    celda(cuaderno, "01-figura").source = "import inspect\n# uno\ninspect.getsource(f)"
    cuaderno.metadata.taller.huella.update(
        huellas.calcular(cuaderno, [], huellas.foto(raiz))
    )
    assert _motivos(cuaderno, raiz) == []
    celda(cuaderno, "01-figura").source = "import inspect\n# dos\ninspect.getsource(f)"
    assert _motivos(cuaderno, raiz) == ["cambió el código del cuaderno"]


def test_sin_huella_es_viejo():
    cuaderno = cuaderno_bueno()
    del cuaderno.metadata["taller"]
    assert "nunca" in huellas.motivos(cuaderno, {})[0]


# --- El testigo ---------------------------------------------------------------------

USA = """\
import inspect
import json
import subprocess
import sys
from pathlib import Path

import taller
from taller import conjugar, memoria
from taller.recursos import DATOS, RESULTADOS, ruta_semilla

conjugar("cantar", "vos", "presente")
inspect.getsource(memoria)
ruta_semilla()
(DATOS / "registros.jsonl").read_text("utf-8")
list(RESULTADOS.glob("gpu-*.json"))
hijo = "from taller.recursos import DATOS; open(DATOS / 'marcos.jsonl').close()"
subprocess.run([sys.executable, "-c", hijo], check=True)"""


@pytest.mark.lento
def test_el_testigo_anota_lo_que_el_cuaderno_uso(tmp_path):
    ruta = guardar_sin_salidas(tmp_path, codigo("01-usa", USA))
    registro = tmp_path / "resultados" / "cuadernos.json"
    ejecutar.ejecutar_y_guardar(ruta, registro=registro, mostrar=None)
    guardada = cuadernos.leer(ruta).metadata.taller
    assert guardada.hilos == 2
    usado = set(guardada.huella)
    assert usado >= {
        "módulo taller",
        "módulo taller.hilos",
        "módulo taller.octetos",
        "módulo taller.verbos.conjugacion",
        "recurso datos/irregulares.json",
        "recurso datos/marcos.jsonl",  # lo abrió un proceso hijo
        "recurso datos/registros.jsonl",
        "recurso resultados/gpu-*.json",
        "recurso semilla/",
        "texto taller/octetos.py",
    }
    ajeno = {"recurso adaptador/", "recurso resultados/", "módulo taller.controles"}
    assert not usado & ajeno
    assert [u for u in usado if u.startswith("texto")] == ["texto taller/octetos.py"]
    assert "no está" not in guardada.huella.values()


def test_sin_pedirlo_nadie_anota():
    assert "TALLER_TESTIGO" not in nucleo.entorno()


# --- El proyecto de verdad ----------------------------------------------------------

RECURSOS = "taller/recursos"
TODAS = (
    "00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 antes dominio entrenar museo"
)


def _al_final(texto):
    """Un cambio: añade un texto al final del archivo."""
    return lambda viejo: viejo + texto.encode()


def _por(uno, otro):
    """Un cambio: sustituye un texto, que debe estar."""

    def cambiar(viejo):
        assert uno.encode() in viejo, f"ya no está: {uno}"
        return viejo.replace(uno.encode(), otro.encode(), 1)

    return cambiar


def _otra_cifra(viejo):
    datos = json.loads(viejo)
    datos["fecha"] = "1999-12-31"
    return json.dumps(datos).encode()


NUEVO_VERBO = '{"verbo": "probarlo", "usos": {"hogar": ["la sopa"]}}\n'

# (qué, archivo, cambio, lecciones que deben quedar viejas)
CAMBIOS = [
    ("otro peso del adaptador", f"{RECURSOS}/adaptador/adapter_model.safetensors",
     lambda viejo: viejo[:-1] + bytes([viejo[-1] ^ 1]),
     "10 11 12 13 14 15 antes museo"),
    ("otro rango en el adaptador", f"{RECURSOS}/adaptador/adapter_config.json",
     _por('"r": 16', '"r": 8'), "10 11 12 13 14 15 antes museo"),
    ("otra plantilla de una tarea", f"{RECURSOS}/lm_eval/variedades/_variedades.yaml",
     _al_final("\n# otra\n"), "11"),
    ("una medida nueva en GPU", f"{RECURSOS}/resultados/gpu-tesla-t4-2026-01-01.json",
     lambda _: b'{"filas": []}', "12"),
    ("un resultado que nadie lee", f"{RECURSOS}/resultados/otra.json",
     lambda _: b"{}", ""),
    ("un comentario", "taller/errores.py", _al_final("# una nota\n"), ""),
    ("un comentario de un ejercicio", "taller/ejercicios/e03_cuentas.py",
     _al_final("# una nota\n"), ""),
    ("un espacio en un estudio", f"{RECURSOS}/resultados/estudio_lora.json",
     _por("{", "{ "), ""),
    ("una cifra de un estudio", f"{RECURSOS}/resultados/estudio_lora.json",
     _otra_cifra, "08"),
    ("una palabra de un docstring", "taller/perfil.py",
     _por('"""El perfil:', '"""El perfil elegido:'), ""),
    ("el docstring de una función", "taller/octetos.py",
     _por("Octetos que ocupa", "Los octetos que ocupa"), ""),
    ("el código de un ejercicio", "taller/ejercicios/e05.py",
     _al_final("NUEVA = 1\n"), "05"),
    ("los pesos de semilla", f"{RECURSOS}/semilla/model.safetensors",
     lambda viejo: viejo[:-1] + bytes([viejo[-1] ^ 1]),
     "00 01 03 04 05 06 07 08 09 10 11 12 13 14 15 16 antes dominio museo"),
    ("la ficha de un recurso", f"{RECURSOS}/semilla/README.md",
     lambda _: b"Una frase.", ""),
    ("un verbo nuevo", f"{RECURSOS}/datos/verbos.jsonl", _al_final(NUEVO_VERBO),
     "08 09 10 11 12 13 15 antes museo"),
    ("un par nuevo de variedades", f"{RECURSOS}/datos/variedades/agramatical.jsonl",
     _al_final('{"id": "voseo-999"}\n'), "07 11"),
    ("un texto nuevo del corpus", f"{RECURSOS}/datos/corpus_co.jsonl",
     _al_final('{"id": "co-999"}\n'), "02 04 05 11 13 16 entrenar museo"),
    ("el código de los controles", "taller/controles.py",
     _al_final("NUEVA = 1\n"), TODAS),
    ("los números de los hilos", "taller/hilos.py", _al_final("NUEVA = 1\n"), TODAS),
]  # fmt: skip


@pytest.fixture(scope="module")
def copia(tmp_path_factory):
    """Una copia de taller/ y los cuadernos de verdad, firmados hoy con lo que usaron.

    Así la tabla vale también mientras alguna lección espera que la ejecuten.
    """
    raiz = tmp_path_factory.mktemp("proyecto")
    fuera = shutil.ignore_patterns("__pycache__")
    shutil.copytree(RAIZ / "taller", raiz / "taller", ignore=fuera)
    rutas = sorted(NOTEBOOKS.glob("*.ipynb"), key=lambda r: prefijo(r.stem))
    leidos = {prefijo(ruta.stem): cuadernos.leer(ruta) for ruta in rutas}
    hoy = huellas.foto(raiz)
    for cuaderno in leidos.values():
        firma = cuaderno.metadata.taller
        usado = [k for k in firma.huella if k != "código"]
        firma.huella = huellas.calcular(cuaderno, usado, hoy)
    return raiz, leidos


def _viejos(raiz, leidos) -> str:
    hoy = huellas.foto(raiz)
    return " ".join(n for n, c in leidos.items() if huellas.motivos(c, hoy))


@pytest.mark.lento
@pytest.mark.parametrize(("que", "archivo", "cambio", "esperadas"), CAMBIOS,
                         ids=[c[0] for c in CAMBIOS])  # fmt: skip
def test_cada_cambio_hace_viejas_solo_a_sus_lecciones(
    copia, que, archivo, cambio, esperadas
):
    raiz, leidos = copia
    ruta: Path = raiz / archivo
    antes = ruta.read_bytes() if ruta.exists() else None
    try:
        ruta.write_bytes(cambio(antes))
        assert _viejos(raiz, leidos) == esperadas
    finally:
        if antes is None:
            ruta.unlink()
        else:
            ruta.write_bytes(antes)


@pytest.mark.lento
def test_una_palabra_de_prosa_no_hace_vieja_ninguna(copia):
    raiz, leidos = copia
    otros = copy.deepcopy(leidos)
    for cuaderno in otros.values():
        for c in cuaderno.cells:
            if c.cell_type == "markdown":
                c.source += " Otra."
    assert _viejos(raiz, otros) == _viejos(raiz, leidos) == ""
