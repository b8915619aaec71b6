"""Corta el código de quien aprende cuando no termina."""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable

SEGUNDOS = 20.0


class Demora(BaseException):
    """El código pasó del límite. No es Exception, para que un `except` no la calle."""


def _importa(hilo: int) -> bool:
    """¿Carga ese hilo una biblioteca? Cortada, quedaría a medias hasta reiniciar."""
    marco = sys._current_frames().get(hilo)
    while marco is not None and marco.f_code is not con_limite.__code__:
        if marco.f_code.co_filename.startswith("<frozen importlib"):
            return True
        marco = marco.f_back
    return False


def _lanzar(hilo: int, error) -> None:
    """Deja pendiente un error en ese hilo; con None, quita el que hubiera."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(hilo), error)


def con_limite(funcion: Callable, *datos, segundos: float | None = None):
    """Lo que devuelve `funcion(*datos)`, si termina en `segundos` de reloj.

    Corta bucles de Python, en cualquier sistema; no una cuenta larga de una biblioteca.
    Mientras se importa no corta, y después empieza a contar de nuevo: con el equipo
    ocupado, cargar torch tarda más que el límite.
    Errores: `Demora` si pasa del límite; los de `funcion`, tal cual.
    """
    limite = SEGUNDOS if segundos is None else segundos
    este, termino = threading.get_ident(), threading.Event()
    turno = threading.Lock()  # quien lo toma decide: se corta o ya terminó

    def cortar():
        espera = limite
        while not termino.wait(espera):
            if _importa(este):
                espera = limite
                continue
            if not turno.acquire(blocking=False):
                return
            _lanzar(este, ctypes.py_object(Demora))
            turno.release()
            espera = 1.0  # si el código se la tragó, se insiste

    threading.Thread(target=cortar, daemon=True).start()
    try:
        return funcion(*datos)
    finally:
        turno.acquire()  # y no lo suelta: desde aquí ya no se corta
        termino.set()
        _lanzar(este, None)  # ni sale después lo que quedó pendiente
