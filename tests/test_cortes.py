"""Un corte en cualquier momento deja el cuaderno anterior, entero."""

import os
import signal
import subprocess
import sys
import time

import pytest
from minimo import celda, codigo, guardar_sin_salidas

from herramientas import archivos
from herramientas.archivos import RAIZ
from herramientas.cuadernos import ejecutar
from herramientas.cuadernos import leer as cuadernos
from herramientas.cuadernos.leer import ErrorDeCuaderno


def _programa(ruta):
    """Abre herramientas/cuadernos/ejecutar.py en otro proceso."""
    return subprocess.Popen(
        [sys.executable, "-m", "herramientas.cuadernos.ejecutar", str(ruta)],
        cwd=RAIZ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def _esperar_linea(programa, frase):
    """Espera a que el programa diga algo, a lo sumo un par de minutos."""
    limite = time.monotonic() + 120
    visto = ""
    while frase not in visto and time.monotonic() < limite:
        linea = programa.stdout.readline()
        visto += linea
        if not linea:
            break
    assert frase in visto, visto + programa.stderr.read()


@pytest.mark.lento
def test_ctrl_c_detiene_el_programa(tmp_path):
    ruta = guardar_sin_salidas(
        tmp_path, codigo("01-lenta", "import time\ntime.sleep(60)")
    )
    antes = ruta.read_bytes()
    programa = _programa(ruta)
    _esperar_linea(programa, "01-solucion-2")
    time.sleep(1)  # ya en la celda lenta, o a punto
    programa.send_signal(signal.SIGINT)
    _, error = programa.communicate(timeout=120)
    assert programa.returncode == 130
    assert "Interrumpido" in error and "Traceback" not in error, error
    assert ruta.read_bytes() == antes


@pytest.mark.lento
def test_un_corte_en_cualquier_momento_deja_el_archivo_viejo(tmp_path):
    """Mata el programa de golpe en plena ejecución, como un apagón."""
    ruta = guardar_sin_salidas(
        tmp_path, codigo("01-lenta", "import time\ntime.sleep(30)")
    )
    antes = ruta.read_bytes()
    programa = _programa(ruta)
    _esperar_linea(programa, "01-en-vivo")
    programa.send_signal(signal.SIGKILL)
    programa.wait(timeout=30)
    assert ruta.read_bytes() == antes
    assert [p.name for p in ruta.parent.iterdir()] == [ruta.name]


def test_escribir_de_una_vez(tmp_path, monkeypatch):
    """Si falla el último paso queda lo viejo, y ningún temporal."""
    ruta = tmp_path / "a.json"
    archivos.escribir_texto(ruta, "viejo")

    def falla(*_):
        raise OSError("sin espacio")

    monkeypatch.setattr(os, "replace", falla)
    with pytest.raises(OSError, match="sin espacio"):
        archivos.escribir_texto(ruta, "nuevo")
    assert ruta.read_text() == "viejo"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_un_json_con_nan_no_se_escribe(tmp_path):
    """NaN no es JSON válido: quien lo lea fallaría."""
    ruta = tmp_path / "a.json"
    archivos.guardar_json(ruta, {"a": 1})
    with pytest.raises(ValueError):
        archivos.guardar_json(ruta, {"a": float("nan")})
    assert ruta.read_text() == '{\n "a": 1\n}\n'
    assert list(tmp_path.iterdir()) == [ruta]


def test_no_pisa_lo_que_alguien_edito_mientras_tanto(tmp_path):
    ruta = guardar_sin_salidas(tmp_path)

    def editar(c, numero, total, segundos):
        if numero == 1:
            ruta.write_text(ruta.read_text() + "\n")

    with pytest.raises(ErrorDeCuaderno, match="cambió mientras"):
        ejecutar.ejecutar_y_guardar(ruta, None, tmp_path / "r.json", editar)
    assert celda(cuadernos.leer(ruta), "01-en-vivo").outputs == []
