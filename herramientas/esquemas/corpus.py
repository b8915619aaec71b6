"""Esquemas de los textos con que se entrena: lecciones 02 y 05."""

from __future__ import annotations

from .trazos import LETRA, NOTA, TENUE, Lienzo


def bandas() -> Lienzo:
    """02: de dos textos a un par de candidatos."""
    d = Lienzo(
        "bandas",
        "MinHash y LSH, de dos textos a un par de candidatos",
        "Dos columnas iguales, una por texto. Cada texto se vuelve un conjunto de "
        "tejas de tres palabras y, con 128 barajadas, una firma de 128 mínimos. La "
        "firma se corta en 32 bandas de 4 valores. En la banda 2 los cuatro valores "
        "coinciden: los dos textos caen en el mismo cubo y son candidatos. En las "
        "otras difiere algún valor y los cubos son distintos. Al final se verifica el "
        "Jaccard.",
        438,
    )
    columnas = {"texto A": (14, 128), "texto B": (218, 128)}
    for nombre, (x, ancho) in columnas.items():
        d.caja(x, 8, ancho, 24, nombre, "gris", negrita=True)
        d.flecha((x + ancho / 2, 32), (x + ancho / 2, 50))
        d.caja(x, 50, ancho, 40, "sus tejas: tres\npalabras seguidas", "gris", NOTA)
        d.flecha((x + ancho / 2, 90), (x + ancho / 2, 126))
    d.parrafo(180, 94, "firma: 128\nmínimos")
    filas = [
        ("banda 1", "17 52 08 91", "17 52 63 91", False),
        ("banda 2", "40 25 77 36", "40 25 77 36", True),
        ("banda 3", "05 88 19 62", "31 88 19 47", False),
        ("banda 32", "73 14 90 28", "73 60 90 11", False),
    ]
    y = 102
    for banda, suyos, otros, juntos in filas:
        y += 40 if banda != "banda 32" else 62
        if banda == "banda 32":
            for x in (78, 282):
                d.escribir(x, y - 30, "⋮", 14)
        tono = "naranja" if juntos else "azul"
        for x, valores in ((14, suyos), (218, otros)):
            d.fila(x, y - 14, valores.split(), tono, ancho=29.75, alto=26, cuerpo=LETRA)
        if juntos:
            cubo = d.caja(153, y - 17, 54, 32, "banda 2:\nun cubo", "naranja", NOTA)
            d.flecha((143, y - 1), cubo.izquierda, tono="naranja")
            d.flecha((217, y - 1), cubo.derecha, tono="naranja")
        else:
            d.escribir(180, y - 1, banda, NOTA)
    d.parrafo(
        180,
        322,
        "una banda igual entera basta:\nel mismo cubo, y son candidatos",
        LETRA,
        negrita=True,
    )
    d.flecha((180, 348), (180, 366))
    d.caja(
        60,
        366,
        240,
        42,
        "verificar: ¿su Jaccard llega\nal umbral?",
        "verde",
    )
    d.escribir(180, 424, "Los demás pares no se comparan nunca.", NOTA, color=TENUE)
    return d


def preentrenar() -> Lienzo:
    """05: empaquetar, correr el objetivo y mezclar repaso."""
    d = Lienzo(
        "preentrenar",
        "De documentos a lotes",
        "Tres pasos. Uno: los documentos, cada uno entre un token de inicio y uno de "
        "fin, se pegan en una tira que se corta cada 256 tokens, sin respetar dónde "
        "acaba un documento. Dos: de cada fila salen la entrada y el objetivo, que es "
        "la misma fila corrida un lugar; bajo cada token está el que debe predecir. "
        "Tres: un lote son ocho filas; con repaso, seis son nuevas y dos las escribió "
        "el propio modelo.",
        418,
    )
    d.escribir(
        10, 14, "1. Una sola tira, cortada cada 256", LETRA, "start", negrita=True
    )
    x, y = 10, 30
    for letrero, ancho, tono in (
        ("", 9, "verde"),
        ("documento 1", 86, "gris"),
        ("", 9, "naranja"),
        ("", 9, "verde"),
        ("documento 2", 132, "gris"),
        ("", 9, "naranja"),
        ("", 9, "verde"),
        ("doc. 3", 58, "gris"),
    ):
        d.caja(x, y, ancho, 26, letrero, tono, NOTA, radio=1)
        x += ancho + 2
    for i, corte in enumerate((10, 162, 314)):
        for alto in (24, 58):
            d.linea((corte, alto), (corte, alto + 5), tono="azul", grueso=2)
        if corte < 300:
            d.escribir(corte + 76, 72, f"fila {i + 1}: 256 + 1", NOTA, color=TENUE)
    d.caja(64, 86, 9, 12, tono="verde", radio=1)
    d.escribir(78, 92, "inicio", NOTA, "start")
    d.caja(124, 86, 9, 12, tono="naranja", radio=1)
    d.escribir(138, 92, "fin", NOTA, "start")
    d.linea((184, 87), (184, 98), tono="azul", grueso=2)
    d.escribir(190, 92, "corte", NOTA, "start")

    d.escribir(
        10, 126, "2. En cada lugar, predecir el que sigue", LETRA, "start", negrita=True
    )
    piezas = ["<|inicio|>", "El", "·caf", "é", "·se", "·enf"]
    anchos = [76, 32, 40, 26, 36, 40]
    d.escribir(10, 152, "entrada", NOTA, "start")
    d.escribir(10, 206, "objetivo", NOTA, "start")
    x, lugares = 70, []
    for pieza, ancho in zip(piezas, anchos, strict=True):
        lugares.append(
            d.caja(x, 140, ancho, 24, pieza, "gris", NOTA, fija=True, radio=2)
        )
        x += ancho + 4
    for i, lugar in enumerate(lugares[:-1]):
        d.caja(
            lugar.x,
            194,
            lugar.ancho,
            24,
            piezas[i + 1],
            "azul",
            NOTA,
            fija=True,
            radio=2,
        )
        d.flecha(lugar.abajo, (lugar.abajo[0], 194))
    d.caja(lugares[-1].x, 194, 40, 24, "ri", "azul", NOTA, fija=True, radio=2)
    d.flecha(lugares[-1].abajo, (lugares[-1].abajo[0], 194))
    d.escribir(10, 234, "La misma fila, corrida un lugar.", NOTA, "start", color=TENUE)

    d.escribir(10, 266, "3. Un lote: ocho filas", LETRA, "start", negrita=True)
    for columna, (rotulo, nuevas) in enumerate(
        {"sin repaso": 8, "con repaso": 6}.items()
    ):
        x = 10 + 178 * columna
        d.escribir(x, 284, rotulo, NOTA, "start")
        for i in range(8):
            tono = "azul" if i < nuevas else "naranja"
            d.caja(x, 294 + 12 * i, 84, 10, tono=tono, radio=1)
        d.parrafo(x + 92, 314, f"{nuevas} nuevas:\ncorpus_co", ancla="start")
    d.escribir(280, 366, "2 de repaso", NOTA, "start")
    d.escribir(
        10,
        404,
        "El repaso lo escribe el propio modelo antes de entrenar.",
        NOTA,
        "start",
        color=TENUE,
    )
    return d


ESQUEMAS = (bandas, preentrenar)
