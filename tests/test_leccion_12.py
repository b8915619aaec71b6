"""La lección 12: respuestas buenas y malas de sus dos ejercicios."""

import json
import re
from string import punctuation

import numpy as np
from respuestas import pruebas_de

from herramientas.archivos import RAIZ, RESULTADOS

ETIQUETAS = ("positivo", "negativo", "neutro")


def _con_conjunto(dicho):
    halladas = set(re.findall(r"\w+", dicho.lower())) & set(ETIQUETAS)
    return halladas.pop() if len(halladas) == 1 else None


def _con_fronteras(dicho):
    hay = [e for e in ETIQUETAS if re.search(rf"\b{e}\b", dicho, re.IGNORECASE)]
    if len(hay) != 1:
        return None
    return hay[0]


def _letra_por_letra(dicho):
    limpio = "".join(c if c.isalpha() else " " for c in dicho.casefold())
    unica = None
    for palabra in limpio.split():
        if palabra in ETIQUETAS:
            if unica not in (None, palabra):
                return None
            unica = palabra
    return unica


def _de(palabras):
    hay = {p for p in palabras if p in ETIQUETAS}
    return hay.pop() if len(hay) == 1 else None


def _primera(dicho):
    hay = [p for p in re.findall(r"\w+", dicho.lower()) if p in ETIQUETAS]
    return hay[0] if hay else None


def _una_sola_vez(dicho):
    hay = [p for p in re.findall(r"\w+", dicho.lower()) if p in ETIQUETAS]
    return hay[0] if len(hay) == 1 else None


def _pedazos(dicho):
    hay = [e for e in ETIQUETAS if e in dicho.lower()]
    return hay[0] if len(hay) == 1 else None


def _sin_ninguna_falla(dicho):
    hay = set(re.findall(r"\w+", dicho.lower())) & set(ETIQUETAS)
    return None if len(hay) > 1 else list(hay)[0]


def _tau(ahorro, precio, tarjetas):
    return (1 - ahorro) / (precio * tarjetas)


def _tau_por_pasos(ahorro, precio, tarjetas):
    queda = 1 - ahorro
    queda /= precio
    return queda / tarjetas


BUENAS = [
    ("12-leer-etiqueta", _con_conjunto),
    ("12-leer-etiqueta", _con_fronteras),
    ("12-leer-etiqueta", _letra_por_letra),
    ("12-razon-de-tiempo", _tau),
    ("12-razon-de-tiempo", _tau_por_pasos),
    ("12-razon-de-tiempo", lambda a, p, t: np.divide(1 - a, p * t)),
]
ERRORES = [
    ("12-leer-etiqueta", lambda d: d if d in ETIQUETAS else None, "minúsculas"),
    ("12-leer-etiqueta", lambda d: _de([d.lower()]), "no son parte de la palabra"),
    ("12-leer-etiqueta", lambda d: d, "devolviste 'NEGATIVO'"),
    ("12-leer-etiqueta", lambda d: _de([d.lower().strip(" .«»()")]), "entre todas"),
    (
        "12-leer-etiqueta",
        lambda d: _de(p.strip(punctuation + "«»") for p in d.lower().split()),
        "los signos también separan",
    ),
    ("12-leer-etiqueta", _una_sola_vez, "una sola etiqueta"),
    ("12-leer-etiqueta", _primera, "no se sabe cuál es"),
    ("12-leer-etiqueta", _pedazos, "palabras enteras"),
    (
        "12-leer-etiqueta",
        lambda d: _de(re.findall("[a-z]+", d.lower())),
        "también son letras",
    ),
    ("12-leer-etiqueta", lambda d: _con_conjunto(d) or "ninguna", "se pide None"),
    ("12-leer-etiqueta", lambda d: _con_conjunto(d) or "", "se pide None"),
    ("12-leer-etiqueta", lambda d: ETIQUETAS.index(d.lower()), "devolviste un int"),
    ("12-leer-etiqueta", lambda d: [_con_conjunto(d)], "devolviste un list"),
    ("12-leer-etiqueta", lambda d: d.lower() in ETIQUETAS, "devolviste un bool"),
    ("12-leer-etiqueta", lambda d: ..., "puntos suspensivos"),
    ("12-leer-etiqueta", lambda d: _con_conjunto(d[1]), "con la etiqueta sola"),
    ("12-leer-etiqueta", _sin_ninguna_falla, "posición que no existe"),
    ("12-leer-etiqueta", lambda d, e: None, "más o menos argumentos"),
    ("12-razon-de-tiempo", lambda a, p, t: a / (p * t), "parte ahorrada"),
    ("12-razon-de-tiempo", lambda a, p, t: p * t / (1 - a), "al revés"),
    ("12-razon-de-tiempo", lambda a, p, t: (1 - a) * p * t, "dividen"),
    ("12-razon-de-tiempo", lambda a, p, t: 1 - a / (p * t), "faltan paréntesis"),
    ("12-razon-de-tiempo", lambda a, p, t: (1 - a) / p * t, "en paréntesis"),
    ("12-razon-de-tiempo", lambda a, p, t: (1 - a) / t, "razón de precios"),
    ("12-razon-de-tiempo", lambda a, p, t: (1 - a) / p, "razón de tarjetas"),
    ("12-razon-de-tiempo", lambda a, p, t: 0.35 / (p * t), "ahorro que recibes"),
    ("12-razon-de-tiempo", lambda a, p, t: 1 - p * t * a, "despeja τ"),
    ("12-razon-de-tiempo", lambda a, p, t: 100 * _tau(a, p, t), "porcentajes"),
    ("12-razon-de-tiempo", lambda a, p, t: round(_tau(a, p, t), 2), "no redondees"),
    ("12-razon-de-tiempo", lambda a, p, t: (1 - a) // (p * t), "no redondees"),
    ("12-razon-de-tiempo", lambda a, p, t: _tau(max(a, 0), p, t), "negativo"),
    ("12-razon-de-tiempo", lambda a, p, t: f"{_tau(a, p, t)}", "debe devolver un núm"),
    ("12-razon-de-tiempo", lambda a, p, t: (1 - a) / (p - p), "entre cero"),
    ("12-razon-de-tiempo", lambda a, p, t: 0.5, "es 0.875"),
    ("12-razon-de-tiempo", _tau(0.65, 0.5, 0.5), "sin llamarla"),
]

test_otros_estilos, test_pistas, test_hay_bastantes = pruebas_de(BUENAS, ERRORES)


def test_cuantas_veces_dice_negativo_otra_semilla():
    """La cifra del cierre, y que es de la corrida que más lo dice."""
    informe = json.loads((RESULTADOS / "estudio_finanzas.json").read_text("utf-8"))
    negativo = str(ETIQUETAS.index("negativo"))
    veces = [
        (m["etiquetas"].count(negativo), len(m["etiquetas"]))
        for m in informe["medidas"]
        if m["punto"] == "desde la base"
    ]
    assert len(veces) == 3
    texto = (RAIZ / "notebooks" / "12_finanzas.ipynb").read_text("utf-8")
    assert "lo dice {} veces de {}".format(*max(veces)) in texto
