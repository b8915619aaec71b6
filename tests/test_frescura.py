"""Las huellas notan cada cambio que invalida una salida guardada, y ninguno más."""

import copy

import pytest
from minimo import celda, codigo, cuaderno_bueno

from herramientas.cuadernos import huellas


@pytest.fixture
def raiz(tmp_path):
    """Un proyecto de juguete con módulo, datos y pesos."""
    for nombre, texto in {
        "taller/__init__.py": "x = 1\n",
        "taller/ejercicios/e01.py": "a = 1\n",
        "taller/ejercicios/e02.py": "b = 1\n",
        "taller/recursos/datos/frases.jsonl": '{"a": 1}\n',
        "taller/recursos/semilla/model.safetensors": "pesos",
        "taller/recursos/semilla/README.md": "ficha",
    }.items():
        ruta = tmp_path / nombre
        ruta.parent.mkdir(parents=True, exist_ok=True)
        ruta.write_text(texto, encoding="utf-8")
    return tmp_path


def _firmado(raiz):
    cuaderno = cuaderno_bueno()
    huella = huellas.calcular(cuaderno, "01_prueba", raiz)
    cuaderno.metadata["taller"] = {"huella": huella}
    return cuaderno


def test_recien_ejecutado_esta_al_dia(raiz):
    assert huellas.motivos(_firmado(raiz), "01_prueba", raiz) == []


@pytest.mark.parametrize(
    ("archivo", "parte"),
    [
        ("taller/__init__.py", "el módulo taller"),
        ("taller/ejercicios/e01.py", "el módulo taller"),
        ("taller/recursos/datos/frases.jsonl", "los datos"),
        ("taller/recursos/semilla/model.safetensors", "los pesos"),
    ],
)
def test_nota_un_cambio_de_archivo(raiz, archivo, parte):
    cuaderno = _firmado(raiz)
    (raiz / archivo).write_text("otro", encoding="utf-8")
    (motivo,) = huellas.motivos(cuaderno, "01_prueba", raiz)
    assert parte in motivo


def test_nota_un_archivo_nuevo_y_uno_renombrado(raiz):
    cuaderno = _firmado(raiz)
    viejo = raiz / "taller/recursos/datos/frases.jsonl"
    viejo.rename(viejo.with_name("otras.jsonl"))
    assert huellas.motivos(cuaderno, "01_prueba", raiz)


def test_ignora_lo_que_no_cambia_salidas(raiz):
    cuaderno = _firmado(raiz)
    (raiz / "taller/recursos/semilla/README.md").write_text("otra ficha")
    (raiz / "taller/ejercicios/e02.py").write_text("de otra lección")
    (raiz / "taller/__init__.py").write_bytes(b"x = 1\r\n")  # git en Windows
    (raiz / "taller/__pycache__").mkdir()
    (raiz / "taller/__pycache__/x.pyc").write_bytes(b"x")
    assert huellas.motivos(cuaderno, "01_prueba", raiz) == []


def _otro_codigo(c):
    celda(c, "01-en-vivo").source += "\nprint(1)"


def _otras_etiquetas(c):
    celda(c, "01-en-vivo").metadata["tags"] = ["medida"]


def _otra_celda(c):
    c.cells.append(codigo("01-nueva", "x = 1"))


@pytest.mark.parametrize("cambio", [_otro_codigo, _otras_etiquetas, _otra_celda])
def test_nota_un_cambio_de_codigo(raiz, cambio):
    cuaderno = _firmado(raiz)
    cambio(cuaderno)
    (motivo,) = huellas.motivos(cuaderno, "01_prueba", raiz)
    assert "código" in motivo


def test_ni_la_prosa_ni_la_version_obligan_a_ejecutar(raiz):
    cuaderno = _firmado(raiz)
    otro = copy.deepcopy(cuaderno)
    otro.cells[0].source += "\n\nUna frase más."
    celda(otro, "01-instalar").source = "# otra versión"
    assert huellas.motivos(otro, "01_prueba", raiz) == []


def test_sin_huella_es_viejo(raiz):
    cuaderno = cuaderno_bueno()
    del cuaderno.metadata["taller"]
    assert "nunca" in huellas.motivos(cuaderno, "01_prueba", raiz)[0]
