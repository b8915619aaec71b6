"""Lo que falla al ejecutar el código de quien aprende, dicho en español."""

from __future__ import annotations

import linecache
import random
import re
import traceback
from collections.abc import Callable
from copy import deepcopy
from functools import wraps


class Fallo(Exception):
    """El código de quien aprende no sirve; el mensaje es la pista."""


def _del_tipo(error: TypeError) -> str:
    texto = str(error)
    if "positional argument" in texto or "keyword argument" in texto:
        return "no recibe los datos que pide el enunciado: cuenta sus argumentos"
    if "'float' object cannot be interpreted as an integer" in texto:
        return "usa un número con decimales donde va un entero: divide con «//»"
    if "NoneType" in texto:
        return "usa un None como si fuera un valor: algo no devolvió nada"
    if "not subscriptable" in texto or "not iterable" in texto:
        return "recorre o toma una parte de algo que es un solo valor"
    if "unhashable" in texto:
        return "pone una lista o un diccionario donde va un valor que no cambia"
    return "junta dos tipos de datos que no se pueden operar así"


def explicar(error: Exception) -> str:
    """Qué pasó, en una frase sin sujeto y sin el texto de Python, que va en inglés."""
    if isinstance(error, TypeError):
        return _del_tipo(error)
    if isinstance(error, NameError) and error.name:
        return f"usa el nombre «{error.name}», que no está definido"
    if isinstance(error, AttributeError) and error.name:
        return f"pide «{error.name}» a un {type(error.obj).__name__}, que no lo tiene"
    if isinstance(error, KeyError) and error.args:
        return f"busca {error.args[0]!r} donde no está"
    if isinstance(error, RuntimeError) and re.search(r"size|shape", str(error)):
        return "opera tensores cuyas formas no encajan"
    frases = {
        ZeroDivisionError: "divide entre cero",
        IndexError: "pide un lugar que no existe",
        RecursionError: "se llama a sí misma sin fin",
        ValueError: "da a una cuenta un valor que no admite, como un negativo",
    }
    return next((f for c, f in frases.items() if isinstance(error, c)), "falla")


def _linea(funcion: Callable, error: Exception) -> str:
    """La línea de quien aprende en que se detuvo, si se puede saber."""
    codigo = getattr(funcion, "__code__", None)
    for marco in reversed(traceback.extract_tb(error.__traceback__)):
        if codigo is not None and marco.filename == codigo.co_filename:
            linea = linecache.getline(marco.filename, marco.lineno or 0).strip()
            return f" en la línea «{linea}»" if linea else ""
    return ""


def _igual(uno, otro) -> bool:
    import torch

    if isinstance(uno, torch.Tensor):
        return torch.equal(uno, otro)
    return True if isinstance(uno, random.Random) else uno == otro


def llamar(funcion: Callable, *datos):
    """Lo que devuelve `funcion` con copias de `datos`.

    Errores: `Fallo`, con una pista en español, si se detiene o si cambia sus datos.
    """
    copias = deepcopy(datos)
    try:
        valor = funcion(*copias)
    except Exception as error:
        donde, clase = _linea(funcion, error), type(error).__name__
        raise Fallo(
            f"tu función se detuvo{donde}: {explicar(error)} ({clase})."
        ) from error
    if not all(map(_igual, datos, copias)):
        raise Fallo("tu función cambió los datos que recibió; trabaja con una copia.")
    return valor


def con_pistas(comprobacion: Callable) -> Callable:
    """Una comprobación en la que un `Fallo` pasa a ser la pista."""

    @wraps(comprobacion)
    def nueva(respuesta) -> str | None:
        try:
            return comprobacion(respuesta)
        except Fallo as fallo:
            return str(fallo)

    return nueva
