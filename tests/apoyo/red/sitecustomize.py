"""Python lo importa al arrancar si esta carpeta está en PYTHONPATH.

Pone la guardia de red en cada proceso de Python que abren las pruebas (núcleos de
cuadernos, programas) y les ahorra un módulo lento. Luego importa el sitecustomize que
habría sin él.
"""

import importlib.machinery
import importlib.util
import os
import sys

AQUI = os.path.dirname(os.path.abspath(__file__))


def _el_de_siempre():
    """Ejecuta el sitecustomize del sistema o del entorno, que este tapa."""
    otros = [c for c in sys.path if os.path.abspath(c or ".") != AQUI]
    ficha = importlib.machinery.PathFinder.find_spec("sitecustomize", otros)
    if ficha and ficha.loader:
        ficha.loader.exec_module(importlib.util.module_from_spec(ficha))


if os.environ.get("TALLER_REGISTRO_RED"):
    sys.path.append(AQUI)
    import guardia_red

    guardia_red.poner()
# nbformat lo importa por jsonschema, que se arregla sin él: solo sirve para revisar
# direcciones con letras de cualquier alfabeto, y gasta casi 3 s en armar su gramática.
sys.modules.setdefault("rfc3987_syntax", None)
_el_de_siempre()
