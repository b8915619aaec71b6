"""Complemento de pytest: semilla, sin red, y la guardia que lo comprueba.

Las variables valen para las pruebas, los núcleos de los cuadernos y los programas que
las pruebas abren. Si TALLER_REGISTRO_RED ya existe, se usa ese registro.
"""

import gc
import os
import re
import tempfile
from pathlib import Path

import guardia_red
import pytest

from herramientas.archivos import RAIZ
from herramientas.cuadernos.leer import ENTORNO

# Ya: el complemento que sigue importa `taller`, que al importarse cuenta los hilos.
os.environ.update(ENTORNO)


def pytest_configure(config):
    lento = "lento: ejecuta cuadernos o entrena; no va en las rápidas"
    config.addinivalue_line("markers", lento)
    config.addinivalue_line("markers", "al_final: corre después de todas las demás")
    os.environ.pop("MPLBACKEND", None)  # el núcleo elige el suyo
    if not os.environ.get("TALLER_REGISTRO_RED"):
        carpeta = Path(tempfile.mkdtemp(prefix="taller-red-"))
        os.environ["TALLER_REGISTRO_RED"] = str(carpeta / "intentos.jsonl")
    caminos = [str(RAIZ / "tests" / "apoyo" / "red"), str(RAIZ)]
    anteriores = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    caminos += [c for c in anteriores if c and c not in caminos]
    os.environ["PYTHONPATH"] = os.pathsep.join(caminos)
    guardia_red.poner()


LENTO_ENTERO = re.compile(r"^pytestmark = \[?pytest\.mark\.lento", re.MULTILINE)


def pytest_ignore_collect(collection_path, config):
    """En las rápidas, un archivo de pruebas todo lento no se importa: ahorra torch."""
    sin_lentas = config.option.markexpr.startswith("not lento")
    if sin_lentas and collection_path.suffix == ".py":
        if LENTO_ENTERO.search(collection_path.read_text(encoding="utf-8")):
            return True
    return None


def pytest_collection_finish():
    """Lo ya cargado no se recorre más en cada limpieza de memoria de Python."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module")
def un_hilo():
    """Con modelos mínimos, repartir el trabajo entre hilos cuesta más que hacerlo."""
    import torch

    antes = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(antes)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Deja para el final lo que mira a todas las demás."""
    items.sort(key=lambda prueba: prueba.get_closest_marker("al_final") is not None)
