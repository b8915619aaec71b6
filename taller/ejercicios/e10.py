"""Comprobaciones de la lección 10."""

from numbers import Integral

from . import ejercicio, no_es, no_se_llama


def _par(valor) -> tuple | str:
    """El par que devolvió `repartir`, o la pista si no es un par de enteros."""
    if valor is None or valor is ...:
        return "la función no devuelve nada: devuelve el par (lote, acumular)."
    if not isinstance(valor, tuple | list) or len(valor) != 2:
        return "devuelve dos valores, el par (lote, acumular), y un error con `raise`."
    if any(not isinstance(n, Integral) for n in valor):
        return f"{tuple(valor)} no son enteros: parte con «//»."
    return tuple(valor)


@ejercicio("10-repartir")
def _(respuesta):
    if pista := no_se_llama(respuesta):
        return pista

    def dar(*caso):
        try:
            return _par(respuesta(*caso))
        except ValueError:
            return None

    dado = dar(16, 1, 4)
    if isinstance(dado, str):
        return dado
    if dado is None:
        return "16 ejemplos donde caben 4 sí se pueden partir: no es un error."
    if dado == (16, 1):
        return "un trozo de 16 no cabe donde caben 4: hay que partirlo."
    if dado == (8, 2):
        return "un trozo de 8 tampoco cabe donde caben 4: repite hasta que quepa."
    if dado[0] * dado[1] != 16:
        return f"{dado[0]} × {dado[1]} no son 16: el lote efectivo no debe cambiar."
    casos = {
        (8, 2, 8): (8, 2),
        (3, 2, 4): (3, 2),
        (8, 2, 5): (4, 4),
        (6, 1, 3): (3, 2),
        (4, 3, 1): (1, 12),
    }
    for caso, esperado in casos.items():
        if (dado := dar(*caso)) is None:
            return f"con (lote, acumular, caben) = {caso} sí se puede partir."
        if dado != esperado:
            return f"con (lote, acumular, caben) = {caso} da {dado} y es {esperado}."
    if dar(6, 1, 2) is not None:
        return (
            "con (lote, acumular, caben) = (6, 1, 2) queda un trozo de 3, que no se "
            "parte por la mitad: lanza el error con `raise ValueError(...)`."
        )
    if dar(1, 16, 0) is not None:
        return "si caben es 0 no hay nada que hacer: lanza ValueError."
    return None


@ejercicio("10-tipo-de-error")
def _(respuesta):
    origen, destino = "Mañana cierras tu tienda.", "Mañana cierra su tienda."
    casos = [
        (origen, destino, destino, "acierto", "la respuesta es igual al destino."),
        (origen, destino, origen, "copia", "la respuesta es igual al origen."),
        (origen, destino, "Mañana cerra su tienda.", "verbo", "solo falla «cierra»."),
        (origen, destino, "Mañana cierra tu tienda.", "verbo", "solo falla «su»."),
        (
            origen,
            destino,
            "Mañana cierra su casa.",
            "otra",
            "«tienda» estaba en el origen.",
        ),
        (
            origen,
            destino,
            "Mañana cerra tu tienda.",
            "verbo",
            "fallan «cierra» y «su», y ninguna estaba en el origen.",
        ),
        (
            origen,
            destino,
            "Mañana su cierra tienda.",
            "verbo",
            "se compara palabra por palabra: fallan dos, y ninguna estaba en el "
            "origen.",
        ),
        (
            origen,
            destino,
            "tienda. cierra su Mañana",
            "otra",
            "«Mañana» y «tienda.» bastaba copiarlas en su lugar.",
        ),
        (origen, destino, "Mañana cierra tienda.", "otra", "falta una palabra."),
        (
            "Voy contigo si puedes.",
            "Voy con vos si podés.",
            "Voy con vos si puedés.",
            "verbo",
            "solo falla «podés», aunque origen y destino tengan distinto largo.",
        ),
    ]
    if pista := no_se_llama(respuesta):
        return pista
    for o, d, r, esperado, razon in casos:
        dado = respuesta(o, d, r)
        if pista := no_es(dado, str, "un texto, como «otra»"):
            return pista
        if dado != esperado:
            return (
                f"para «{r}» con destino «{d}» dijiste {dado!r} y es {esperado!r}: "
                f"{razon}"
            )
    return None
