"""Compara una respuesta corta con la esperada: cifras, letras y otros nombres."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

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
# «10 000»: los miles, con cualquiera de los espacios con que se escriben.
CON_ESPACIOS = re.compile(
    r"(?<![\d.,])(?<!\d/)[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f]\d{3})+(?!\d)"
)
# Signos de un número que se lee; los más largos son de un modelo que se repite.
LARGO = 20


def _de_cifras(palabra: str) -> Decimal | None:
    """«4.000.000» y «3,5», como en Colombia; «3.5», como en México.

    Un punto seguido de tres cifras separa miles; una coma es siempre decimal. None si
    no es un número: una palabra, una fecha como «12.05.2024» o pasa de LARGO.
    """
    if not CIFRA.fullmatch(palabra) or len(palabra) > LARGO:
        return None
    entera, _, decimal = palabra.partition(",")
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", entera):
        entera = entera.replace(".", "")
    try:
        return Decimal(f"{entera}.{decimal.replace(',', '')}" if decimal else entera)
    except InvalidOperation:
        return None


def _escribir(numero: Decimal) -> str:
    return f"{numero:f}".rstrip("0").rstrip(".") if numero % 1 else f"{numero:.0f}"


def _leer_numero(palabras: list[str], i: int) -> tuple[Decimal, int]:
    """El número que empieza en la palabra i, y dónde acaba."""
    total, parte = Decimal(0), Decimal(0)
    inicio, en_letras = i, True
    while i < len(palabras):
        palabra = palabras[i]
        cifras = _de_cifras(palabra) if i == inicio else None
        if cifras is not None:
            parte, en_letras = cifras, False
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
    «4 millones de pesos», «4.000.000 de pesos», «4 000 000 de pesos» y «cuatro millones
    de pesos» quedan iguales. Conserva el signo de porcentaje: 3 no es 3 %. Lo que lleva
    cifras y no es un número, como «12.05.2024», queda como está.
    """
    letras = unicodedata.normalize("NFD", texto.lower().replace("por ciento", "%"))
    limpio = "".join(c for c in letras if unicodedata.category(c) != "Mn")
    limpio = CON_ESPACIOS.sub(lambda n: re.sub(r"\s", "", n[0]), limpio)
    palabras = re.findall(rf"{CIFRA.pattern}|[^\W\d_]+|\d+|%", limpio)
    salida, i = [], 0
    while i < len(palabras):
        palabra = palabras[i]
        en_letras = palabra in LETRAS or palabra in ESCALAS
        if en_letras or _de_cifras(palabra) is not None:
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
