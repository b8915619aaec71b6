"""Lo que se acierta en finanzas sin entender el texto: las líneas de base.

Cada función recibe las particiones de un conjunto, aprende en `entrenamiento` y mide en
`prueba`. Las usa contar_finanzas.py.
"""

import re
from collections import Counter, defaultdict

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline

from taller.conjuntos.respuestas import acierta
from taller.estadistica import intervalo


def proporcion(buenos: list[bool]) -> dict:
    """Aciertos, casos, y proporción con su intervalo del 95 %."""
    aciertos, n = sum(buenos), len(buenos)
    centro, abajo, arriba = intervalo(aciertos, n)
    return {
        "aciertos": aciertos,
        "n": n,
        "proporcion": round(float(centro), 3),
        "intervalo": [round(float(abajo), 3), round(float(arriba), 3)],
    }


def sentimiento(partes: dict[str, list[dict]]) -> dict:
    """Clase mayoritaria, y bolsa de palabras con TF-IDF y regresión logística."""
    aprende, mide = partes["entrenamiento"], partes["prueba"]
    verdad = [fila["etiqueta"] for fila in mide]
    mayor = Counter(f["etiqueta"] for f in aprende).most_common(1)[0][0]
    modelo = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=1000)
    )
    modelo.fit([f["texto"] for f in aprende], [f["etiqueta"] for f in aprende])
    dichas = modelo.predict([f["texto"] for f in mide]).tolist()
    buenos = [dicha == v for dicha, v in zip(dichas, verdad, strict=True)]
    regla = palabras_de_neutra(aprende)
    halladas = [neutra(fila["texto"], regla) for fila in mide]
    neutras = [v == "neutro" for v in verdad]
    de_neutras = [h for h, n in zip(halladas, neutras, strict=True) if n]
    de_halladas = [n for h, n in zip(halladas, neutras, strict=True) if h]
    casos = defaultdict(list)
    for fila, bueno in zip(mide, buenos, strict=True):
        casos[fila["caso"]].append(bueno)
    return {
        "mayoritaria": proporcion([v == mayor for v in verdad]),
        "tfidf": proporcion(buenos)
        | {"f1_macro": round(f1_score(verdad, dichas, average="macro"), 3)},
        "tfidf_por_caso": {c: proporcion(casos[c]) for c in sorted(casos)},
        "regla_de_neutras": {
            "palabras": regla,
            "halladas": proporcion(de_neutras),
            "precision": proporcion(de_halladas),
        },
    }


def neutra(texto: str, palabras: list[str]) -> bool:
    """Si el texto trae alguna de las palabras."""
    return not set(palabras).isdisjoint(re.findall(r"[^\W\d]+", texto.lower()))


def palabras_de_neutra(filas: list[dict], tope: int = 8) -> list[str]:
    """La regla más corta que delata a las neutras: hasta `tope` palabras.

    Se eligen una a una, solo con `entrenamiento`: cada vez, la que suma más neutras
    nuevas menos las demás filas en que está. Mide si las neutras se reconocen por una
    muletilla (*mismo*, *igual*, *ni*) y no por lo que cuentan.
    """
    por_palabra = defaultdict(lambda: (set(), set()))
    for i, fila in enumerate(filas):
        for palabra in set(re.findall(r"[^\W\d]+", fila["texto"].lower())):
            por_palabra[palabra][fila["etiqueta"] != "neutro"].add(i)
    regla, vistas, malas = [], set(), set()

    def ganancia(palabra: str) -> tuple[int, str]:
        suyas, ajenas = por_palabra[palabra]
        return len(suyas - vistas) - len(ajenas - malas), palabra

    for _ in range(tope):
        mejor = max(por_palabra, key=ganancia)
        if ganancia(mejor)[0] <= 0:
            break
        regla.append(mejor)
        vistas |= por_palabra[mejor][0]
        malas |= por_palabra[mejor][1]
    return regla


def _palabras(texto: str) -> list[tuple[str, int, int]]:
    """Palabras y signos con su lugar; «4.300» y «3,2» son una sola palabra."""
    return [
        (m[0], m.start(), m.end())
        for m in re.finditer(r"\d+(?:[.,/-]\d+)*|[^\W\d]+|[^\w\s]", texto)
    ]


def _forma(palabra: str) -> str:
    """La palabra en minúscula; de un número solo importa que lo sea."""
    return "<número>" if palabra[0].isdigit() else palabra.lower()


def _marcas(fila: dict) -> list[str]:
    """«B-tipo» al empezar una entidad, «I-tipo» adentro, «O» afuera."""
    marcas = []
    for _, inicio, _ in _palabras(fila["texto"]):
        suya = [e for e in fila["entidades"] if e["inicio"] <= inicio < e["fin"]]
        if not suya:
            marcas.append("O")
        else:
            lado = "B" if inicio == suya[0]["inicio"] else "I"
            marcas.append(f"{lado}-{suya[0]['tipo']}")
    return marcas


def _tramos(texto: str, marcas: list[str]) -> set[tuple[int, int, str]]:
    """Une las marcas seguidas de un tipo en (inicio, fin, tipo)."""
    tramos = []
    for (_, inicio, fin), marca in zip(_palabras(texto), marcas, strict=True):
        lado, _, tipo = marca.partition("-")
        if lado == "B" or (lado == "I" and (not tramos or tramos[-1][2] != tipo)):
            tramos.append([inicio, fin, tipo])
        elif lado == "I":
            tramos[-1][1] = fin
        else:
            tramos.append([0, 0, ""])
    return {tuple(tramo) for tramo in tramos if tramo[2]}


def f1_entidades(verdad: list[set], dichas: list[set]) -> dict:
    """F1 por tipo y de todos juntos: cuenta solo la entidad entera y bien puesta."""
    salida = {}
    tipos = sorted({tramo[2] for tramos in verdad for tramo in tramos})
    for nombre, elegidos in [(t, {t}) for t in tipos] + [("todas", set(tipos))]:
        hay, dice, bien = 0, 0, 0
        for tramos, propuestos in zip(verdad, dichas, strict=True):
            suyos = {t for t in tramos if t[2] in elegidos}
            propios = {t for t in propuestos if t[2] in elegidos}
            hay, dice = hay + len(suyos), dice + len(propios)
            bien += len(suyos & propios)
        salida[nombre] = {"n": hay, "f1": round(2 * bien / max(1, hay + dice), 3)}
    return salida


def entidades(partes: dict[str, list[dict]]) -> dict:
    """A cada palabra, la marca que más llevó en `entrenamiento`; si es nueva, «O»."""
    veces = defaultdict(Counter)
    for fila in partes["entrenamiento"]:
        palabras = _palabras(fila["texto"])
        for (palabra, _, _), marca in zip(palabras, _marcas(fila), strict=True):
            veces[_forma(palabra)][marca] += 1
    memoria = {forma: cuenta.most_common(1)[0][0] for forma, cuenta in veces.items()}
    verdad, dichas = [], []
    for fila in partes["prueba"]:
        palabras = _palabras(fila["texto"])
        verdad.append(_tramos(fila["texto"], _marcas(fila)))
        dicha = [memoria.get(_forma(palabra), "O") for palabra, _, _ in palabras]
        dichas.append(_tramos(fila["texto"], dicha))
    return {"memoria": f1_entidades(verdad, dichas)}


def preguntas(partes: dict[str, list[dict]]) -> dict:
    """Copiar la respuesta de la pregunta de `entrenamiento` más parecida."""
    aprende, mide = partes["entrenamiento"], partes["prueba"]
    vector = TfidfVectorizer(ngram_range=(1, 2)).fit([f["pregunta"] for f in aprende])
    conocidas = vector.transform([f["pregunta"] for f in aprende])
    nuevas = vector.transform([f["pregunta"] for f in mide])
    cercana = np.asarray((nuevas @ conocidas.T).todense()).argmax(axis=1)
    return {
        "copiar_la_mas_parecida": proporcion(
            [
                acierta(aprende[i]["respuesta"], fila)
                for i, fila in zip(cercana, mide, strict=True)
            ]
        )
    }
