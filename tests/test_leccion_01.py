"""Los ejercicios de la lección 01: respuestas buenas, y errores con su pista."""

import re
from itertools import pairwise

import pytest
from respuestas import pruebas_de

from taller.ejercicios import revisar


def _total(codificar, frases):
    return sum(len(codificar(f)) for f in frases)


def _fundir(piezas, par):
    nuevas = []
    for pieza in piezas:
        if nuevas and (nuevas[-1], pieza) == par:
            nuevas[-1] += pieza
        else:
            nuevas.append(pieza)
    return tuple(nuevas)


def _con_indice(piezas, par):
    nuevas, i = (), 0
    while i < len(piezas):
        salto = 2 if piezas[i : i + 2] == par else 1
        nuevas, i = (*nuevas, b"".join(piezas[i : i + salto])), i + salto
    return nuevas


def _recursiva(piezas, par):
    if len(piezas) < 2:
        return tuple(piezas)
    if (piezas[0], piezas[1]) == par:
        return (piezas[0] + piezas[1], *_recursiva(piezas[2:], par))
    return (piezas[0], *_recursiva(piezas[1:], par))


def _solo_la_primera(piezas, par):
    for i in range(len(piezas) - 1):
        if piezas[i : i + 2] == par:
            return (*piezas[:i], par[0] + par[1], *piezas[i + 2 :])
    return piezas


def _solapa(piezas, par):
    nuevas = []
    for i, pieza in enumerate(piezas):
        if piezas[i : i + 2] == par:
            nuevas.append(par[0] + par[1])
        elif i == 0 or piezas[i - 1 : i + 1] != par:
            nuevas.append(pieza)
    return tuple(nuevas)


def _sin_saltar(piezas, par):
    nuevas = [a + b if (a, b) == par else a for a, b in pairwise(piezas)]
    return (*nuevas, *piezas[-1:])


def _pierde_la_ultima(piezas, par):
    nuevas, i = [], 0
    while i < len(piezas) - 1:
        salto = 2 if piezas[i : i + 2] == par else 1
        nuevas.append(b"".join(piezas[i : i + salto]))
        i += salto
    return tuple(nuevas)


def _pegadas(piezas, par):
    nuevas = []
    for pieza in piezas:
        if nuevas and nuevas[-1] + pieza == b"".join(par):
            nuevas[-1] += pieza
        else:
            nuevas.append(pieza)
    return tuple(nuevas)


def _en_bytes(piezas, par):
    return _fundir(tuple(bytes([x]) for x in b"".join(piezas)), par)


def _del_final(piezas, par):
    vuelta = _fundir_al_reves(list(piezas), par)
    return tuple(vuelta)


def _fundir_al_reves(piezas, par):
    i = len(piezas) - 2
    while i >= 0:
        if (piezas[i], piezas[i + 1]) == par:
            piezas[i : i + 2] = [par[0] + par[1]]
            i -= 1
        i -= 1
    return piezas


def _con_indice_de_mas(piezas, par):
    return tuple(
        piezas[i] + piezas[i + 1] if (piezas[i], piezas[i + 1]) == par else piezas[i]
        for i in range(len(piezas))
    )


def _vacia_la_lista(piezas):
    texto = b""
    while piezas:
        texto += piezas.pop(0)
    return texto.decode("utf-8", errors="replace")


def _suma_a_mano(codificar, frases, referencia):
    propios = ajenos = 0
    for una, otra in zip(frases, referencia, strict=True):
        propios += len(codificar(una))
        ajenos += len(codificar(otra))
    return propios / ajenos


BUENAS = [
    ("01-fundir", _fundir),
    ("01-fundir", _con_indice),
    ("01-fundir", _recursiva),
    ("01-decodificar", lambda p: b"".join(p).decode("utf-8", errors="replace")),
    ("01-decodificar", lambda p: str(b"".join(p), "utf-8", "replace")),
    (
        "01-decodificar",
        lambda p: bytes(x for t in p for x in t).decode(errors="replace"),
    ),
    ("01-fertilidad", lambda c, t: len(c(t)) / len(t.split())),
    ("01-fertilidad", lambda c, t: len(c(t)) / len(re.findall(r"\S+", t))),
    ("01-fertilidad", lambda c, t: sum(1 for _ in c(t)) / sum(1 for _ in t.split())),
    ("01-prima", lambda c, a, b: _total(c, a) / _total(c, b)),
    ("01-prima", _suma_a_mano),
    ("01-prima", lambda c, a, b: len([x for f in a for x in c(f)]) / _total(c, b)),
]
ERRORES = [
    ("01-fundir", lambda p, par: p, "no fundiste nada"),
    ("01-fundir", _solo_la_primera, "solo la primera"),
    ("01-fundir", _solapa, "salta las dos"),
    ("01-fundir", _sin_saltar, "se repiten letras"),
    ("01-fundir", _pierde_la_ultima, "se pierden"),
    ("01-fundir", _pegadas, "pieza por pieza"),
    ("01-fundir", _en_bytes, "separaste en bytes"),
    ("01-fundir", _del_final, "de izquierda a derecha"),
    ("01-fundir", lambda p, par: list(_fundir(p, par)), "Devuelve una tupla"),
    ("01-fundir", lambda p, par: b"".join(p), "pegaste todo"),
    ("01-fundir", lambda p, par: _fundir(p, (b"l", b"a")), "no fundiste nada"),
    ("01-fundir", lambda p, par: p.replace(par, b"la"), "«replace»"),
    ("01-fundir", _con_indice_de_mas, "una posición que no existe"),
    ("01-fundir", lambda p, par: None, "return"),
    ("01-decodificar", lambda p: "".join(map(str, p)), "`str` la describe"),
    ("01-decodificar", lambda p: "".join(x.decode() for x in p), "media letra"),
    ("01-decodificar", lambda p: "".join(p), "b''.join"),
    ("01-decodificar", lambda p: b"".join(p), ".decode"),
    ("01-decodificar", lambda p: b"".join(p).decode(), "`errors`"),
    ("01-decodificar", lambda p: b"".join(p).decode(errors="ignore"), "sin aviso"),
    ("01-decodificar", lambda p: b"".join(p).decode("latin-1"), "UTF-8"),
    ("01-decodificar", _vacia_la_lista, "cambia la lista"),
    ("01-decodificar", lambda p: b" ".join(p).decode(), "se esperaba"),
    ("01-decodificar", lambda p: p[0].decode(), "se esperaba"),
    ("01-fertilidad", lambda c, t: 0, "devolvió 0"),
    ("01-fertilidad", lambda c, t: len(t.split()) / len(c(t)), "al revés"),
    ("01-fertilidad", lambda c, t: len(c(t)) / len(t), "caracteres"),
    ("01-fertilidad", lambda c, t: len(c(t)) / len(t.split(" ")), "espacios dobles"),
    ("01-fertilidad", lambda c, t: len(c(t)) // len(t.split()), "decimales"),
    ("01-fertilidad", lambda c, t: round(len(c(t)) / len(t.split()), 2), "decimales"),
    ("01-fertilidad", lambda c, t: len(t) / len(t.split()), "usa la función"),
    (
        "01-fertilidad",
        lambda c, t: _total(c, t.split()) / len(t.split()),
        "palabra por palabra",
    ),
    (
        "01-fertilidad",
        lambda c, t: len(c(t)) / len(re.findall(r"\w+", t)),
        "entre espacios",
    ),
    ("01-fertilidad", lambda c, t: len(c(t)), "falta dividir"),
    ("01-fertilidad", lambda c, t: c(t) / len(t.split()), "tipos"),
    ("01-fertilidad", lambda c, t: str(len(c(t)) / len(t.split())), "un número"),
    ("01-prima", lambda c, a, b: _total(c, b) / _total(c, a), "al revés"),
    ("01-prima", lambda c, a, b: len(c(a)) / len(c(b)), "cuentas frases"),
    ("01-prima", lambda c, a, b: _total(c, a) / _total(c, b) - 1, "la razón misma"),
    ("01-prima", lambda c, a, b: len(c(a[0])) / len(c(b[0])), "una sola frase"),
    ("01-prima", lambda c, a, b: len(c(" ".join(a))) / len(c(" ".join(b))), "espacios"),
    ("01-prima", lambda c, a, b: round(_total(c, a) / _total(c, b), 1), "no redondees"),
    ("01-prima", lambda c, a, b: _total(len, a) / _total(len, b), "tipos"),
    ("01-prima", lambda c, a, b: len("".join(a)) / len("".join(b)), "usa la función"),
    (
        "01-prima",
        lambda c, a, b: _total(c, a) / _total(c, [b.pop(), b.pop()]),
        "listas",
    ),
    (
        "01-prima",
        lambda c, a, b: sum(len(x) / len(y) for x, y in zip(a, b, strict=True)) / 2,
        "promediaste",
    ),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)


@pytest.mark.parametrize("ejercicio", sorted({e for e, _ in BUENAS}))
def test_sin_parentesis(ejercicio):
    assert "sin llamarla" in revisar(ejercicio, 3.5)
