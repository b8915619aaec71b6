"""La lección 08: respuestas buenas y malas de sus tres ejercicios."""

import torch
from respuestas import pruebas_de


def _rango(valores, parte):
    energia = (valores**2).cumsum(0)
    return int((energia < parte * energia[-1] - 1e-6).sum()) + 1


def _rango_con_bucle(valores, parte):
    cuadrados = [float(v) ** 2 for v in valores]
    for r in range(1, len(cuadrados) + 1):
        if sum(cuadrados[:r]) >= parte * sum(cuadrados):
            return r


def _rango_buscando(valores, parte):
    acumulada = (valores.double() ** 2).cumsum(0) / (valores.double() ** 2).sum()
    return torch.searchsorted(acumulada, parte - 1e-9) + 1


def _sin_cuadrado(valores, parte):
    suma = valores.cumsum(0)
    return int((suma < parte * suma[-1] - 1e-6).sum()) + 1


def _eleva_lo_recibido(valores, parte):
    valores **= 2
    return int((valores.cumsum(0) < parte * valores.sum() - 1e-6).sum()) + 1


def _entrenables(formas, capas, r):
    usadas = [f for nombre, f in formas.items() if nombre.rsplit(".", 1)[1] in capas]
    return sum(r * (entrada + salida) for entrada, salida in usadas)


def _entrenables_por_nombre(formas, capas, r):
    total = 0
    for nombre, (entrada, salida) in formas.items():
        if nombre.endswith(tuple(capas)):
            total += torch.empty(r, entrada).numel() + torch.empty(salida, r).numel()
    return torch.tensor(total)


def _entrenables_por_capa(formas, capas, r):
    return r * sum(
        sum(f) for c in capas for n, f in formas.items() if c == n[-len(c) :]
    )


def _suma(cuenta):
    def responder(formas, capas, r):
        usadas = [f for n, f in formas.items() if n.split(".")[-1] in capas]
        return sum(cuenta(e, s, r) for e, s in usadas)

    return responder


def _contiene(formas, capas, r):
    return sum(r * sum(f) for n, f in formas.items() if any(c in n for c in capas))


def _saca_del_diccionario(formas, capas, r):
    total = 0
    for nombre in list(formas):
        if nombre.split(".")[-1] in capas:
            total += r * sum(formas.pop(nombre))
    return total


def _una_por_capa(formas, capas, r):
    return sum(r * sum(formas[f"bloque.0.{c}"]) for c in capas)


def _suma_dentro(W, A, B, alfa, r):
    W += alfa / r * B @ A
    return W


def _por_columnas(W, A, B, alfa, r):
    nueva = W.clone()
    for i in range(r):
        nueva += alfa / r * torch.outer(B[:, i], A[i])
    return nueva


def _con(escala):
    return lambda W, A, B, alfa, r: W + escala(alfa, r) * B @ A


BUENAS = [
    ("08-rango-energia", _rango),
    ("08-rango-energia", _rango_con_bucle),
    ("08-rango-energia", _rango_buscando),
    ("08-entrenables", _entrenables),
    ("08-entrenables", _entrenables_por_nombre),
    ("08-entrenables", _entrenables_por_capa),
    ("08-fusionar", lambda W, A, B, alfa, r: W + alfa / r * B @ A),
    ("08-fusionar", lambda W, A, B, alfa, r: torch.addmm(W, B, A, alpha=alfa / r)),
    ("08-fusionar", _por_columnas),
]
ERRORES = [
    ("08-rango-energia", lambda v, p: len(v), "devolviste todos"),
    ("08-rango-energia", _sin_cuadrado, "suma sus cuadrados"),
    ("08-rango-energia", lambda v, p: _rango(v, p) - 1, "te falta uno"),
    ("08-rango-energia", lambda v, p: _rango(v, p) + 1, "sobra uno"),
    ("08-rango-energia", lambda v, p: _rango(v, 0.9), "la parte que recibes"),
    ("08-rango-energia", lambda v, p: _rango(v.flip(0), p), "desde el final"),
    ("08-rango-energia", _eleva_lo_recibido, "cambió los datos"),
    ("08-rango-energia", lambda v, p: p, "un número entero"),
    ("08-rango-energia", lambda v, p: (v**2).cumsum(0), "devolvió un Tensor"),
    ("08-rango-energia", lambda v, p: 1, "dijiste 1 y es 3"),
    (
        "08-rango-energia",
        lambda v, p: next(i for i, x in enumerate(v) if x < 0),
        "más de los que hay",
    ),
    ("08-rango-energia", lambda v, p: v[len(v)], "posición que no existe"),
    ("08-entrenables", _contiene, "`endswith`"),
    ("08-entrenables", _suma(lambda e, s, r: e + s), "por el rango"),
    ("08-entrenables", _suma(lambda e, s, r: e * s), "los pesos de las matrices"),
    ("08-entrenables", _suma(lambda e, s, r: r * e * s), "se suman"),
    ("08-entrenables", _suma(lambda e, s, r: r * e), "solo una de las dos"),
    ("08-entrenables", _suma(lambda e, s, r: 2 * r * e), "no miden lo mismo"),
    ("08-entrenables", _suma(lambda e, s, r: e * s + r * (e + s)), "W está quieta"),
    ("08-entrenables", _suma(lambda e, s, r: 4 * (e + s)), "el rango que recibes"),
    (
        "08-entrenables",
        lambda f, c, r: sum(r * sum(x) for x in f.values()),
        "todas las matrices",
    ),
    ("08-entrenables", lambda f, c, r: _entrenables(f, c[:1], r), "no una sola"),
    ("08-entrenables", _una_por_capa, "una por bloque"),
    (
        "08-entrenables",
        lambda f, c, r: sum(r * sum(x) for n, x in f.items() if n in c),
        "salió 0",
    ),
    ("08-entrenables", _saca_del_diccionario, "cambió los datos"),
    ("08-entrenables", lambda f, c, r: sum(r * sum(f[x]) for x in c), "la clave"),
    ("08-fusionar", lambda W, A, B, alfa, r: W, "sin el adaptador"),
    ("08-fusionar", _con(lambda a, r: 1), "falta la escala"),
    ("08-fusionar", _con(lambda a, r: a), "falta dividir entre r"),
    ("08-fusionar", _con(lambda a, r: 1 / r), "falta multiplicar por alfa"),
    ("08-fusionar", _con(lambda a, r: r / a), "está al revés"),
    ("08-fusionar", _con(lambda a, r: a / r**0.5), "rsLoRA"),
    ("08-fusionar", _con(lambda a, r: a // r), "división entera"),
    ("08-fusionar", _con(lambda a, r: 2.5), "no siempre es 2,5"),
    ("08-fusionar", _con(lambda a, r: -a / r), "no se resta"),
    ("08-fusionar", lambda W, A, B, a, r: a / r * B @ A, "falta sumarla"),
    ("08-fusionar", lambda W, A, B, a, r: a / r * (W + B @ A), "no a W"),
    ("08-fusionar", lambda W, A, B, a, r: W + a / r * A @ B, "el producto es B @ A"),
    ("08-fusionar", lambda W, A, B, a, r: W + a / r * B * A, "el producto es B @ A"),
    ("08-fusionar", lambda W, A, B, a, r: (W + a / r * B @ A).T, "tiene forma"),
    ("08-fusionar", _suma_dentro, "cambió los datos"),
    ("08-fusionar", lambda W, A, B, a, r: W.tolist(), "devolvió un list"),
    ("08-fusionar", lambda W, A, B, a: W, "más o menos argumentos"),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)
