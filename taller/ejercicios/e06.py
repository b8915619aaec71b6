"""Comprobaciones de la lección 06: NF4 octeto por octeto, logits y mayor lote."""

from math import ceil

from . import ejercicio, no_es_numero, no_se_llama
from .fallos import llamar
from .numeros import suelto


def _nf4(sal: int, ent: int, doble: bool) -> dict[str, int]:
    """Las partes de una matriz en NF4, en octetos."""
    maximos = ceil(sal * ent / 64)
    grupos = ceil(maximos / 256)
    return {
        "pesos": ceil(sal * ent / 2),
        "maximos": maximos + 4 * grupos if doble else 4 * maximos,
        "tablas": 64 + (1024 + 4 if doble else 0),
    }


def _pista_nf4(valor, formas, doble) -> str:
    """La pista del error conocido que da justo ese valor."""
    partes = [_nf4(sal, ent, doble) for sal, ent in formas]
    suma = {c: sum(p[c] for p in partes) for c in partes[0]}
    todo, n = sum(suma.values()), len(formas)
    otra = sum(sum(_nf4(s, e, not doble).values()) for s, e in formas)
    sin_segundos = sum(ceil(s * e / 64) for s, e in formas)
    if valor == suma["pesos"]:
        return "esos son solo los pesos; faltan los máximos y las tablas."
    if valor == todo - suma["tablas"]:
        return "faltan las tablas de cada matriz: míralas en la celda de arriba."
    if valor == otra:
        return "usas `doble` al revés, o no la usas."
    if doble and valor == suma["pesos"] + sin_segundos + suma["tablas"]:
        return "falta el segundo máximo: 4 octetos por cada 256 de los primeros."
    if doble and valor == todo - 4 * n:
        return "falta el promedio de los máximos: 4 octetos por matriz."
    if doble and valor == todo - 64 * n:
        return "con doble cuantización la tabla de 16 valores también está: 64 octetos."
    if doble and valor == todo - 1024 * n:
        return "la segunda tabla tiene 256 valores de 4 octetos, una por matriz."
    if 0 < todo - valor < suma["tablas"]:
        return (
            "te falta parte de las tablas. Por matriz son 64 octetos y, con doble "
            "cuantización, 1024 y 4 más."
        )
    if n > 1 and valor == sum(_nf4(*formas[-1], doble).values()):
        return "con varias matrices hay que sumar lo de todas."
    lista = ", ".join(f"{s} × {e}" for s, e in formas)
    return f"para {lista} con doble={doble} devolviste {valor}; se esperaba {todo}."


@ejercicio("06-nf4")
def _(funcion):
    if pista := no_se_llama(funcion):
        return pista
    casos = [
        ([(256, 256)], False),
        ([(128, 256), (704, 256)], False),
        ([(512, 1024)], True),
        ([(1024, 512), (64, 1024), (704, 256)], True),
    ]
    for formas, doble in casos:
        valor = suelto(llamar(funcion, list(formas), doble))
        if pista := no_es_numero(valor):
            return pista
        if valor != sum(sum(_nf4(s, e, doble).values()) for s, e in formas):
            return _pista_nf4(valor, formas, doble)
    for formas, doble in [([(9, 8), (9, 8)], False), ([(100, 190), (96, 96)], True)]:
        if suelto(llamar(funcion, list(formas), doble)) != sum(
            sum(_nf4(s, e, doble).values()) for s, e in formas
        ):
            que = "grupo de 256 máximos" if doble else "bloque de 64 pesos"
            return (
                f"el último {que} de cada matriz también lleva su máximo, aunque no "
                "esté lleno. Redondea hacia arriba en cada matriz."
            )
    return None


def _pista_logits(valor, V, lote, libres) -> str:
    """La pista del error conocido que da justo ese largo."""
    esperado = libres // (12 * V * lote)
    errores = {
        "falta el lote: los tokens son lote × largo.": libres // (12 * V),
        "usas solo las log-probabilidades guardadas; en el pico conviven tres matrices "
        "de 32 bits.": libres // (4 * V * lote),
        "faltan el lote y dos de las tres matrices del pico.": libres // (4 * V),
        "cuentas números, no octetos: cada uno ocupa 4.": libres // (3 * V * lote),
        "son tres matrices de 32 bits, no de 16.": libres // (6 * V * lote),
        "son tres matrices, no cuatro: tu bucle no conserva los logits.": libres
        // (16 * V * lote),
        "esos son los tokens de todo el lote, sin repartir.": esperado * lote,
    }
    if isinstance(valor, float) and int(valor) == esperado:
        return "el largo es un número entero de tokens: usa `//`."
    for pista, malo in errores.items():
        if valor == malo:
            return pista
    if esperado == 0:
        return "no cabe ni un token: la respuesta es 0."
    if valor == esperado + 1:
        return "te pasas por un token: redondea hacia abajo."
    return (
        f"con V={V}, lote={lote} y {libres} octetos devolviste {valor}; "
        f"se esperaba {esperado}."
    )


@ejercicio("06-logits")
def _(funcion):
    if pista := no_se_llama(funcion):
        return pista
    casos = [
        (1000, 5, 940_000),
        (256_000, 4, 2**33),
        (4096, 2, 10**8),
        (50_000, 5, 999),
    ]
    for V, lote, libres in casos:
        valor = suelto(llamar(funcion, V, lote, libres))
        if pista := no_es_numero(valor):
            return pista
        if not isinstance(valor, int) or valor != libres // (12 * V * lote):
            return _pista_logits(valor, V, lote, libres)
    return None


@ejercicio("06-lote")
def _(funcion):
    if pista := no_se_llama(funcion):
        return pista
    casos = [
        (lambda lote: 100 + 7 * lote, 150, 7, "sobra lugar: sigue subiendo el lote."),
        (lambda lote: 100 + 10 * lote, 150, 5, "un costo igual al límite sí cabe."),
        (lambda lote: 1000 + lote, 500, 0, "no cabe ni uno: la respuesta es 0."),
        (lambda lote: 60 + max(lote, 20), 85, 25, "el costo no siempre es una recta."),
        (lambda lote: lote * lote, 9000, 94, "el costo puede crecer como quiera."),
        (lambda lote: lote, 400, 400, "no pongas un tope fijo al lote."),
    ]
    for costo, libres, esperado, razon in casos:
        try:
            valor = suelto(llamar(funcion, costo, libres))
        except ZeroDivisionError:
            return (
                "divides entre lo que cuesta un ejemplo más, y aquí los primeros no "
                "cuestan nada más. El costo no siempre es una recta: prueba lotes "
                "enteros, uno tras otro, hasta que no quepa."
            )
        if pista := no_es_numero(valor):
            return pista
        if isinstance(valor, float) and int(valor) == esperado:
            return "el lote es un número entero de ejemplos: redondea hacia abajo."
        if valor == esperado + 1 and esperado > 0:
            return "te pasas por uno: ese lote ya no cabe. Devuelve el anterior."
        if valor == esperado - 1 and esperado > 1:
            return "te quedas corto por uno: " + razon
        if valor != esperado:
            return f"devolviste {valor} y era {esperado}: {razon}"
    return None
