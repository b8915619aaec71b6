"""Qué nombres pide una celda a las de arriba y cuáles deja definidos."""

from __future__ import annotations

import builtins
import dis
from functools import cache
from types import CodeType


def _compilar(codigo: str) -> CodeType:
    """El código de una celda, compilado; las %magias pasan a ser llamadas."""
    try:
        return compile(codigo, "celda", "exec")
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager

        return compile(TransformerManager().transform_cell(codigo), "celda", "exec")


def _de_adentro(codigo: CodeType) -> set[str]:
    """Los nombres globales que lee una función o una clase, también dentro de otra."""
    leidos, propios = set(), set()
    for paso in dis.get_instructions(codigo):
        if paso.opname == "STORE_NAME":  # el cuerpo de una clase
            propios.add(paso.argval)
        elif paso.opname in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"):
            leidos |= {paso.argval} - propios
    for constante in codigo.co_consts:
        if isinstance(constante, CodeType):
            leidos |= _de_adentro(constante)
    return leidos


def _hacia_afuera(codigo: CodeType) -> set[str]:
    """Los nombres globales que define una comprensión con «:=», o `global`."""
    pasos = dis.get_instructions(codigo)
    return {paso.argval for paso in pasos if paso.opname == "STORE_GLOBAL"}


@cache
def nombres(codigo: str) -> tuple[frozenset[str], frozenset[str]]:
    """Los nombres que una celda pide a las de arriba y los que deja definidos.

    Argumentos: `codigo`, el de la celda. Devuelve (pide, define). Un nombre que la
    celda define antes de leerlo no se pide.
    Errores: SyntaxError si no es Python válido.
    """
    cuerpo = _compilar(codigo)
    pide, define, despues = set(), set(), set()
    for paso in dis.get_instructions(cuerpo):
        if paso.opname in ("STORE_NAME", "STORE_GLOBAL"):
            define.add(paso.argval)
        elif paso.opname in ("LOAD_NAME", "LOAD_GLOBAL"):
            pide |= {paso.argval} - define
        elif isinstance(paso.argval, CodeType):
            despues |= _de_adentro(paso.argval) - define
            define |= _hacia_afuera(paso.argval)
    pide = (pide | (despues - define)) - set(dir(builtins))
    return frozenset(pide), frozenset(define)


@cache
def fijos_de(codigo: str) -> frozenset[str]:
    """Los nombres que una celda importa o define con `def`: nadie los cambia después.

    Los guarda la instrucción que sigue a la que los crea.
    """
    fijos: set[str] = set()
    antes = ""
    for paso in dis.get_instructions(_compilar(codigo)):
        if paso.opname == "STORE_NAME" and antes in (
            "IMPORT_NAME",
            "IMPORT_FROM",
            "MAKE_FUNCTION",
            "SET_FUNCTION_ATTRIBUTE",
        ):
            fijos.add(paso.argval)
        antes = paso.opname
    return frozenset(fijos)
