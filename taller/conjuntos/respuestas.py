"""Compara una respuesta corta con la esperada: cifras, letras y otros nombres."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_UNIDADES = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce "
    "quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos "
    "veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve"
).split()
_DECENAS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_CIENTOS = (
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos "
    "ochocientos novecientos"
).split()
LETRAS = {palabra: n for n, palabra in enumerate(_UNIDADES)}
LETRAS |= {palabra: 10 * n for n, palabra in enumerate(_DECENAS, start=3)}
LETRAS |= {palabra: 100 * n for n, palabra in enumerate(_CIENTOS, start=1)}
LETRAS |= {"un": 1, "una": 1, "veintiun": 21, "veintiuna": 21, "cien": 100}
ESCALAS = {"mil": 1000, "millon": 10**6, "millones": 10**6}
CIFRA = re.compile(r"\d+(?:[.,]\d+)*")


def _de_cifras(texto: str) -> Decimal:
    """«4.000.000» y «3,5», como en Colombia; «3.5», como en México.

    Un punto seguido de tres cifras separa miles; una coma es siempre decimal.
    """
    entera, _, decimal = texto.partition(",")
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", entera):
        entera = entera.replace(".", "")
    return Decimal(f"{entera}.{decimal.replace(',', '')}" if decimal else entera)


def _escribir(numero: Decimal) -> str:
    return f"{numero:f}".rstrip("0").rstrip(".") if numero % 1 else f"{numero:.0f}"


def _leer_numero(palabras: list[str], i: int) -> tuple[Decimal, int]:
    """El número que empieza en la palabra i, y dónde acaba."""
    total, parte = Decimal(0), Decimal(0)
    inicio, en_letras = i, True
    while i < len(palabras):
        palabra = palabras[i]
        if CIFRA.fullmatch(palabra) and i == inicio:
            parte, en_letras = _de_cifras(palabra), False
        elif palabra in LETRAS and en_letras:
            parte += LETRAS[palabra]
        elif palabra in ESCALAS:
            total += (parte or 1) * ESCALAS[palabra]
            parte, en_letras = Decimal(0), True
        elif not (palabra == "y" and en_letras and _une(palabras, i)):
            break
        i += 1
    return total + parte, i


def _une(palabras: list[str], i: int) -> bool:
    """Si la «y» de la posición i está dentro de un número, como en «treinta y ocho»."""
    antes, despues = palabras[i - 1], palabras[i + 1 : i + 2]
    return antes in _DECENAS and 1 <= LETRAS.get("".join(despues), 0) <= 9


def normalizar(texto: str) -> str:
    """Lo que dice una respuesta corta, escrito siempre de la misma manera.

    Sin mayúsculas, tildes, signos ni artículo al comienzo, y con los números en cifras:
    «4 millones de pesos», «4.000.000 de pesos» y «cuatro millones de pesos» quedan
    iguales. Conserva el signo de porcentaje: 3 no es 3 %.
    """
    letras = unicodedata.normalize("NFD", texto.lower().replace("por ciento", "%"))
    limpio = "".join(c for c in letras if unicodedata.category(c) != "Mn")
    palabras = re.findall(rf"{CIFRA.pattern}|[^\W\d_]+|\d+|%", limpio)
    salida, i = [], 0
    while i < len(palabras):
        palabra = palabras[i]
        if CIFRA.fullmatch(palabra) or palabra in LETRAS or palabra in ESCALAS:
            numero, i = _leer_numero(palabras, i)
            salida.append(_escribir(numero))
            grande = palabras[i - 1] in ESCALAS or numero >= 10**6
            i += grande and palabras[i : i + 1] == ["de"]
        else:
            salida.append(palabra)
            i += 1
    if len(salida) > 1 and salida[0] in ("el", "la", "los", "las"):
        salida = salida[1:]
    return " ".join(salida)


def acierta(dicha: str, fila: dict) -> bool:
    """Si lo dicho es la respuesta de la fila o uno de sus otros nombres.

    Argumentos: `dicha`, lo que escribió el modelo; `fila`, con `respuesta` y, si tiene
    otros nombres, `alias`.
    """
    buenas = {normalizar(fila["respuesta"]), *map(normalizar, fila.get("alias", []))}
    return normalizar(dicha) in buenas
