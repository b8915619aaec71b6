"""La lección «Antes de ajustar»: respuestas buenas y malas de sus dos ejercicios."""

import math
from collections import Counter

import numpy as np
from respuestas import pruebas_de
from sklearn.metrics import cohen_kappa_score


def _empate(entrenar, corto, largo):
    if largo <= corto:
        return None
    return math.ceil(3 * entrenar / (largo - corto))


def _empate_con_numpy(entrenar, corto, largo):
    return np.ceil(3 * entrenar / (largo - corto)) if largo > corto else None


def _empate_contando(entrenar, corto, largo):
    if largo <= corto:
        return None
    n = 0
    while 3 * entrenar + n * corto > n * largo:
        n += 1
    return n


def _sin_casos(cuenta):
    """La misma cuenta, con None donde no se empata."""
    return lambda e, c, g: cuenta(e, c, g) if g > c else None


def _observado(una, otra):
    return sum(a == b for a, b in zip(una, otra, strict=True)) / len(una)


def _azar(una, otra):
    return sum(una.count(c) * otra.count(c) for c in set(una)) / len(una) ** 2


def _kappa(una, otra):
    e = _azar(una, otra)
    return None if e == 1 else (_observado(una, otra) - e) / (1 - e)


def _kappa_de_sklearn(una, otra):
    if len(set(una) | set(otra)) == 1:
        return None
    return cohen_kappa_score(una, otra)


def _kappa_con_contadores(una, otra):
    a, b, n = Counter(una), Counter(otra), len(una)
    azar = sum(a[c] / n * (b[c] / n) for c in a)
    if math.isclose(azar, 1):
        return None
    return 1 - (1 - _observado(una, otra)) / (1 - azar)


def _kappa_con_azar(azar):
    def mia(una, otra):
        e = azar(una, otra)
        return (_observado(una, otra) - e) / (1 - e)

    return mia


def _cambia_la_lista(una, otra):
    una.reverse()
    return 0.5


EMPATAR, KAPPA = "antes-empatar", "antes-kappa"
BUENAS = {
    EMPATAR: [_empate, _empate_con_numpy, _empate_contando],
    KAPPA: [_kappa, _kappa_de_sklearn, _kappa_con_contadores],
}
ERRORES = [
    (EMPATAR, _sin_casos(lambda e, c, g: math.ceil(e / (g - c))), "el triple que"),
    (EMPATAR, lambda e, c, g: e / g, "falta el triple"),
    (EMPATAR, lambda e, c, g: math.ceil(3 * e / g), "también paga"),
    (EMPATAR, lambda e, c, g: math.ceil(3 * e / c), "no entre lo que se paga"),
    (EMPATAR, lambda e, c, g: math.ceil(3 * e / (g + c)), "una resta"),
    (EMPATAR, _sin_casos(lambda e, c, g: math.ceil(e / (3 * (g - c)))), "una vez"),
    (EMPATAR, _sin_casos(lambda e, c, g: (g - c) / (3 * e)), "al revés"),
    (EMPATAR, _sin_casos(lambda e, c, g: 3 * e / (g - c)), "se piden enteras"),
    (EMPATAR, _sin_casos(lambda e, c, g: 3 * e // (g - c)), "redondea hacia arriba"),
    (EMPATAR, _sin_casos(lambda e, c, g: 3 * e // (g - c) + 1), "no sumes una más"),
    (EMPATAR, lambda e, c, g: math.ceil(3 * e / (g - c)), "no se empata: None"),
    (EMPATAR, lambda e, c, g: math.ceil(3 * e / ((g - c) or 1)), "nunca se paga"),
    (EMPATAR, lambda e, c, g: _empate(e, c, g) or 0, "nunca se paga"),
    (EMPATAR, lambda e, c, g: None, "aquí sí se empata"),
    (EMPATAR, lambda e, c, g: str(_empate(e, c, g)), "debe devolver un número"),
    (EMPATAR, lambda e, c, g: 12, "son 5000"),
    (EMPATAR, 5000, "pasa la función misma"),
    (KAPPA, _observado, "falta descontar"),
    (KAPPA, lambda a, b: 1 - _observado(a, b), "no coinciden"),
    (KAPPA, _azar, "se espera por azar"),
    (KAPPA, lambda a, b: _observado(a, b) - _azar(a, b), "falta dividir"),
    (
        KAPPA,
        lambda a, b: (_observado(a, b) - _azar(a, b)) / _azar(a, b),
        "no entre él",
    ),
    (
        KAPPA,
        _kappa_con_azar(lambda a, b: 1 / len(set(a) | set(b))),
        "igual de frecuentes",
    ),
    (
        KAPPA,
        _kappa_con_azar(
            lambda a, b: (
                sum((a + b).count(c) ** 2 for c in set(a + b)) / (2 * len(a)) ** 2
            )
        ),
        "juntaste",
    ),
    (KAPPA, _kappa_con_azar(lambda a, b: _azar(a, a)), "de una misma persona"),
    (
        KAPPA,
        _kappa_con_azar(
            lambda a, b: sum(a.count(c) * b.count(c) for c in "bm") / len(a) ** 2
        ),
        "sácalas de las listas",
    ),
    (KAPPA, _kappa_con_azar(lambda a, b: _azar(a, b) * len(a)), "dos veces"),
    (KAPPA, lambda a, b: max(0.0, _kappa(a, b)), "No la recortes"),
    (KAPPA, lambda a, b: abs(_kappa(a, b)), "No la recortes"),
    (KAPPA, lambda a, b: -_kappa(a, b), "al revés"),
    (KAPPA, lambda a, b: 100 * _kappa(a, b), "porcentaje"),
    (KAPPA, lambda a, b: round(_kappa(a, b), 2), "no redondees"),
    (KAPPA, _kappa_con_azar(_azar), "divide entre cero"),
    (KAPPA, lambda a, b: cohen_kappa_score(a, b) if set(a + b) - {"b"} else 1.0, "1.0"),
    (
        KAPPA,
        lambda a, b: _kappa(a, b) if _azar(a, b) < 1 else float("nan"),
        "no nan",
    ),
    (KAPPA, _cambia_la_lista, "cambió los datos"),
    (KAPPA, lambda a, b: 0.123, "devolviste 0.123"),
    (KAPPA, lambda a, b: str(_kappa(a, b)), "debe devolver un número"),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)
