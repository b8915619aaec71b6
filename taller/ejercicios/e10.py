"""Comprobaciones de la lección 10."""

from . import ejercicio


@ejercicio("10-repartir")
def _(respuesta):
    def lanza(*caso) -> bool:
        try:
            respuesta(*caso)
        except ValueError:
            return True
        return False

    if (dado := respuesta(16, 1, 4)) is None or dado is ...:
        return "la función no devuelve nada: devuelve el par (lote, acumular)."
    if tuple(dado) == (16, 1):
        return "un trozo de 16 no cabe donde caben 4: hay que partirlo."
    if tuple(dado) == (8, 2):
        return "un trozo de 8 tampoco cabe donde caben 4: repite hasta que quepa."
    if dado[0] * dado[1] != 16:
        return f"{dado[0]} × {dado[1]} no son 16: el lote efectivo no debe cambiar."
    casos = {
        (8, 2, 8): (8, 2),
        (8, 2, 5): (4, 4),
        (6, 1, 3): (3, 2),
        (4, 3, 1): (1, 12),
    }
    for caso, esperado in casos.items():
        if lanza(*caso):
            return f"con (lote, acumular, caben) = {caso} sí se puede partir."
        if (dado := tuple(respuesta(*caso))) != esperado:
            return f"con (lote, acumular, caben) = {caso} da {dado} y es {esperado}."
    if not lanza(6, 1, 2):
        return "un trozo de 3 no se parte por la mitad: con caben = 2, ValueError."
    if not lanza(1, 16, 0):
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
        (origen, destino, "Mañana cierra tienda.", "otra", "falta una palabra."),
        (
            "Voy contigo si puedes.",
            "Voy con vos si podés.",
            "Voy con vos si puedés.",
            "verbo",
            "solo falla «podés», aunque origen y destino tengan distinto largo.",
        ),
    ]
    for o, d, r, esperado, razon in casos:
        if (dado := respuesta(o, d, r)) != esperado:
            return (
                f"para «{r}» con destino «{d}» dijiste {dado!r} y es {esperado!r}: "
                f"{razon}"
            )
    return None
