"""Los ejercicios de la lección 01: cada error típico recibe la pista que le sirve."""

from unicodedata import combining, normalize

import pytest

from taller.ejercicios import revisar


def _total(codificar, frases):
    return sum(len(codificar(f)) for f in frases)


def _sin_tildes(texto):
    return "".join(c for c in normalize("NFD", texto) if not combining(c))


BUENAS = {
    "01-normalizar": lambda t: normalize("NFC", t),
    "01-decodificar": lambda p: b"".join(p).decode("utf-8", errors="replace"),
    "01-fertilidad": lambda c, t: len(c(t)) / len(t.split()),
    "01-prima": lambda c, a, b: _total(c, a) / _total(c, b),
}
ERRORES = [
    ("01-normalizar", lambda t: t, "siguen separadas"),
    ("01-normalizar", _sin_tildes, "borra tildes"),
    ("01-normalizar", lambda t: normalize("NFKC", t), "formas con K"),
    ("01-normalizar", lambda t: normalize("NFC", t).lower(), "mayúsculas"),
    ("01-normalizar", lambda t: normalize("NFC", t).strip(), "espacios"),
    ("01-normalizar", lambda t: t.replace("o\u0301", "ó"), "letras partidas"),
    ("01-normalizar", lambda t: None, "return"),
    ("01-decodificar", lambda p: "".join(map(str, p)), "`str` la describe"),
    ("01-decodificar", lambda p: "".join(x.decode() for x in p), "media letra"),
    ("01-decodificar", lambda p: "".join(p), "b''.join"),
    ("01-decodificar", lambda p: b"".join(p), ".decode"),
    ("01-decodificar", lambda p: b"".join(p).decode(), "`errors`"),
    ("01-decodificar", lambda p: b"".join(p).decode(errors="ignore"), "sin aviso"),
    ("01-decodificar", lambda p: b"".join(p).decode("latin-1"), "UTF-8"),
    ("01-fertilidad", lambda c, t: 0, "devolvió 0"),
    ("01-fertilidad", lambda c, t: len(t.split()) / len(c(t)), "al revés"),
    ("01-fertilidad", lambda c, t: len(c(t)) / len(t), "caracteres"),
    ("01-fertilidad", lambda c, t: len(c(t)) / len(t.split(" ")), "espacios dobles"),
    ("01-fertilidad", lambda c, t: len(c(t)) // len(t.split()), "decimales"),
    ("01-fertilidad", lambda c, t: 24 / 7, "usa la función"),
    ("01-prima", lambda c, a, b: _total(c, b) / _total(c, a), "al revés"),
    ("01-prima", lambda c, a, b: len(c(a)) / len(c(b)), "cuentas frases"),
    ("01-prima", lambda c, a, b: _total(c, a) / _total(c, b) - 1, "la razón misma"),
    (
        "01-prima",
        lambda c, a, b: sum(len(x) / len(y) for x, y in zip(a, b, strict=True)) / 2,
        "promediaste",
    ),
]


@pytest.mark.parametrize("ejercicio", BUENAS)
def test_la_respuesta_buena_pasa(ejercicio):
    assert revisar(ejercicio, BUENAS[ejercicio]) is None


@pytest.mark.parametrize(("ejercicio", "respuesta", "pista"), ERRORES)
def test_cada_error_tipico_recibe_su_pista(ejercicio, respuesta, pista):
    assert pista in revisar(ejercicio, respuesta)


@pytest.mark.parametrize("ejercicio", BUENAS)
def test_sin_parentesis(ejercicio):
    assert "sin llamarla" in revisar(ejercicio, 3.5)
