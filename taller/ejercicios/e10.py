"""Comprobaciones de la lección 10."""

from . import ejercicio


@ejercicio("10-parametros-lora")
def _(respuesta):
    if respuesta([(64, 64)], 4) is ...:
        return "la función todavía devuelve los puntos suspensivos."
    if respuesta([(64, 64)], 4) != 4 * 128:
        return "una matriz de 64 × 64 con rango 4 da 512: A tiene 4 × 64 y B, 64 × 4."
    if respuesta([(128, 704)], 8) != 8 * (128 + 704):
        return (
            "una matriz de 128 × 704 no es cuadrada: A mira la entrada y B, la salida."
        )
    if respuesta([(256, 128), (704, 256)], 16) != 16 * (384 + 960):
        return "con varias matrices hay que sumar lo de todas."
    return None


@ejercicio("10-mascara")
def _(respuesta):
    ids = [4, 90, 91, 2, 5, 70, 71, 72, 2]
    dada = list(respuesta(ids, 5, 2))
    if len(dada) != len(ids):
        return f"la máscara tiene {len(dada)} valores y hay {len(ids)} tokens."
    if not any(dada):
        return "todo quedó en cero: no se aprendería nada. La respuesta lleva unos."
    if dada[4]:
        return "la marca del asistente la escribe la plantilla, no el modelo: va en 0."
    if any(dada[:4]):
        return "la pregunta no se aprende: va en 0, también su token de fin."
    if not dada[8]:
        return "falta el fin del turno: sin él, el modelo no aprende a detenerse."
    if [int(x) for x in dada] != [0, 0, 0, 0, 0, 1, 1, 1, 1]:
        return "revisa el tramo: empieza después de la marca y llega hasta el fin."
    dos = [9, 30, 7, 41, 8, 9, 31, 32, 7, 42, 43, 8, 9, 33, 8]
    esperada = [int(i in (3, 4, 9, 10, 11)) for i in range(15)]
    if [int(x) for x in respuesta(dos, 7, 8)] != esperada:
        return "con dos turnos falla: al pasar un fin hay que volver a cero."
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
