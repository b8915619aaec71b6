"""Correr un programa del curso dentro de la prueba, sin abrir otro Python.

Abrir uno cuesta unos segundos de cargar torch y transformers, que aquí ya están.
"""

import runpy
import sys
import warnings

import pytest


def correr_aqui(modulo: str, *argumentos) -> int | str | None:
    """Corre `python -m modulo argumentos` en este proceso.

    Devuelve con qué terminó: el código de salida, la frase del error o nada.
    """
    with pytest.MonkeyPatch.context() as cambio, warnings.catch_warnings():
        # runpy avisa de que el módulo ya estaba importado; aquí es lo normal
        warnings.filterwarnings("ignore", r".* found in sys\.modules", RuntimeWarning)
        cambio.setattr(sys, "argv", [modulo, *map(str, argumentos)])
        try:
            runpy.run_module(modulo, run_name="__main__")
        except SystemExit as fin:
            return fin.code
    return None
