"""Comprobaciones de la lección 12: leer una etiqueta y despejar el tiempo."""

from . import ejercicio, no_se_llama
from .fallos import llamar
from .numeros import pedir_numero

# (qué tiene el texto, qué hacer, casos); un caso es (lo dicho, lo que se espera)
LECTURAS = [
    ("la etiqueta sola", "devuélvela tal como está en el enunciado",
     [("neutro", "neutro"), ("positivo", "positivo"), ("negativo", "negativo")]),
    ("mayúsculas", "pásalo a minúsculas antes de buscar",
     [("NEGATIVO", "negativo"), ("Positivo", "positivo")]),
    ("espacios o un signo", "quítalos: no son parte de la palabra",
     [("  Positivo.", "positivo"), ("«neutro»", "neutro"), ("(negativo)", "negativo")]),
    ("otras palabras alrededor", "busca la etiqueta entre todas las palabras",
     [("El tono es negativo", "negativo"), ("Neutro, sin duda", "neutro")]),
    ("un signo pegado a la etiqueta", "los signos también separan palabras",
     [("Etiqueta:neutro", "neutro"), ("sentimiento=positivo", "positivo"),
      ("negativo/desfavorable", "negativo")]),
    ("la misma etiqueta dos veces", "sigue siendo una sola etiqueta",
     [("Etiqueta:neutro\n\nNeutro", "neutro"), ("negativo: muy negativo", "negativo")]),
    ("dos etiquetas distintas", "no se sabe cuál es: ahí va None",
     [("ni positivo ni negativo", None), ("positivo, negativo o neutro", None)]),
    ("ninguna etiqueta", "ahí va None", [("no sé", None), ("", None), ("...", None)]),
    ("una palabra que la contiene", "compara palabras enteras, no pedazos",
     [("positivos 12 %; positivamente", None), ("electronegativo", None)]),
    ("una palabra con eñe o tilde", "la eñe y las tildes también son letras",
     [("neutroñeo", None), ("ánegativo", None)]),
]  # fmt: skip


@ejercicio("12-leer-etiqueta")
def _(leer_etiqueta):
    if pista := no_se_llama(leer_etiqueta):
        return pista
    for que, remedio, casos in LECTURAS:
        for dicho, buena in casos:
            dada = llamar(leer_etiqueta, dicho)
            if dada is ...:
                return "la función todavía devuelve los puntos suspensivos."
            if buena is None and dada is not None and (dada in ("", "ninguna", False)):
                return (
                    f"sin una etiqueta clara se pide None; {dada!r} se confundiría con "
                    "una respuesta."
                )
            if dada is not None and not isinstance(dada, str):
                return (
                    f"devolviste un {type(dada).__name__}; se pide el texto de la "
                    "etiqueta, o None."
                )
            if dada == buena:
                continue
            if dada is not None and dada.strip(" .").lower() == buena:
                return f"de {dicho!r} devolviste {dada!r}; se pide {buena!r}, limpia."
            return f"con {que} ({dicho!r}) devolviste {dada!r}: {remedio}."
    return None


@ejercicio("12-razon-de-tiempo")
def _(razon_de_tiempo):
    if pista := no_se_llama(razon_de_tiempo):
        return pista
    casos = [(0.65, 0.5, 0.8), (0.65, 0.25, 0.5), (0.3, 0.6, 1.0), (0.0, 0.2, 0.25)]
    casos += [(-0.2, 1.0, 0.5)]  # un ahorro negativo: QLoRA cuesta más
    for a, precio, tarjetas in casos:
        dada = pedir_numero(razon_de_tiempo, a, precio, tarjetas)
        buena = (1 - a) / (precio * tarjetas)
        errores = [
            (a / (precio * tarjetas),
             "esa es la parte ahorrada; despeja de lo que queda por pagar, 1 − a."),
            (1 / buena, "está al revés: es el tiempo de QLoRA entre el del completo."),
            ((1 - a) * precio * tarjetas,
             "el precio y las tarjetas dividen: con menos precio hay más tiempo."),
            (1 - a / (precio * tarjetas),
             "primero se resta, 1 − a, y después se divide: faltan paréntesis."),
            (1 - a / precio * tarjetas,
             "primero se resta, 1 − a, y después se divide: faltan paréntesis."),
            ((1 - a) / precio * tarjetas,
             "las tarjetas también dividen: encierra precio × tarjetas en paréntesis."),
            ((1 - a) / tarjetas, "falta la razón de precios."),
            ((1 - a) / precio, "falta la razón de tarjetas."),
            (0.35 / (precio * tarjetas), "usa el ahorro que recibes, no siempre 0,65."),
            (1 - a * precio * tarjetas,
             "ese es el ahorro de otro ahorro: despeja τ de a = 1 − ρκτ."),
            (100 * buena, "se piden fracciones, no porcentajes."),
        ]  # fmt: skip

        def es(otra, dada=dada):
            return abs(dada - otra) < 1e-9 * max(1, abs(otra))

        if es(buena):
            continue
        for otra, pista in errores:
            if es(otra):
                return pista
        if a < 0 and dada < buena:
            return "el ahorro puede ser negativo, si QLoRA cuesta más: no lo recortes."
        if any(es(round(buena, n)) for n in (0, 1, 2)) or es(int(buena)):
            return "no redondees dentro de la función."
        return (
            f"con ahorro {a}, precio {precio} y tarjetas {tarjetas} devolviste "
            f"{dada:.4g} y es {buena:.4g}. Prueba que el ahorro vuelva a salir."
        )
    return None
