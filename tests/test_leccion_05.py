"""La lección 05: respuestas buenas y malas de sus tres ejercicios."""

from math import cos, pi

import numpy as np
import torch
from respuestas import pruebas_de


def _filas(documentos, largo, inicio, fin):
    tira = [i for doc in documentos for i in (inicio, *doc, fin)]
    cortes = range(0, len(tira) - largo, largo)
    return [(tira[k : k + largo], tira[k + 1 : k + largo + 1]) for k in cortes]


def _filas_con_tensores(documentos, largo, inicio, fin):
    tira = torch.tensor(sum(([inicio, *d, fin] for d in documentos), []))
    n = (len(tira) - 1) // largo
    entradas = tira[: n * largo].view(n, largo)
    objetivos = tira[1 : n * largo + 1].view(n, largo)
    return list(zip(entradas, objetivos, strict=True))


def _filas_con_while(documentos, largo, inicio, fin):
    tira = []
    for doc in documentos:
        tira.append(inicio)
        tira.extend(doc)
        tira.append(fin)
    pares, k = [], 0
    while k + largo + 1 <= len(tira):
        fila = tira[k : k + largo + 1]
        pares.append((tuple(fila[:-1]), np.array(fila[1:])))
        k += largo
    return tuple(pares)


def _tira(documentos, inicio, fin):
    return [i for doc in documentos for i in (inicio, *doc, fin)]


def _pares(tira, largo, cortes):
    return [(tira[k : k + largo], tira[k + 1 : k + largo + 1]) for k in cortes]


def _por_documento(documentos, largo, inicio, fin):
    return [p for d in documentos for p in _filas([d], largo, inicio, fin)]


def _sin_descartar(documentos, largo, inicio, fin):
    tira = _tira(documentos, inicio, fin)
    return _pares(tira, largo, range(0, len(tira), largo))


def _cambia_documentos(documentos, largo, inicio, fin):
    for doc in documentos:
        doc.insert(0, inicio)
        doc.append(fin)
    tira = sum(documentos, [])
    return _pares(tira, largo, range(0, len(tira) - largo, largo))


def _una_menos(documentos, largo, inicio, fin):
    tira = _tira(documentos, inicio, fin)
    return _pares(tira, largo, range(0, len(tira) - largo - 1, largo))


def _objetivo_con_vuelta(documentos, largo, inicio, fin):
    return [(e, e[1:] + e[:1]) for e, _ in _filas(documentos, largo, inicio, fin)]


def _dos_listas(documentos, largo, inicio, fin):
    return tuple(map(list, zip(*_filas(documentos, largo, inicio, fin), strict=True)))


def _trapecio(paso, pasos, maxima, subida, bajada):
    return maxima * min(1, paso / subida, (pasos - paso) / bajada)


def _trapecio_por_casos(paso, pasos, maxima, subida, bajada):
    if paso < subida:
        return maxima * paso / subida
    if paso > pasos - bajada:
        return maxima * (pasos - paso) / bajada
    return maxima


def _con_coseno(paso, pasos, maxima, subida, bajada):
    if paso < subida:
        return maxima * paso / subida
    avance = max(0, paso - (pasos - bajada)) / bajada
    return maxima * (1 + cos(pi * avance)) / 2


def _tokens(horas, parametros, pico, mfu):
    return horas * 3600 * pico * mfu / (6 * parametros)


BUENAS = [
    ("05-filas", _filas),
    ("05-filas", _filas_con_tensores),
    ("05-filas", _filas_con_while),
    ("05-trapecio", _trapecio),
    ("05-trapecio", _trapecio_por_casos),
    (
        "05-trapecio",
        lambda k, n, m, s, b: m * np.interp(k, [0, s, n - b, n], [0, 1, 1, 0]),
    ),
    ("05-tokens", _tokens),
    ("05-tokens", lambda h, n, p, mfu: h * 60 * 60 * p * mfu / 6 / n),
    ("05-tokens", lambda h, n, p, mfu: torch.tensor(h * 600 * p * mfu / n)),
]
ERRORES = [
    ("05-filas", _por_documento, "cortas cada documento por su lado"),
    ("05-filas", lambda d, n, i, f: _filas(d, 4, i, f), "toda fila mide `largo`"),
    ("05-filas", lambda d, n, i, f: _filas(d, n, 1, 2), "no 1 y 2"),
    ("05-filas", lambda d, n, i, f: _filas(d, n, f, i), "separadores están al revés"),
    ("05-filas", _sin_descartar, "miden lo mismo"),
    ("05-filas", _cambia_documentos, "cambió los datos"),
    ("05-filas", _una_menos, "falta la última fila"),
    ("05-filas", _objetivo_con_vuelta, "también en la última"),
    ("05-filas", _dos_listas, "una lista de pares"),
    (
        "05-filas",
        lambda d, n, i, f: [(e, e) for e, _ in _filas(d, n, i, f)],
        "corrido un lugar",
    ),
    (
        "05-filas",
        lambda d, n, i, f: [(o, e) for e, o in _filas(d, n, i, f)],
        "están cambiados",
    ),
    (
        "05-filas",
        lambda d, n, i, f: _pares(t := sum(d, []), n, range(0, len(t) - n, n)),
        "faltan los separadores",
    ),
    (
        "05-filas",
        lambda d, n, i, f: _pares(
            t := [x for y in d for x in (*y, f)], n, range(0, len(t) - n, n)
        ),
        "falta `inicio`",
    ),
    (
        "05-filas",
        lambda d, n, i, f: _pares(t := [i, *sum(d, []), f], n, range(0, len(t) - n, n)),
        "no solo en los extremos",
    ),
    (
        "05-filas",
        lambda d, n, i, f: _pares(t := _tira(d, i, f), n, range(0, len(t) - n, n + 1)),
        "no en `largo + 1`",
    ),
    (
        "05-filas",
        lambda d, n, i, f: _pares(t := _tira(d, i, f), n, range(len(t) - n)),
        "se pisan",
    ),
    ("05-filas", lambda d, n, i, f: (x for x in d), "devolviste un generator"),
    ("05-filas", lambda d, n, i, f: "".join(d), "texto y número"),
    ("05-trapecio", lambda k, n, m, s, b: m, "siempre vale el máximo"),
    ("05-trapecio", lambda k, n, m, s, b: _trapecio(k, n, 1, s, b), "por `maxima`"),
    ("05-trapecio", lambda k, n, m, s, b: m * min(1, k / s), "falta la bajada"),
    ("05-trapecio", lambda k, n, m, s, b: m * min(1, (n - k) / b), "falta la subida"),
    ("05-trapecio", _con_coseno, "un coseno"),
    (
        "05-trapecio",
        lambda k, n, m, s, b: m * min(1, (k + 1) / s, (n - k) / b),
        "en el paso 0 la tasa vale 0",
    ),
    (
        "05-trapecio",
        lambda k, n, m, s, b: _trapecio(k, n, m, s, s),
        "la tuya dura `subida`",
    ),
    (
        "05-trapecio",
        lambda k, n, m, s, b: m * min(1, k / s, (n - k) / (n - s)),
        "solo los últimos",
    ),
    ("05-trapecio", lambda k, n, m, s, b: _trapecio(k, 40, m, 8, 10), "con 100 pasos"),
    ("05-trapecio", lambda k, n, m, s, b: m * min(1, k // s, (n - k) // b), "«//»"),
    ("05-trapecio", lambda k, n, m, s, b: [m * k / s], "debe devolver un número"),
    ("05-trapecio", lambda k, n, m, s, b: m * s / k, "entre cero"),
    ("05-trapecio", lambda k, n, m, s: m, "más o menos argumentos"),
    ("05-tokens", lambda h, n, p, mfu: h * p * mfu / (6 * n), "3600 segundos"),
    ("05-tokens", lambda h, n, p, mfu: h * 60 * p * mfu / (6 * n), "no 60"),
    ("05-tokens", lambda h, n, p, mfu: h * 3600 * p * mfu / n, "falta el 6"),
    ("05-tokens", lambda h, n, p, mfu: h * 3600 * p * mfu / (2 * n), "2ND"),
    ("05-tokens", lambda h, n, p, mfu: h * 3600 * p / (6 * n), "falta el MFU"),
    ("05-tokens", lambda h, n, p, mfu: h * 3600 * p / mfu / (6 * n), "no las divide"),
    ("05-tokens", lambda h, n, p, mfu: h * 3600 * p * mfu, "esas son las operaciones"),
    ("05-tokens", lambda h, n, p, mfu: h * 3600 * p * mfu / 6, "entre los parámetros"),
    ("05-tokens", lambda h, n, p, mfu: 6 * h * 3600 * p * mfu / n, "el 6 divide"),
    ("05-tokens", lambda h, n, p, mfu: 1 / _tokens(h, n, p, mfu), "al revés"),
    ("05-tokens", lambda h, n, p, mfu: _tokens(h, n, 65e12, mfu), "con 2000 horas"),
    ("05-tokens", lambda h, n, p, mfu: h * mfu / (6 * n), "falta el pico"),
    ("05-tokens", lambda h, n, p, mfu: f"{_tokens(h, n, p, mfu)}", "devolvió un str"),
    ("05-tokens", 3e9, "sin llamarla"),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)
