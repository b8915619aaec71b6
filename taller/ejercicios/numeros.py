"""Los números que devuelve quien aprende: de Python, de numpy o de torch."""

from __future__ import annotations

from collections.abc import Callable

from . import no_es_numero
from .fallos import Fallo, llamar


def suelto(valor):
    """Un número de numpy o de torch, como de Python; lo demás, igual."""
    try:
        return valor.item()
    except (AttributeError, ValueError, RuntimeError):  # no es un número solo
        return valor


def pedir_numero(funcion: Callable, *datos) -> float:
    """El número que devuelve `funcion` con copias de `datos`.

    Errores: `Fallo` si no devuelve un número o si cambia los datos; los de `funcion`.
    """
    valor = suelto(llamar(funcion, *datos))
    if pista := no_es_numero(valor):
        raise Fallo(pista)
    return valor
