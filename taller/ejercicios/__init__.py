"""Los ejercicios: cada lección registra aquí sus comprobaciones.

Una comprobación recibe la respuesta y devuelve None si es correcta o una pista si no.
Prueba el comportamiento con entradas nuevas, no el texto de la respuesta.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module

from ..errores import ErrorDelTaller
from .fallos import en_espanol
from .limite import Demora, con_limite

REGISTRO: dict[str, Callable] = {}


def ejercicio(nombre: str):
    """Decorador: registra la comprobación del ejercicio `nombre`."""

    def registrar(funcion):
        REGISTRO[nombre] = funcion
        return funcion

    return registrar


def no_se_llama(respuesta) -> str | None:
    """Pista cuando se pide una función y llega otra cosa."""
    if callable(respuesta):
        return None
    return "pasa la función misma, sin llamarla: su nombre solo, sin paréntesis."


def no_es(valor, tipo, clase: str) -> str | None:
    """Pista cuando lo que devolvió la función no es de la clase esperada."""
    if valor is None or valor is ...:
        return "tu función no devolvió nada. ¿Falta `return`?"
    if not isinstance(valor, tipo) or isinstance(valor, bool):
        return f"tu función devolvió un {type(valor).__name__}; debe devolver {clase}."
    return None


def no_es_numero(valor) -> str | None:
    """Pista cuando lo que devolvió la función no es un número."""
    return no_es(valor, (int, float), "un número") or (
        "tu función devolvió «nan», que no es un número." if valor != valor else None
    )


def no_es_tensor(valor, forma) -> str | None:
    """Pista cuando lo que devolvió la función no es un tensor de esa forma."""
    import torch

    if pista := no_es(valor, torch.Tensor, "un tensor de torch"):
        return pista
    if tuple(valor.shape) != tuple(forma):
        return f"tu tensor tiene forma {tuple(valor.shape)}; se espera {tuple(forma)}."
    return None


def modulo_de(nombre: str) -> str:
    """El módulo de un ejercicio: «01-media» está en e01; «museo-media», en e_museo."""
    comienzo = nombre.split("-")[0]
    return f"e{comienzo}" if comienzo.isdigit() else f"e_{comienzo}"


def revisar(nombre: str, respuesta) -> str | None:
    """Pista del ejercicio `nombre` para esa respuesta, o None si es correcta."""
    if nombre not in REGISTRO:
        try:
            import_module(f"{__name__}.{modulo_de(nombre)}")
        except ModuleNotFoundError:
            pass
    if nombre not in REGISTRO:
        raise ErrorDelTaller(
            f"No existe el ejercicio «{nombre}». Copia el nombre del enunciado."
        )
    if respuesta is None or respuesta is ...:
        return "aquí no hay respuesta; cambia los puntos suspensivos por tu código."
    try:
        return con_limite(REGISTRO[nombre], respuesta)
    # Es código de quien aprende: cualquier fallo es una pista.
    except (Exception, Demora) as error:
        if isinstance(error, TypeError) and not callable(respuesta):
            return (
                f"tu respuesta es de tipo {type(respuesta).__name__} y se pide otra "
                "cosa. Si es una función, escribe su nombre, sin paréntesis."
            )
        return en_espanol(error)


def comprobar(nombre: str, respuesta) -> None:
    """Comprueba un ejercicio e imprime «Correcto» o «Todavía no» con una pista.

    Lo deja anotado en un archivo junto al cuaderno, que nadie envía (registro.py).
    Argumentos: `nombre`, el del enunciado («01-fertilidad»); `respuesta`, la función o
    el valor que se pide.
    Errores: ErrorDelTaller si no existe un ejercicio con ese nombre.
    """
    pista = revisar(nombre, respuesta)
    print(
        f"✓ Correcto ({nombre})."
        if pista is None
        else f"Todavía no ({nombre}): {pista}"
    )
    if not os.environ.get("TALLER_ESTATICO"):  # lo ejecuta una persona
        from ..registro import anotar

        if avance := anotar(nombre, pista is None):
            print(avance)
