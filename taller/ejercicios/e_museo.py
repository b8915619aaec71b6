"""Comprobaciones del «Anexo · Museo de errores»: revisar filas y leer una curva."""

import copy

from . import ejercicio, no_es, no_se_llama
from .fallos import llamar

BUENA = {"input_ids": [5, 6, 7], "labels": [-100, 6, 7]}
VACIA = {"input_ids": [], "labels": []}
DESPAREJA = {"input_ids": [5, 6, 7], "labels": [6, 7]}
LARGA = {"input_ids": [5] * 9, "labels": [5] * 9}
JUSTA = {"input_ids": [5] * 4, "labels": [-100] * 3 + [5]}
MUDA = {"input_ids": [5, 6], "labels": [-100, -100]}
LARGA_Y_MUDA = {"input_ids": [5] * 9, "labels": [-100] * 9}
DESPAREJA_Y_LARGA = {"input_ids": [5] * 9, "labels": [5] * 2}
MUDA_AL_FINAL = {"input_ids": [5, 6], "labels": [6, -100]}
SIN_TOKENS = {"input_ids": [], "labels": [5]}
DESPAREJA_Y_MUDA = {"input_ids": [5, 6, 7], "labels": [-100, -100]}
AVERIAS = {"vacía", "desparejas", "larga", "muda"}

# (filas, lo que debe dar, por qué); el tope es 4
FILAS = [
    ([BUENA], [], "esa fila es buena y no va en la lista."),
    ([LARGA], [(0, "larga")], "pasa de 4 tokens."),
    ([JUSTA], [], "mide justo el tope y cabe: larga es la que pasa de él."),
    ([MUDA], [(0, "muda")], "todas sus etiquetas son -100."),
    ([DESPAREJA], [(0, "desparejas")], "las dos listas no miden lo mismo."),
    ([VACIA], [(0, "vacía")], "no tiene tokens; esa avería se mira primero."),
    (
        [BUENA, MUDA, BUENA, LARGA],
        [(1, "muda"), (3, "larga")],
        "el puesto es el de la fila en la lista que llega, contando las buenas.",
    ),
    ([LARGA_Y_MUDA], [(0, "larga")], "es larga y muda: va la primera del orden."),
    (
        [DESPAREJA_Y_LARGA],
        [(0, "desparejas")],
        "es despareja y larga: va la primera del orden.",
    ),
    ([], [], "sin filas no hay averías."),
    ([MUDA_AL_FINAL], [], "solo la última etiqueta es -100: todavía enseña."),
    ([SIN_TOKENS], [(0, "vacía")], "no tiene tokens y es despareja: va la primera."),
    (
        [DESPAREJA_Y_MUDA],
        [(0, "desparejas")],
        "es despareja y muda: va la primera del orden.",
    ),
]
# con otro tope: tres tokens ya son muchos y dos caben
CON_TOPE_2 = ([BUENA, MUDA_AL_FINAL], [(0, "larga")], "usa `tope`, que puede cambiar.")


@ejercicio("museo-revisar")
def _(revisar):
    if pista := no_se_llama(revisar):
        return pista
    casos = [(4, *caso) for caso in FILAS] + [(2, *CON_TOPE_2)]
    for tope, filas, bueno, razon in casos:
        dado = llamar(revisar, copy.deepcopy(filas), tope)
        if pista := no_es(dado, list, "una lista"):
            return pista
        try:
            pares = [(puesto, averia) for puesto, averia in dado]
        except (TypeError, ValueError):
            return "cada elemento es un par: el puesto de la fila y su avería."
        for puesto, averia in pares:
            if not isinstance(puesto, int) or averia not in AVERIAS:
                return (
                    f"«{puesto}, {averia}» no sirve: primero el puesto, un número, y "
                    "después una de las cuatro averías, escrita igual."
                )
        if pares != bueno:
            if len(pares) > len({p for p, _ in pares}):
                return "una fila salió dos veces: solo va la primera avería que cumple."
            cuantas = f"{len(filas)} fila" + "s" * (len(filas) != 1)
            return f"con tope {tope} y {cuantas} falta atender un caso: {razon}"
    return None


NADA, INFINITO = float("nan"), float("inf")
DICTAMENES = {"nan", "diverge", "quieta", "sobreajuste", "bien"}
# (entrenamiento, validación, lo que debe dar, por qué)
CURVAS = [
    ([3.0, 2.0, 1.0], [3.1, 2.2, 1.4], "bien", "las dos bajan."),
    ([3.0, 4.0, 9.0], [3.1, 4.0, 9.0], "diverge", "acaba más alto que al comienzo."),
    ([3.0, NADA, 1.0], [3.0, 2.0, 1.0], "nan", "hay un nan en medio."),
    ([3.0, 2.0], [3.0, NADA], "nan", "el nan está en la de validación."),
    ([3.0, INFINITO], [3.0, 2.0], "nan", "infinito tampoco es un número finito."),
    ([2.0, 2.0, 1.99], [2.0, 2.0, 2.0], "quieta", "bajó menos del 1 %."),
    (
        [2.0, 1.0, 0.1],
        [2.0, 1.5, 1.9],
        "sobreajuste",
        "la de validación volvió a subir.",
    ),
    (
        [2.0, 1.0, 0.5],
        [2.0, 1.5, 1.52],
        "bien",
        "subió menos de un 5 %: puede ser azar.",
    ),
    (
        [2.0, 5.0, 1.0],
        [2.0, 5.0, 1.1],
        "bien",
        "saltó y se recuperó: cuenta la última.",
    ),
    (
        [200.0, 199.0],
        [200.0, 199.0],
        "quieta",
        "bajó una unidad de doscientas: el 1 % se cuenta sobre la primera.",
    ),
    (
        [0.02, 0.01],
        [0.02, 0.011],
        "bien",
        "bajó a la mitad, aunque las cifras sean pequeñas.",
    ),
    (
        [2.0, 2.5],
        [2.0, 9.0],
        "diverge",
        "cumple dos: va la primera del orden.",
    ),
    ([2.0, 1.9], [2.0, 1.9], "bien", "bajó un 5 %, más del 1 %."),
    (
        [2.0, 1.0, 0.5],
        [2.0, 1.0, 1.1],
        "sobreajuste",
        "la de validación pasa a su mínimo en un 10 %.",
    ),
    (
        [2.0, 2.0, 1.99],
        [2.0, 1.0, 2.0],
        "quieta",
        "está quieta y sobreajusta: va la primera del orden.",
    ),
    ([2.0, 2.0], [2.0, 2.0], "quieta", "quedó igual: no es mayor."),
]


@ejercicio("museo-diagnosticar")
def _(diagnosticar):
    if pista := no_se_llama(diagnosticar):
        return pista
    for entrena, valida, bueno, razon in CURVAS:
        dado = llamar(diagnosticar, list(entrena), list(valida))
        if pista := no_es(dado, str, "una palabra"):
            return pista
        if dado not in DICTAMENES:
            return f"«{dado}» no es uno de los cinco dictámenes del enunciado."
        if dado != bueno:
            return (
                f"con entrenamiento {entrena} y validación {valida} dijiste «{dado}»: "
                f"{razon}"
            )
    return None
