"""Un cuaderno que falla dice qué celda y por qué en las primeras líneas del informe.

Todos los casos van en una sola sesión de pytest, cada uno en su cuaderno.
"""

import os
import re
import subprocess
import sys

import pytest
from minimo import celda, codigo, cuaderno_bueno, dice, entorno_sin_pytest, numerar

from herramientas.archivos import RAIZ
from herramientas.cuadernos import leer as cuadernos

pytestmark = pytest.mark.lento  # abre una sesión de pytest que ejecuta cuadernos

BARRA = (
    "import sys\n"
    "sys.stderr.write('50%|█ | 1/2 [00:01<00:01, 1it/s]\\r\\n')\n"
    "print(object())"
)
SALIR = (
    "import socket\ntry:\n    socket.create_connection(('203.0.113.9', 80))\n"
    "except OSError:\n    pass"
)
CHECK = "nbval-check-output"

# Celdas que se añaden al cuaderno bueno en cada caso.
CASOS = {
    "01_bueno": [],
    "02_error": [
        codigo("01-mala", "# Divide.\nvalor = 1 / 0"),
        codigo("01-despues", "print(valor)"),
    ],
    "03_muere": [codigo("01-muere", "import os\nos.kill(os.getpid(), 9)")],
    "04_otra_salida": [
        codigo("01-distinta", "print(total)", CHECK, salidas=[dice("3")]),
        codigo("01-sigue", "print(total)"),
    ],
    "05_barra": [codigo("01-barra", BARRA, CHECK, salidas=[dice("<object object>")])],
    "06_resuelto": [codigo("01-hecho", "comprobar('01-suma-1', 4)", "ejercicio")],
    "07_sin_resolver": [codigo("01-falta", "comprobar('01-suma-1', 5)", "solucion")],
    "08_sin_error": [codigo("01-sin-error", "1 / 1", "raises-exception")],
    "09_red": [codigo("01-sale", SALIR)],
}


class Sesion:
    """Lo que dijo pytest, y el registro de red que dejó."""

    def __init__(self, estado, texto, registro):
        self.estado, self.texto, self.registro = estado, texto, registro
        resto = texto.partition("Cuadernos que fallan")[2].splitlines()[1:]
        self.informe = [x for x in resto if x.strip()]

    def ficha(self, cuaderno: str) -> str:
        """Las dos líneas del informe sobre un cuaderno, o «» si no falló."""
        for i, linea in enumerate(self.informe[: 2 * len(CASOS)]):
            if linea.startswith(f"✗ {cuaderno}.ipynb"):
                return "\n".join(self.informe[i : i + 2])
        return ""


@pytest.fixture(scope="module")
def sesion(tmp_path_factory):
    carpeta = tmp_path_factory.mktemp("cuadernos")
    for nombre, celdas in CASOS.items():
        cuaderno = cuaderno_bueno()
        celda(cuaderno, "01-figura").outputs = []
        cuaderno.cells += celdas
        numerar(cuaderno)
        cuadernos.guardar(cuaderno, carpeta / f"{nombre}.ipynb")
    registro = carpeta / "intentos.jsonl"
    caminos = [str(RAIZ / c) for c in ("tests/apoyo/red", "tests/apoyo", ".")]
    entorno = entorno_sin_pytest()
    entorno["PYTHONPATH"] = os.pathsep.join(caminos)
    entorno["TALLER_REGISTRO_RED"] = str(registro)
    hecho = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-current-env"]
        + ["-p", "complemento_entorno", "-p", "complemento_cuadernos"]
        + ["--rootdir", str(carpeta), "--color=no", str(carpeta)],
        cwd=carpeta,
        env=entorno,
        capture_output=True,
        text=True,
        timeout=500,
    )
    return Sesion(hecho.returncode, hecho.stdout, registro)


def test_la_sesion_falla_y_cuenta_bien(sesion):
    assert sesion.estado == 1, sesion.texto
    assert re.search(r"\b6 failed\b.*\b1 skipped\b", sesion.texto), sesion.texto[-400:]


def test_dice_la_celda_y_la_causa_primero(sesion):
    primera, segunda = sesion.informe[:2]
    assert primera.startswith("✗ 02_error.ipynb · celda «01-mala»")
    assert primera.endswith("# Divide.")
    assert segunda.strip() == "ZeroDivisionError: division by zero"
    informe = sesion.texto.index("Cuadernos que fallan")
    assert informe < sesion.texto.index("= FAILURES =")
    assert sesion.texto.index("✗ 02_error.ipynb") < informe, "debía decirlo al momento"


def test_lo_que_sigue_a_un_error_se_salta(sesion):
    assert "NameError" not in sesion.texto
    assert "01-despues" not in sesion.texto


def test_nota_que_murio_el_nucleo(sesion):
    ficha = sesion.ficha("03_muere")
    assert "01-muere" in ficha and "murió" in ficha and "memoria" in ficha


def test_una_salida_distinta_se_explica(sesion):
    ficha = sesion.ficha("04_otra_salida")
    assert "01-distinta" in ficha and "no es igual a la guardada" in ficha


@pytest.mark.parametrize("cuaderno", ["01_bueno", "05_barra", "09_red"])
def test_lo_que_esta_bien_no_aparece(sesion, cuaderno):
    """Una barra de progreso o una dirección no hacen distinta una salida."""
    assert sesion.ficha(cuaderno) == ""


@pytest.mark.parametrize(
    ("cuaderno", "frase"),
    [
        ("06_resuelto", "debía decir «Todavía no»"),
        ("07_sin_resolver", "debía decir «Correcto»"),
        ("08_sin_error", "debía mostrar un error"),
    ],
)
def test_exige_veredictos_y_errores(sesion, cuaderno, frase):
    assert frase in sesion.ficha(cuaderno)


def test_dice_el_tiempo_y_la_memoria_de_cada_uno(sesion):
    for nombre in CASOS:
        patron = rf"Tiempos: {nombre}\.ipynb +\d+,\d s +\d+,\d\d GB"
        assert re.search(patron, sesion.texto), nombre


def test_un_cuaderno_que_sale_a_la_red_queda_anotado(sesion):
    """Aunque el cuaderno calle el error, el registro lo cuenta."""
    (linea,) = sesion.registro.read_text().splitlines()
    assert "203.0.113.9" in linea
