"""Comprobaciones de la lección 05: empaquetar, trapecio y tokens que alcanzan."""

from math import isclose

from . import ejercicio, no_es_numero


def _listas(pares) -> list[tuple[list, list]]:
    """Los pares como listas, aunque lleguen como tuplas o tensores."""
    return [tuple([int(i) for i in lado] for lado in par) for par in pares]


@ejercicio("05-filas")
def _(filas):
    documentos = [[10, 11, 12], [20, 21], [30, 31, 32, 33]]
    dada = filas(documentos, 4, 1, 2)
    if dada is None:
        return "tu función no devolvió nada. ¿Falta `return`?"
    if not isinstance(dada, (list, tuple)) or any(len(p) != 2 for p in dada):
        return "se pide una lista de pares (entrada, objetivo)."
    dada = _listas(dada)
    # la tira: 1 10 11 12 2 1 20 21 2 1 30 31 32 33 2
    buena = [
        ([1, 10, 11, 12], [10, 11, 12, 2]),
        ([2, 1, 20, 21], [1, 20, 21, 2]),
        ([2, 1, 30, 31], [1, 30, 31, 32]),
    ]
    if dada == buena:
        # 4 tokens en la tira y largo 3: la última predicción aún cabe
        if _listas(filas([[7, 8]], 3, 1, 2)) != [([1, 7, 8], [7, 8, 2])]:
            return (
                "una tira de 4 tokens da una fila de largo 3: 3 de entrada y, corridos "
                "un lugar, 3 de objetivo. Revisa dónde para tu bucle."
            )
        if _listas(filas([[7]], 3, 1, 2)) != []:
            return "3 tokens no llenan una fila de largo 3: falta el último objetivo."
        return None
    if not dada:
        return "no salió ninguna fila. La tira de tres documentos cortos alcanza."
    if any(len(e) != len(o) or len(e) != 4 for e, o in dada):
        return "toda entrada y todo objetivo miden `largo`; lo que sobra se descarta."
    if all(e == o for e, o in dada):
        return "el objetivo es igual a la entrada: debe ir corrido un lugar."
    planos = [i for e, _ in dada for i in e]
    if 1 not in planos or 2 not in planos:
        return "faltan los separadores: `inicio` antes y `fin` después de cada uno."
    if [e for e, _ in dada] == [e for e, _ in buena]:
        return (
            "las entradas están bien y los objetivos no: en la posición i va el token "
            "i + 1 de la tira, también en la última."
        )
    if len(dada) > 1 and dada[1][0] == [1, 20, 21, 2]:
        return (
            "cada predicción se hace una vez: la segunda entrada empieza en la "
            "posición `largo` de la tira, no en `largo + 1`."
        )
    if len(dada) > len(buena):
        return "las filas se pisan: la siguiente empieza `largo` tokens después."
    return (
        f"con tres documentos y largo 4 la primera fila te dio {dada[0]}; se esperaba "
        f"{buena[0]}. Une todo en una sola tira antes de cortar."
    )


@ejercicio("05-trapecio")
def _(trapecio):
    casos = [(0, 0.0), (2, 0.25), (4, 0.5), (8, 1.0), (20, 1.0), (30, 1.0), (35, 0.5),
             (38, 0.2), (40, 0.0)]  # fmt: skip
    for escala in (1.0, 3e-4):
        for paso, parte in casos:
            dada = trapecio(paso, 40, escala, 8, 10)
            if pista := no_es_numero(dada):
                return pista
            if isclose(dada, parte * escala, rel_tol=1e-6, abs_tol=1e-12):
                continue
            donde = f"con 40 pasos, subida de 8 y bajada de 10, el paso {paso}"
            if escala != 1 and isclose(dada, parte, rel_tol=1e-6):
                return "olvidaste multiplicar por `maxima`."
            if paso < 8 and dada == escala:
                return f"{donde} todavía sube y tu tasa ya vale el máximo."
            if paso < 8:
                return f"{donde} vale {parte} del máximo: es paso / subida."
            if paso <= 30:
                return f"{donde} está en la parte llana: vale el máximo."
            if dada == escala:
                return f"{donde} ya baja: la bajada ocupa los últimos 10 pasos."
            return (
                f"{donde} vale {parte} del máximo: lo que falta para el final, entre "
                f"`bajada`. Diste {dada / escala:.3g}."
            )
    otra = trapecio(50, 100, 2.0, 1, 80)
    if not isclose(otra, 2.0 * 50 / 80):
        return "con 100 pasos y bajada de 80, el paso 50 vale 50/80 del máximo."
    return None


@ejercicio("05-tokens")
def _(tokens):
    for horas, n, pico, mfu in ((12, 5e8, 65e12, 0.3), (2000, 8e9, 312e12, 0.45)):
        dada = tokens(horas, n, pico, mfu)
        if pista := no_es_numero(dada):
            return pista
        buena = horas * 3600 * pico * mfu / (6 * n)
        if isclose(dada, buena, rel_tol=1e-3):
            continue
        if dada == 0:
            return "devolvió 0. Despeja D de 6ND = operaciones que hacen tus horas."
        errores = {
            1 / 3600: "el pico es por segundo y las horas tienen 3600 segundos.",
            1 / 60: "una hora tiene 3600 segundos, no 60.",
            6: "falta el 6: dos operaciones hacia delante y cuatro hacia atrás.",
            3: "usaste 2ND, que es solo hacia delante. Entrenar cuesta 6ND.",
            1 / mfu: "falta el MFU: la GPU no trabaja a su máximo.",
            1 / mfu**2: "el MFU multiplica a las operaciones; no las divide.",
            6 * n: "esas son las operaciones; divídelas entre lo que cuesta un token.",
            n: "falta dividir entre los parámetros.",
            36: "el 6 divide: cada token cuesta 6 operaciones por parámetro.",
        }
        for razon, pista in errores.items():
            if isclose(dada, buena * razon, rel_tol=1e-3):
                return pista
        return (
            f"con {horas} horas y {n:.0e} parámetros diste {dada:.3g}, no {buena:.3g}."
        )
    return None
