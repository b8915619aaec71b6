"""Comprobaciones de «Antes de entrenar»: la bajada y el costo de una predicción."""

from math import exp, isclose, isinf, isnan, log

from . import ejercicio, no_es_numero, no_se_llama
from .fallos import llamar
from .numeros import pedir_numero, suelto

# (pendiente, w de partida, tasa, pasos)
BAJADAS = [
    (lambda w: 2 * (w - 3), 5.0, 0.7, 4),
    (lambda w: 6 * w + 2, -2.0, 0.05, 5),
    (lambda w: 4 * w**3, 1.5, 0.02, 3),
]


def _bajar(pendiente, w, tasa, pasos, mueve=lambda w, g, t, k, g0: w - t * g):
    """Los pesos de una bajada; `mueve` reproduce errores conocidos."""
    camino, primera = [w], pendiente(w)
    for k in range(pasos):
        camino.append(mueve(camino[-1], pendiente(camino[-1]), tasa, k, primera))
    return camino


# Lo que hace cada error corriente en un paso, y la pista.
ERRORES_BAJAR = [
    (lambda w, g, t, k, g0: w + t * g,
     "vas cuesta arriba: la pendiente dice hacia dónde sube la pérdida, y se resta."),
    (lambda w, g, t, k, g0: w - g,
     "falta multiplicar la pendiente por la tasa."),
    (lambda w, g, t, k, g0: w - t * g0,
     "la pendiente cambia con el peso: pídela otra vez en cada paso."),
    (lambda w, g, t, k, g0: -t * g,
     "el peso nuevo es el de antes menos tasa por pendiente; falta el de antes."),
    (lambda w, g, t, k, g0: w - g / t,
     "la tasa multiplica a la pendiente; no la divide."),
    (lambda w, g, t, k, g0: w - t * (g > 0) + t * (g < 0),
     "usaste solo el signo de la pendiente; su tamaño también cuenta."),
    (lambda w, g, t, k, g0: w - t * abs(g),
     "el signo de la pendiente importa: no le quites el valor absoluto."),
    (lambda w, g, t, k, g0: w - t * w,
     "eso baja por el peso, no por la pendiente: usa `pendiente(w)`."),
    (lambda w, g, t, k, g0: w - t / (k + 1) * g,
     "aquí la tasa no cambia de un paso a otro."),
]  # fmt: skip


def _como_lista(dado):
    """La respuesta como lista de números de Python, o None si no se deja."""
    try:
        valores = [suelto(v) for v in dado]
    except TypeError:
        return None
    return None if any(no_es_numero(v) for v in valores) else valores


def _iguales(unos, otros) -> bool:
    return len(unos) == len(otros) and all(
        isclose(a, b, rel_tol=1e-5, abs_tol=1e-7)
        for a, b in zip(unos, otros, strict=True)
    )


@ejercicio("entrenar-descender")
def _(descender):
    if pista := no_se_llama(descender):
        return pista
    for pendiente, w, tasa, pasos in BAJADAS:
        dado = llamar(descender, pendiente, w, tasa, pasos)
        buena = _bajar(pendiente, w, tasa, pasos)
        if dado is None:
            return "tu función no devolvió nada. ¿Falta `return`?"
        if isinstance(suelto(dado), (int, float)):
            if isclose(suelto(dado), buena[-1], rel_tol=1e-5):
                return "ese es el último peso; se piden todos, en una lista."
            return "devolviste un número; se pide la lista de los pesos."
        mia = _como_lista(dado)
        if mia is None:
            return "se pide una lista de números: el peso de partida y uno por paso."
        if _iguales(mia, buena):
            continue
        if _iguales(mia, buena[1:]):
            return "falta el peso de partida, al comienzo de la lista."
        if _iguales(mia, buena[:-1]):
            return "falta un paso: con `pasos` pasos la lista tiene `pasos + 1` pesos."
        if _iguales(mia[:-1], buena):
            return "sobra un paso: con `pasos` pasos la lista tiene `pasos + 1` pesos."
        if _iguales(mia, [pendiente(v) for v in buena]):
            return "esas son las pendientes; se piden los pesos."
        if _iguales(mia, [w] * len(mia)):
            return (
                "el peso no se mueve: en cada paso, réstale la tasa por la pendiente."
            )
        for mueve, pista in ERRORES_BAJAR:
            mala = _bajar(pendiente, w, tasa, pasos, mueve)
            if _iguales(mia, mala) or _iguales(mia, mala[1:]):
                return pista
        if len(mia) != len(buena):
            return f"con {pasos} pasos la lista tiene {pasos + 1} pesos, no {len(mia)}."
        pares = enumerate(zip(mia, buena, strict=True))
        k = next(k for k, (a, b) in pares if not _iguales([a], [b]))
        return (
            f"desde w = {w:g}, con tasa {tasa:g}, tras {k} pasos diste {mia[k]:.4g} y "
            f"es {buena[k]:.4g}."
        )
    if _como_lista(llamar(descender, BAJADAS[0][0], 5.0, 0.1, 0)) != [5.0]:
        return "con cero pasos la lista tiene solo el peso de partida."
    return None


# --- El costo de una predicción -------------------------------------------------------

COSTOS = [
    ([2.0, 1.0, 0.5], 0),
    ([2.0, 1.0, 0.0], 2),
    ([-1.0, 0.5, 3.0, 0.2], 1),
    ([0.3, -4.0], 1),
    ([1.0, 1.0, 1.0, 1.0, 1.0], 4),
]
GRANDES = [([1000.0, 998.0, 0.0], 1), ([-1000.0, -1001.0], 0)]


def _costo(logits, sigue):
    mayor = max(logits)
    return log(sum(exp(z - mayor) for z in logits)) + mayor - logits[sigue]


def _errores_de_costo(logits, sigue):
    """Lo que dan los errores corrientes, y la pista de cada uno."""
    total, n = sum(map(exp, logits)), len(logits)
    p = [exp(z) / total for z in logits]
    buena, mayor = -log(p[sigue]), logits.index(max(logits))
    suma = sum(logits)
    return [
        (p[sigue], "esa es la probabilidad; falta el menos logaritmo."),
        (-buena, "falta el signo: el logaritmo de una probabilidad es negativo."),
        (1 - p[sigue], "se pide menos el logaritmo, no 1 menos la probabilidad."),
        (-logits[sigue], "ese es el logit cambiado de signo: falta la softmax."),
        (logits[sigue], "ese es el logit: falta pasarlo por la softmax."),
        (-exp(logits[sigue]), "falta dividir entre la suma de las exponenciales."),
        (log(total), "falta restar el logit del que sigue."),
        (log(total) + logits[sigue], "el logit del que sigue se resta, no se suma."),
        (buena / log(2), "eso está en bits; se pide con logaritmo natural."),
        (buena / log(10), "usaste el logaritmo de base diez; se pide el natural."),
        (-log(p[mayor]), "mide el que sigue de verdad, no el más probable."),
        (-log(p[sigue - 1]), "tomaste otro lugar: `sigue` cuenta desde cero."),
        (-sum(q * log(q) for q in p),
         "esa es la entropía de todas; aquí solo cuenta la del que sigue."),
        (-sum(map(log, p)), "no sumes las de todas: solo cuenta la del que sigue."),
        (-sum(map(log, p)) / n, "no promedies las de todas: cuenta la del que sigue."),
        (buena / n, "no dividas entre el número de opciones: es una sola predicción."),
        (-log(logits[sigue] / suma) if suma and logits[sigue] / suma > 0 else None,
         "dividiste los logits entre su suma: falta la exponencial."),
    ]  # fmt: skip


@ejercicio("entrenar-costo")
def _(costo):
    if pista := no_se_llama(costo):
        return pista
    for logits, sigue in COSTOS:
        try:
            dado = pedir_numero(costo, logits, sigue)
        except ValueError as error:
            if "math domain" in str(error) or "positive" in str(error):
                return (
                    f"con {logits} pides el logaritmo de un número que no es positivo: "
                    "primero exponencial, después dividir, y el logaritmo al final."
                )
            raise
        buena = _costo(logits, sigue)
        if isclose(dado, buena, rel_tol=1e-5, abs_tol=1e-6):
            continue
        for malo, pista in _errores_de_costo(logits, sigue):
            if malo is not None and isclose(dado, malo, rel_tol=1e-5, abs_tol=1e-6):
                return pista
        if any(abs(dado - round(buena, k)) < 1e-9 for k in range(4)):
            return "no redondees dentro de la función."
        return f"con {logits} y sigue = {sigue} diste {dado:.4g} y es {buena:.4g}."
    que = "con logits grandes la exponencial se desborda: réstales antes el mayor"
    for logits, sigue in GRANDES:
        try:
            dado = suelto(llamar(costo, logits, sigue))
        except (OverflowError, ZeroDivisionError, ValueError):
            return f"{que}; la softmax no cambia."
        if isinstance(dado, float) and (isnan(dado) or isinf(dado)):
            return f"{que}; la softmax no cambia. Ahora da {dado}."
        if not isclose(dado, _costo(logits, sigue), rel_tol=1e-4, abs_tol=1e-6):
            return f"{que}: con {logits} diste {dado:.4g}."
    return None
