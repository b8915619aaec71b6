"""Esquemas de lo que le pasa al texto: lecciones 00, 01 y 09."""

from __future__ import annotations

from .trazos import LETRA, NOTA, TENUE, Lienzo

BUCLE = {
    "titulo": "Generar es un bucle",
    "texto": "De arriba abajo: una tira de cinco tokens, «La puerta de la», entra al "
    "modelo, que da una fila de 4096 logits por cada token; se usa la última. La "
    "softmax la vuelve probabilidades: « sal» 0,18, « cas» 0,14, « call» 0,10 y "
    "el resto. Se elige « sal», y una flecha vuelve arriba: se pega al final de "
    "la tira y todo empieza otra vez.",
    "tira": "la tira: trozos de texto y su número",
    "modelo": "modelo",
    "logits": "una fila de\n4096 logits\npor token",
    "ultima": "la última",
    "softmax": "softmax: suman 1",
    "resto": "el resto",
    "elegir": "elegir uno y\npegarlo al final",
    "vez": "y otra vez",
}
BUCLE_PT = {
    "titulo": "Gerar é um laço",
    "texto": "De cima para baixo: uma sequência de cinco tokens, “La puerta de la”, "
    "entra no modelo, que dá uma linha de 4096 logits para cada token; usa-se a "
    "última. A softmax a transforma em probabilidades: “ sal” 0,18, “ cas” 0,14, "
    "“ call” 0,10 e o resto. Escolhe-se “ sal”, e uma seta volta para cima: cola-se "
    "no fim da sequência e tudo começa de novo.",
    "tira": "a sequência: pedaços de texto e seu número",
    "modelo": "modelo",
    "logits": "uma linha de\n4096 logits\npor token",
    "ultima": "a última",
    "softmax": "softmax: somam 1",
    "resto": "o resto",
    "elegir": "escolher um e\ncolá-lo no fim",
    "vez": "e de novo",
}


def bucle() -> Lienzo:
    """00: generar es un bucle."""
    return _bucle("bucle", BUCLE)


def bucle_pt() -> Lienzo:
    """00, en portugués: el mismo dibujo con otros rótulos."""
    return _bucle("bucle_pt", BUCLE_PT)


def _bucle(nombre: str, dice: dict[str, str]) -> Lienzo:
    d = Lienzo(nombre, dice["titulo"], dice["texto"], 424)
    d.escribir(12, 14, dice["tira"], NOTA, "start")
    piezas = [("La", 680), ("·puert", 951), ("a", 70), ("·de", 264), ("·la", 283)]
    cajas = d.fila(12, 24, [p for p, _ in piezas], cuerpo=LETRA, alto=24, hueco=5)
    for caja, (_, ident) in zip(cajas, piezas, strict=True):
        x, _ = caja.abajo
        d.escribir(x, 57, str(ident), NOTA, color=TENUE)
    ultimo = cajas[-1]
    (nueva,) = d.fila(
        ultimo.x + ultimo.ancho + 12,
        24,
        ["·sal"],
        "naranja",
        raya=True,
        cuerpo=LETRA,
        alto=24,
    )
    d.escribir(nueva.abajo[0], 57, "475", NOTA, color=TENUE)
    d.flecha((140, 66), (140, 84))
    modelo = d.caja(30, 84, 220, 34, dice["modelo"], cuerpo=14, negrita=True)
    d.flecha((140, 118), (140, 138))
    for i in range(5):
        tono = "naranja" if i == 4 else "gris"
        d.caja(30, 138 + 12 * i, 220, 10, tono=tono, radio=2)
    d.parrafo(258, 148, dice["logits"], ancla="start")
    d.escribir(258, 193, dice["ultima"], NOTA, "start", negrita=True)
    d.flecha((140, 198), (140, 218))
    d.caja(30, 218, 220, 26, dice["softmax"], "blanco")
    d.flecha((140, 244), (140, 262))
    for i, (pieza, p) in enumerate(
        [("·sal", 0.18), ("·cas", 0.14), ("·call", 0.10), (dice["resto"], 0.58)]
    ):
        y = 274 + 18 * i
        d.escribir(88, y, pieza, NOTA, "end", fija=i < 3)
        d.caja(94, y - 6, 200 * p, 12, tono="naranja" if i == 0 else "gris", radio=1)
        d.escribir(100 + 200 * p, y, f"{p:.2f}".replace(".", ","), NOTA, "start")
    d.flecha((140, 340), (140, 358))
    elegir = d.caja(30, 358, 220, 46, dice["elegir"], "naranja")
    x = 344
    d.flecha(
        elegir.derecha,
        (x, elegir.derecha[1]),
        (x, 36),
        (nueva.derecha[0] + 2, 36),
        tono="naranja",
        grueso=2,
    )
    d.escribir(298, 396, dice["vez"], NOTA)
    assert modelo.ancho == elegir.ancho
    return d


def tokens() -> Lienzo:
    """01: del texto a los números."""
    d = Lienzo(
        "tokens",
        "Del texto a los números",
        "Cuatro filas unidas por líneas, con «La mañana». Texto: nueve caracteres. "
        "Bytes: diez, porque la ñ ocupa dos, 195 y 177. Piezas: «La», « mañan», que "
        "junta siete bytes, y «a». Números: 680, 1383 y 70, que es lo único que "
        "recibe el modelo.",
        276,
    )
    paso, x0 = 33.5, 13
    d.escribir(x0, 14, "texto: 9 caracteres", NOTA, "start", negrita=True)
    octetos = "La mañana".encode()
    i = 0
    for letra in "La·mañana":
        n = 2 if letra == "ñ" else 1
        tono = "naranja" if n == 2 else "gris"
        x = x0 + paso * i
        d.caja(x, 24, paso * n - 3, 26, letra, tono, 13, fija=True, radio=2)
        for j in range(n):
            medio = x + paso * j + (paso - 3) / 2
            d.linea((medio, 50), (medio, 62), grueso=1)
            d.caja(
                medio - (paso - 3) / 2,
                62,
                paso - 3,
                26,
                str(octetos[i + j]),
                tono,
                NOTA,
                fija=True,
                radio=2,
            )
        i += n
    d.escribir(
        x0, 108, "bytes en UTF-8: 10; la ñ ocupa dos", NOTA, "start", negrita=True
    )
    d.escribir(x0, 142, "piezas: bytes que BPE fundió", NOTA, "start", negrita=True)
    piezas = [("La", 680, 0, 2), ("·mañan", 1383, 2, 7), ("a", 70, 9, 1)]
    for pieza, ident, desde, cuantos in piezas:
        x, ancho = x0 + paso * desde, paso * cuantos - 3
        d.llave(x + 2, 90, x + ancho - 2)
        caja = d.caja(x, 152, ancho, 28, pieza, "azul", 13, fija=True)
        d.flecha(caja.abajo, (caja.abajo[0], 216))
        d.caja(x, 216, ancho, 28, str(ident), "verde", LETRA, negrita=True, fija=True)
    d.escribir(x0 + 42, 197, "su lugar en la lista de 4096", NOTA, "start")
    d.escribir(
        x0, 262, "números: lo único que recibe el modelo", NOTA, "start", negrita=True
    )
    return d


def turno() -> Lienzo:
    """09: la tira de una charla y su máscara."""
    d = Lienzo(
        "turno",
        "Una charla, su tira y su máscara",
        "La tira de una charla, token a token. El pedido va de la marca del usuario a "
        "la marca del asistente: es lo que el modelo verá al responder, y su máscara "
        "es cero. La respuesta, « Cantás bien.» y su fin de turno, tiene máscara uno: "
        "solo ahí la etiqueta es el número del token; en lo demás es −100. Hay dos "
        "fines de turno y cuenta el del asistente.",
        346,
    )
    filas = [
        (
            ["<|usuario|>", "P", "as", "a", "·a", "·vos", ":"],
            [4, 53, 275, 70, 267, 1941, 31],
        ),
        (["·C", "ant", "as", "·bien", ".", "<|fin|>"], [351, 349, 275, 648, 19, 2]),
        (["<|asistente|>"], [5]),
        (["·C", "ant", "ás", "·bien", ".", "<|fin|>"], [351, 349, 379, 648, 19, 2]),
    ]
    d.escribir(20, 14, "pedido: lo que verá al responder", LETRA, "start", negrita=True)
    y = 28
    for i, (piezas, ids) in enumerate(filas):
        cuenta = i == 3
        if cuenta:
            y += 26
            d.escribir(
                20,
                y - 10,
                "respuesta: lo que tiene que aprender",
                LETRA,
                "start",
                negrita=True,
            )
            y += 4
        x = 20
        for pieza, ident in zip(piezas, ids, strict=True):
            marca = pieza.startswith("<")
            tono = "verde" if cuenta else "naranja" if marca else "gris"
            etiqueta = str(ident) if cuenta else "−100"
            ancho = max(6.35 * len(pieza) + 6, 33)
            d.caja(
                x,
                y,
                ancho,
                22,
                pieza,
                tono,
                NOTA,
                fija=True,
                radio=2,
                grueso=2 if cuenta else 1.2,
            )
            d.escribir(
                x + ancho / 2,
                y + 31,
                "1" if cuenta else "0",
                NOTA,
                negrita=cuenta,
                color=None if cuenta else TENUE,
            )
            d.escribir(
                x + ancho / 2, y + 45, etiqueta, NOTA, color=None if cuenta else TENUE
            )
            x += ancho + 3
        if cuenta:
            d.escribir(x + 6, y + 31, "← máscara", NOTA, "start")
            d.escribir(x + 6, y + 45, "← etiqueta", NOTA, "start")
        y += 62
    d.linea((12, 28), (8, 28), (8, 192 + 12), (12, 192 + 12), grueso=1.3)
    d.linea((12, 242), (8, 242), (8, 292), (12, 292), tono="verde", grueso=1.6)
    d.parrafo(
        20,
        322,
        "Con −100 el token no entra en la pérdida. De los\n"
        "dos <|fin|> cuenta el que escribe el modelo.",
        ancla="start",
    )
    return d


ESQUEMAS = (bucle, bucle_pt, tokens, turno)
