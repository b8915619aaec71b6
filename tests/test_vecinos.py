"""Los vecinos con que se miden los hilos: no sobreviven a quien los abrió."""

import signal
import subprocess
import sys

import psutil
import pytest

from herramientas.archivos import RAIZ
from herramientas.medidas import hilos

PROGRAMA = """
import time
from herramientas.medidas import hilos
with hilos.con_vecinos(1):
    print("listo", flush=True)
    time.sleep(60)
"""


def test_al_salir_no_queda_ninguno():
    with hilos.con_vecinos(2):
        hijos = psutil.Process().children()  # aquí puede haber otros
        vecinos = [hijo for hijo in hijos if hilos.GIRAR in hijo.cmdline()]
        assert len(vecinos) == 2
    assert not any(v.is_running() for v in vecinos)


@pytest.mark.skipif(sys.platform == "win32", reason="mata con una señal de Unix")
@pytest.mark.parametrize("con", [signal.SIGTERM, signal.SIGKILL])
def test_si_matan_a_quien_mide_los_vecinos_acaban(con):
    orden = [sys.executable, "-c", PROGRAMA]
    mide = subprocess.Popen(orden, cwd=RAIZ, stdout=subprocess.PIPE)
    assert mide.stdout.readline() == b"listo\n"
    vecinos = psutil.Process(mide.pid).children()
    try:
        mide.send_signal(con)
        mide.wait(timeout=10)
        mide.stdout.close()
        _, quedan = psutil.wait_procs(vecinos, timeout=10)
        assert len(vecinos) == 1 and quedan == []
    finally:
        for vecino in vecinos:
            if vecino.is_running():
                vecino.kill()
