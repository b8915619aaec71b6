"""Comprobaciones de la lección 12: leer una etiqueta y despejar el tiempo."""

from . import ejercicio, no_se_llama

VACIA = "la función todavía no devuelve nada."


@ejercicio("12-leer-etiqueta")
def _(leer_etiqueta):
    if pista := no_se_llama(leer_etiqueta):
        return pista
    casos = [
        ("neutro", "neutro", "cuando la etiqueta viene sola"),
        ("  Positivo.", "positivo", "con mayúscula, espacios o punto"),
        ("NEGATIVO", "negativo", "con mayúscula, espacios o punto"),
        ("El tono es negativo", "negativo", "con palabras alrededor"),
        ("Etiqueta:neutro\n\nNeutro", "neutro", "con la misma etiqueta repetida"),
        ("ni positivo ni negativo", None, "con dos etiquetas distintas"),
        ("positivo, negativo o neutro", None, "con dos etiquetas distintas"),
        ("no sé", None, "sin ninguna etiqueta"),
        ("", None, "con un texto vacío"),
        ("positivos 12 %; positivamente", None, "con palabras que la contienen"),
    ]
    for dicho, buena, cuando in casos:
        dada = leer_etiqueta(dicho)
        if dada == buena and type(dada) is type(buena):
            continue
        if dada is ...:
            return "la función todavía devuelve los puntos suspensivos."
        if buena is None and dada in ("", "ninguna", False):
            return f"{cuando}, devuelve None: {dada!r} se confundiría con un valor."
        if buena is None:
            return f"{cuando} ({dicho!r}) devolviste {dada!r}; ahí va None."
        if isinstance(dada, str) and dada.lower() == buena:
            return f"de {dicho!r} devolviste {dada!r}; se pide en minúsculas."
        return f"{cuando} ({dicho!r}) devolviste {dada!r} y es {buena!r}."
    return None


@ejercicio("12-razon-de-tiempo")
def _(razon_de_tiempo):
    if pista := no_se_llama(razon_de_tiempo):
        return pista
    casos = [(0.65, 0.5, 1.0), (0.65, 0.25, 0.5), (0.3, 0.6, 1.0), (0.0, 0.2, 0.25)]
    for ahorro, precio, tarjetas in casos:
        dada = razon_de_tiempo(ahorro, precio, tarjetas)
        if dada is None or dada is ...:
            return VACIA
        if isinstance(dada, bool) or not isinstance(dada, (int, float)):
            return f"devolviste un {type(dada).__name__}; se pide un número."
        buena = (1 - ahorro) / (precio * tarjetas)

        def es(otra, dada=dada):
            return abs(dada - otra) < 1e-9 * max(1, abs(otra))

        if es(buena):
            continue
        if es(ahorro / (precio * tarjetas)):
            return "esa es la parte ahorrada; despeja de lo que queda por pagar, 1 − a."
        if es(1 / buena):
            return "está al revés: es el tiempo de QLoRA entre el del completo."
        if es((1 - ahorro) * precio * tarjetas):
            return "el precio y las tarjetas dividen: con menos precio hay más tiempo."
        if precio != 1 and es((1 - ahorro) / tarjetas):
            return "falta la razón de precios."
        if tarjetas != 1 and es((1 - ahorro) / precio):
            return "falta la razón de tarjetas."
        if es(100 * buena):
            return "se piden fracciones, no porcentajes."
        if es(round(buena, 1)) or es(round(buena, 2)) or es(int(buena)):
            return "no redondees dentro de la función."
        return (
            f"con ahorro {ahorro}, precio {precio} y tarjetas {tarjetas} devolviste "
            f"{dada:.4g} y es {buena:.4g}. Prueba que el ahorro vuelva a salir."
        )
    return None
