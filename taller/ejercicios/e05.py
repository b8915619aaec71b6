"""Comprobaciones de la lección 05: empaquetar, trapecio y tokens que alcanzan."""

from math import cos, isclose, pi

from . import ejercicio, no_se_llama
from .fallos import Fallo, llamar
from .numeros import pedir_numero

PARES = "se pide una lista de pares (entrada, objetivo)."


def _pares(valor) -> list[tuple[list, list]]:
    """Los pares como listas, aunque lleguen como tuplas, arreglos o tensores."""
    if valor is None or valor is ...:
        raise Fallo("tu función no devolvió nada. ¿Falta `return`?")
    if not isinstance(valor, (list, tuple)):
        raise Fallo(f"devolviste un {type(valor).__name__}; {PARES}")
    pares = []
    for par in valor:
        if not hasattr(par, "__len__") or isinstance(par, str) or len(par) != 2:
            raise Fallo(PARES)
        if any(not hasattr(lado, "__iter__") or isinstance(lado, str) for lado in par):
            raise Fallo(f"cada lado de un par es una lista de tokens; {PARES}")
        pares.append(tuple([int(i) for i in lado] for lado in par))
    return pares


def _cortar(tira, largo, paso=None):
    cortes = range(0, len(tira) - largo, paso or largo)
    return [(tira[k : k + largo], tira[k + 1 : k + largo + 1]) for k in cortes]


def _empacar(documentos, largo, inicio, fin, antes=True, despues=True, **corte):
    """Los pares; los argumentos con valor por defecto reproducen errores conocidos."""
    tira = []
    for doc in documentos:
        tira += [inicio] * antes + list(doc) + [fin] * despues
    return _cortar(tira, largo, **corte)


# La respuesta que sale de un error conocido, y la pista.
ERRORES_FILAS = [
    (lambda d, n, i, f: sum((_empacar([x], n, i, f) for x in d), []),
     "cortas cada documento por su lado: primero únelos todos en una sola tira."),
    (lambda d, n, i, f: _empacar(d, n, i, f, False, False),
     "faltan los separadores: `inicio` antes y `fin` después de cada documento."),
    (lambda d, n, i, f: _empacar(d, n, i, f, antes=False),
     "falta `inicio` antes de cada documento, no solo `fin`."),
    (lambda d, n, i, f: _empacar(d, n, i, f, despues=False),
     "falta `fin` después de cada documento, no solo `inicio`."),
    (lambda d, n, i, f: _empacar(d, n, f, i),
     "los separadores están al revés: `inicio` va antes y `fin`, después."),
    (lambda d, n, i, f: _empacar([sum(map(list, d), [])], n, i, f),
     "los separadores van en cada documento, no solo en los extremos de la tira."),
    (lambda d, n, i, f: _empacar(d, n, i, f, paso=n + 1),
     "cada predicción se hace una vez: la segunda entrada empieza en la posición "
     "`largo` de la tira, no en `largo + 1`."),
    (lambda d, n, i, f: _empacar(d, n, i, f, paso=1),
     "las filas se pisan: la siguiente empieza `largo` tokens después."),
    (lambda d, n, i, f: [(o, e) for e, o in _empacar(d, n, i, f)],
     "entrada y objetivo están cambiados: el objetivo es el que va un token adelante."),
    (lambda d, n, i, f: [(e, e) for e, _ in _empacar(d, n, i, f)],
     "el objetivo es igual a la entrada: debe ir corrido un lugar."),
]  # fmt: skip


@ejercicio("05-filas")
def _(filas):
    if pista := no_se_llama(filas):
        return pista
    casos = [  # (documentos, largo, inicio, fin)
        ([[10, 11, 12], [20, 21], [30, 31, 32, 33]], 4, 1, 2),
        ([[7, 8], [9], [5, 6, 4, 3]], 3, 50, 60),
        ([list(range(10, 40))], 5, 1, 2),
    ]
    for documentos, largo, inicio, fin in casos:
        dada = _pares(llamar(filas, documentos, largo, inicio, fin))
        buena = _empacar(documentos, largo, inicio, fin)
        if dada == buena:
            continue
        if not dada:
            return "no salió ninguna fila. La tira de esos documentos alcanza."
        if any(len(e) != len(o) for e, o in dada):
            return "la entrada y el objetivo de cada par miden lo mismo: `largo`."
        if any(len(e) != largo for e, _ in dada):
            return "toda fila mide `largo`; lo que sobra sin llenar una se descarta."
        for mala, pista in ERRORES_FILAS:
            if dada == mala(documentos, largo, inicio, fin):
                return pista
        if dada == buena[:-1]:
            return "falta la última fila: revisa dónde para tu bucle."
        if [e for e, _ in dada] == [e for e, _ in buena]:
            return (
                "las entradas están bien y los objetivos no: en la posición i va el "
                "token i + 1 de la tira, también en la última."
            )
        if inicio != 1 and dada == _empacar(documentos, largo, 1, 2):
            return "con otros separadores falla: usa `inicio` y `fin`, no 1 y 2."
        k = next((i for i, par in enumerate(buena) if par not in dada[i : i + 1]), 0)
        return (
            f"con {documentos} y largo {largo}, la fila {k} te dio "
            f"{dada[k] if k < len(dada) else 'nada'}; se esperaba {buena[k]}."
        )
    # 4 tokens en la tira y largo 3: la última predicción aún cabe
    if _pares(llamar(filas, [[7, 8]], 3, 1, 2)) != [([1, 7, 8], [7, 8, 2])]:
        return (
            "una tira de 4 tokens da una fila de largo 3: 3 de entrada y, corridos "
            "un lugar, 3 de objetivo. Revisa dónde para tu bucle."
        )
    if _pares(llamar(filas, [[7]], 3, 1, 2)):
        return "3 tokens no llenan una fila de largo 3: falta el último objetivo."
    return None


# Lo que da un error conocido en (paso, pasos, máxima, subida, bajada), y la pista.
ERRORES_TRAPECIO = [
    (lambda k, n, m, s, b: min(1, k / s, (n - k) / b),
     "olvidaste multiplicar por `maxima`."),
    (lambda k, n, m, s, b: m * min(1, k / s),
     "falta la bajada: ocupa los últimos pasos, y en `paso == pasos` vale 0."),
    (lambda k, n, m, s, b: m * min(1, (n - k) / b),
     "falta la subida: en los primeros pasos vale paso / subida del máximo."),
    (lambda k, n, m, s, b: m * min(1, (k + 1) / s, (n - k) / b),
     "la subida va un paso adelantada: en el paso 0 la tasa vale 0."),
    (lambda k, n, m, s, b: m * min(1, k / s, max(n - k - 1, 0) / b),
     "la bajada llega a 0 un paso antes: debe valer 0 en `paso == pasos`."),
    (lambda k, n, m, s, b: m * min(1, k / s, (n - k) / s),
     "la bajada dura `bajada` pasos; la tuya dura `subida`."),
    (lambda k, n, m, s, b: m * min(1, k / b, (n - k) / b),
     "la subida dura `subida` pasos; la tuya dura `bajada`."),
    (lambda k, n, m, s, b: m * min(1, k / s, (n - k) / (n - s)),
     "la bajada ocupa solo los últimos `bajada` pasos; antes la tasa no cambia."),
    (lambda k, n, m, s, b: m * k / s if k < s else m * (1 + cos(
        pi * max(0, k - n + b) / b)) / 2,
     "esa bajada es un coseno, la de la celda de arriba; aquí cae en línea recta."),
    (lambda k, n, m, s, b: m * min(k // s, 1, (n - k) // b),
     "divides con «//», que quita los decimales: usa «/»."),
]  # fmt: skip


@ejercicio("05-trapecio")
def _(trapecio):
    if pista := no_se_llama(trapecio):
        return pista
    pasos = (0, 2, 4, 8, 20, 30, 31, 35, 38, 40)
    casos = [(k, 40, m, 8, 10) for m in (1.0, 3e-4) for k in pasos]
    casos += [(k, 100, 2.0, 1, 80) for k in (0, 1, 15, 50, 100)]
    casos += [(k, 60, 0.5, 30, 5) for k in (3, 29, 40, 58, 60)]
    dadas = [pedir_numero(trapecio, *caso) for caso in casos]
    buenas = [m * min(1, k / s, (n - k) / b) for k, n, m, s, b in casos]

    def iguales(unas, otras):
        return all(
            isclose(a, b, rel_tol=1e-6, abs_tol=1e-12)
            for a, b in zip(unas, otras, strict=True)
        )

    if iguales(dadas, buenas):
        return None
    if iguales(dadas, [caso[2] for caso in casos]):
        return (
            "tu tasa siempre vale el máximo: con 40 pasos y subida de 8, en el paso 0 "
            "vale 0 y en el 4, la mitad."
        )
    for mala, pista in ERRORES_TRAPECIO:
        if iguales(dadas, [mala(*caso) for caso in casos]):
            return pista
    peor = next(i for i, d in enumerate(dadas) if not iguales([d], [buenas[i]]))
    k, n, m, s, b = casos[peor]
    donde = f"con {n} pasos, subida de {s} y bajada de {b}, el paso {k}"
    if k < s:
        return f"{donde} sube: vale paso / subida del máximo, {k / s:.3g}."
    if k <= n - b:
        return f"{donde} está en la parte llana: vale el máximo."
    return (
        f"{donde} ya baja: vale {(n - k) / b:.3g} del máximo, lo que falta para el "
        f"final entre `bajada`. Diste {dadas[peor] / m:.3g}."
    )


@ejercicio("05-tokens")
def _(tokens):
    if pista := no_se_llama(tokens):
        return pista
    for horas, n, pico, mfu in ((12, 5e8, 65e12, 0.3), (2000, 8e9, 312e12, 0.45)):
        dada = pedir_numero(tokens, horas, n, pico, mfu)
        buena = horas * 3600 * pico * mfu / (6 * n)
        if isclose(dada, buena, rel_tol=1e-3):
            continue
        if dada == 0:
            return "devolvió 0. Despeja D de 6ND = operaciones que hacen tus horas."
        errores = {
            1 / 3600: "el pico es por segundo y las horas tienen 3600 segundos.",
            1 / 60: "una hora tiene 3600 segundos, no 60.",
            6: "falta el 6: dos operaciones hacia adelante y cuatro hacia atrás.",
            3: "usaste 2ND, que es solo hacia adelante. Entrenar cuesta 6ND.",
            1.5: "usaste 4ND, que es solo hacia atrás. Entrenar cuesta 6ND.",
            1 / mfu: "falta el MFU: la GPU no trabaja a su máximo.",
            1 / mfu**2: "el MFU multiplica a las operaciones; no las divide.",
            100: "el MFU es una fracción, como 0.3: no lo multipliques por 100.",
            6 * n: "esas son las operaciones; divídelas entre lo que cuesta un token.",
            n: "falta dividir entre los parámetros.",
            n**2: "los parámetros dividen: un modelo mayor alcanza para menos tokens.",
            36: "el 6 divide: cada token cuesta 6 operaciones por parámetro.",
            1 / buena**2: "está al revés: son las operaciones entre 6N, no 6N entre "
            "las operaciones.",
        }
        for razon, pista in errores.items():
            if isclose(dada, buena * razon, rel_tol=1e-3):
                return pista
        if isclose(dada * pico * 3600, buena, rel_tol=1e-3):
            return "falta el pico: cuántas operaciones por segundo hace la GPU."
        return (
            f"con {horas} horas y {n:.0e} parámetros diste {dada:.3g}, no {buena:.3g}."
        )
    return None
