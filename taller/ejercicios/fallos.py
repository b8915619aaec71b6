"""Lo que se contesta cuando el código de quien aprende se detiene con un error."""

from __future__ import annotations

import random
import re
import traceback
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

from ..errores import ErrorDelTaller
from .limite import SEGUNDOS, Demora

AQUI = str(Path(__file__).parent)
FORMAS = (
    "las formas de los tensores no casan. Imprime `.shape` de cada uno antes de esa "
    "línea."
)
# (clase, lo que dice Python, qué significa); gana la primera fila que coincide.
SIGNIFICADOS = [
    (UnboundLocalError, "",
     "ahí se lee una variable de la función antes de darle un valor en ella."),
    (ZeroDivisionError, "", "ahí se divide entre cero. ¿Puede llegar algo vacío?"),
    (TypeError, r"positional argument|keyword argument",
     "una función recibe más o menos argumentos de los que pide. Revisa los nombres y "
     "el orden del enunciado."),
    (TypeError, "cannot be interpreted as an integer",
     "ahí va un entero y llega un decimal: divide con «//»."),
    (TypeError, "NoneType", "ahí hay un `None` donde se esperaba un valor."),
    (TypeError, "not callable", "ahí se llama con paréntesis a lo que no es función."),
    (TypeError, "unhashable", "una lista no puede ser clave: conviértela en tupla."),
    (TypeError, "support item assignment", "una tupla no se cambia: arma una nueva."),
    (TypeError, "", "ahí se juntan tipos que no van juntos, como texto y número."),
    (RuntimeError, r"view size is not compatible|\.view\(",
     "`.view` no sirve con un tensor recortado o traspuesto: usa `.reshape`."),
    (RuntimeError, r"size|shape|mat1|dimension|broadcast", FORMAS),
    (IndexError, "Dimension out of range",
     "el tensor no tiene esa dimensión. Imprime su `.shape`."),
    (IndexError, "shape mismatch|mask", FORMAS),
    (IndexError, "",
     "ahí se pide una posición que no existe. Revisa la primera y la última."),
    (UnicodeError, "", "esos bytes no forman texto en esa codificación."),
    (ValueError, "to unpack",
     "ahí se reparten valores entre un número distinto de variables."),
    (ValueError, r"broadcast|shape|size|dimension", FORMAS),
    (ValueError, r"empty|arg is an empty", "ahí llega algo vacío y no se previó."),
    (ValueError, "", "un valor no sirve para esa operación."),
    (RecursionError, "", "la función se llama a sí misma sin parar."),
    (AssertionError, "", "no se cumple un `assert` que escribiste."),
    (StopIteration, "", "ahí se pide un elemento más de los que hay."),
]  # fmt: skip


class Fallo(Exception):
    """El código de quien aprende no sirve; el mensaje es la pista."""


def _igual(uno, otro) -> bool:
    import torch

    if isinstance(uno, torch.Tensor):
        return torch.equal(uno, otro)
    return True if isinstance(uno, random.Random) else uno == otro


def llamar(funcion: Callable, *datos):
    """Lo que devuelve `funcion` con copias de `datos`.

    Errores: los de `funcion`, tal cual, y `Fallo` si cambia los datos que recibe.
    """
    copias = deepcopy(datos)
    valor = funcion(*copias)
    if not all(map(_igual, datos, copias)):
        raise Fallo("tu función cambió los datos que recibió; trabaja con una copia.")
    return valor


def significado(error: BaseException) -> str:
    """Una oración en español que dice qué pasó."""
    if isinstance(error, Demora):
        return (
            f"llevaba {SEGUNDOS:.0f} segundos sin terminar. En un `while`, mira qué "
            "cambia en cada vuelta y si la condición llega a ser falsa. Otra celda que "
            "no acabe la detienes tú con el cuadrado de la barra de arriba."
        )
    if isinstance(error, ErrorDelTaller):
        return str(error)
    if isinstance(error, NameError) and error.name:
        return f"ahí se usa «{error.name}», un nombre que no está definido."
    if isinstance(error, AttributeError) and error.name:
        clase = type(error.obj).__name__
        return (
            f"ahí se pide «{error.name}» a un valor de tipo {clase}, que no lo tiene."
        )
    if isinstance(error, KeyError) and error.args:
        return f"ahí se pide la clave {error.args[0]!r}, que no existe."
    for clase, dice, que_es in SIGNIFICADOS:
        if isinstance(error, clase) and re.search(dice, str(error)):
            return que_es
    return f"Python dio un error de clase {type(error).__name__}."


def en_espanol(error: BaseException) -> str:
    """La pista de un error: la línea de quien aprende donde se detuvo y qué significa.

    La de un `Fallo` es su mensaje. El de Python no se repite: está en inglés y a veces
    habla de otra línea.
    """
    if isinstance(error, Fallo):
        return str(error)
    suyas = [
        paso.line.strip()
        for paso in traceback.extract_tb(error.__traceback__)
        if paso.line
        and not paso.filename.startswith(AQUI)
        and not re.search(r"site-packages|[/\\]lib[/\\]python", paso.filename)
    ]
    linea = suyas[-1] if suyas else ""
    donde = f" en «{linea[:70]}»" if linea else ""
    return f"tu código se detuvo{donde}: {significado(error)}"
