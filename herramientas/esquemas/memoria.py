"""Esquemas de la memoria y los bits: lecciones 06, 07 y 10."""

from __future__ import annotations

from .trazos import LETRA, NOTA, TENUE, TINTA, TONOS, Lienzo, numero


def _mancha(d: Lienzo, puntos: list[tuple[float, float]], tono: str) -> None:
    """Una figura cerrada por esos puntos."""
    relleno, borde = TONOS[tono]
    camino = " ".join(f"{numero(x)},{numero(y)}" for x, y in puntos)
    d.partes.append(
        f'<polygon points="{camino}" fill="{relleno}" stroke="{borde}" '
        'stroke-width="1.2" stroke-linejoin="round"/>'
    )


def paso() -> Lienzo:
    """06: la memoria de un paso, en el tiempo."""
    d = Lienzo(
        "paso",
        "La memoria durante un paso, con recálculo",
        "Memoria en vertical y tiempo en horizontal. Abajo, dos franjas que no "
        "cambian: los pesos, y los gradientes con lo que guarda Adam. Encima, una "
        "escalera que sube hacia adelante: la entrada de cada una de las seis capas. "
        "Al empezar a retroceder hay una punta alta, los logits: momento 1. Después, "
        "seis dientes que bajan con la escalera, una capa recalculada cada uno: "
        "momento 2. Al final, un bulto mientras Adam mueve los pesos: momento 3.",
        334,
    )
    x0, x1, base = 14, 346, 262
    d.linea((x0, base), (x1, base), tono="gris", grueso=1.4)
    d.caja(x0, base - 46, x1 - x0, 46, "pesos", "azul", NOTA, radio=0)
    d.caja(
        x0,
        base - 84,
        x1 - x0,
        38,
        "gradientes y estado de Adam",
        "naranja",
        NOTA,
        radio=0,
    )
    suelo, alto, ancho = base - 84, 7, 15
    ida = [(x0, suelo)]
    for i in range(6):
        x = x0 + 8 + ancho * i
        ida += [(x, suelo - alto * i), (x, suelo - alto * (i + 1))]
    tope = x0 + 8 + ancho * 6
    pico = [(tope, suelo - alto * 6), (tope + 3, 48), (tope + 25, 48)]
    pico.append((tope + 28, suelo - alto * 6))
    vuelta, x = [], tope + 28
    for i in range(6, 0, -1):
        nivel = suelo - alto * i
        vuelta += [
            (x, nivel),
            (x + 5, nivel - 42),
            (x + 15, nivel - 42),
            (x + 20, nivel),
        ]
        x += 21
        vuelta.append((x, nivel + alto))
    vuelta.append((x, suelo))
    _mancha(d, [*ida, *pico, *vuelta], "verde")
    fin = [(x + 8, suelo), (x + 12, suelo - 26), (x1 - 12, suelo - 26), (x1 - 8, suelo)]
    _mancha(d, fin, "gris")
    for numero_, (cx, cy) in {
        "1": (tope + 14, 36),
        "2": (tope + 54, 84),
        "3": ((x + x1) / 2, suelo - 38),
    }.items():
        d.partes.append(
            f'<circle cx="{numero(cx)}" cy="{numero(cy)}" r="8" fill="{TINTA}"/>'
        )
        d.escribir(cx, cy, numero_, NOTA, negrita=True, color="#ffffff")
    d.parrafo(tope - 8, 64, "logits: 12 V\noctetos\npor token", ancla="end")
    d.escribir(tope + 68, 84, "una capa recalculada", NOTA, "start")
    d.parrafo(x0 + 2, 122, "entradas\nde capa", ancla="start")
    for desde, hasta, nombre in (
        (x0, tope, "adelante"),
        (tope, x, "atrás"),
        (x, x1, "Adam"),
    ):
        d.llave(desde + 2, base + 5, hasta - 2)
        d.escribir((desde + hasta) / 2, base + 21, nombre, NOTA, negrita=True)
    d.flecha((x0, 310), (x1, 310), grueso=1.2)
    d.escribir((x + x1) / 2, suelo - 56, "usa y suelta", NOTA)
    d.escribir(180, 322, "tiempo", NOTA, color=TENUE)
    d.escribir(x0, 14, "memoria", NOTA, "start", color=TENUE)
    return d


def nf4() -> Lienzo:
    """07: de 64 pesos a 32 octetos y una escala."""
    d = Lienzo(
        "nf4",
        "Un bloque de NF4 y su doble cuantización",
        "De arriba abajo. La matriz, leída fila por fila, se corta en bloques de 64 "
        "pesos. De un bloque salen su absmax, de 32 bits, y 64 códigos de 4 bits. Los "
        "códigos se guardan de a dos: el 3 en los cuatro bits altos y el 12 en los "
        "bajos dan 0011 1100, el octeto 60; son 32 octetos. Con doble cuantización, a "
        "256 absmax se les resta su media y quedan 256 códigos de 8 bits y una escala "
        "de 32 bits. Por peso: 4, más 8 entre 64, más 32 entre 64 por 256: 4,127 "
        "bits.",
        474,
    )
    d.escribir(
        10,
        14,
        "la matriz, fila por fila, en bloques de 64",
        LETRA,
        "start",
        negrita=True,
    )
    for i in range(6):
        tono = "naranja" if i == 1 else "gris"
        d.caja(10 + 57.2 * i, 26, 54, 24, "64" if i < 5 else "…", tono, NOTA, radio=1)
    d.linea((67, 50), (10, 72), tono="naranja")
    d.linea((121, 50), (350, 72), tono="naranja")
    pesos = ["−0,021", "0,023", "0,052", "…", "−0,017"]
    d.fila(10, 72, pesos, "naranja", ancho=65.6, alto=24)
    d.escribir(10, 110, "64 pesos", NOTA, "start", color=TENUE)
    d.flecha((90, 102), (90, 132))
    d.flecha((240, 102), (240, 132))
    d.caja(10, 132, 128, 48, "m = absmax = 0,052:\n32 bits por bloque", "azul", NOTA)
    d.caja(
        152,
        132,
        198,
        48,
        "cada x / m, al valor más cercano\nde los 16: código 0 a 15",
        "verde",
        NOTA,
    )
    d.flecha((203, 180), (203, 200))
    for i, (codigo, bits) in enumerate((("3", "0011"), ("12", "1100"))):
        d.caja(152 + 52 * i, 200, 50, 22, codigo, "verde", LETRA, fija=True, radio=1)
        d.caja(152 + 52 * i, 226, 50, 22, bits, "verde", LETRA, fija=True, radio=1)
    d.escribir(262, 211, "los dos primeros", NOTA, "start")
    d.escribir(262, 237, "un octeto: 60", NOTA, "start")
    d.escribir(178, 260, "altos", NOTA, color=TENUE)
    d.escribir(230, 260, "bajos", NOTA, color=TENUE)
    d.parrafo(262, 262, "32 octetos\npor bloque", NOTA, ancla="start", negrita=True)
    d.flecha((74, 180), (74, 292))
    d.parrafo(66, 210, "se juntan\n256", ancla="end")
    d.caja(10, 292, 340, 28, "256 absmax, menos su media (offset)", "azul", NOTA)
    d.flecha((100, 320), (100, 342))
    d.flecha((280, 320), (280, 342))
    d.caja(10, 342, 190, 40, "256 códigos de 8 bits\n(mapa dinámico)", "azul", NOTA)
    d.caja(210, 342, 140, 40, "una escala:\n32 bits por grupo", "azul", NOTA)
    d.escribir(10, 408, "bits por peso", LETRA, "start", negrita=True)
    d.escribir(10, 430, "sin doble: 4 + 32/64 = 4,5", LETRA, "start")
    d.escribir(10, 452, "con doble: 4 + 8/64 + 32/(64 · 256) = 4,127", LETRA, "start")
    return d


def qlora() -> Lienzo:
    """10: QLoRA entero, con el camino del gradiente."""
    d = Lienzo(
        "qlora",
        "QLoRA en una matriz, ida y vuelta",
        "Dos caminos desde x. El de la izquierda: la base, guardada en códigos NF4 de "
        "4 bits y congelada; al usarla se recupera una copia en 16 o 32 bits, que se "
        "multiplica por x y se tira. El de la derecha: A y B, de rango 16, en 32 "
        "bits, por alfa entre r. Los dos se suman y siguen a la pérdida. Flechas a "
        "trazos muestran el gradiente: baja por los dos caminos hasta x, deja "
        "gradiente en A y en B, y solo atraviesa la base, que no guarda ni gradiente "
        "ni Adam.",
        470,
    )
    d.flecha((14, 14), (40, 14))
    d.escribir(46, 14, "hacia adelante", NOTA, "start")
    d.flecha((150, 14), (176, 14), tono="naranja", raya=True)
    d.escribir(182, 14, "el gradiente, de vuelta", NOTA, "start")
    d.caja(120, 34, 120, 26, "x, de la capa anterior", "gris", NOTA)
    d.flecha((162, 60), (162, 76), (80, 76), (80, 94))
    d.flecha((198, 60), (198, 76), (274, 76), (274, 94))
    base = d.caja(
        14,
        94,
        148,
        62,
        "base: códigos NF4\nde 4 bits, congelada\n0,52 bytes por peso",
        "azul",
        NOTA,
    )
    d.caja(
        14,
        186,
        148,
        48,
        "se recupera Ŵ en la\nprecisión de cálculo",
        "blanco",
        NOTA,
        raya=True,
    )
    d.flecha((80, base.y + 62), (80, 186))
    d.escribir(86, 171, "al usarla", NOTA, "start")
    a = d.caja(214, 94, 120, 40, "A: 16 × entrada\nen 32 bits", "naranja", NOTA)
    b = d.caja(214, 164, 120, 40, "B: salida × 16\nen 32 bits", "naranja", NOTA)
    d.flecha(a.abajo, b.arriba)
    escala = d.caja(214, 222, 120, 24, "× α / r = 2", "blanco", NOTA)
    d.flecha(b.abajo, escala.arriba)
    d.flecha((80, 234), (80, 286), (172, 286))
    d.flecha(escala.abajo, (274, 286), (188, 286))
    d.escribir(88, 270, "Ŵ x", NOTA, "start", color=TENUE)
    d.suma(180, 286)
    d.flecha((180, 294), (180, 322))
    d.caja(90, 322, 180, 28, "capas que siguen y pérdida", "gris", NOTA)
    tono = {"tono": "naranja", "raya": True}
    d.flecha((200, 322), (200, 304), (352, 304), (352, 184), (336, 184), **tono)
    d.flecha((352, 184), (352, 114), (336, 114), **tono)
    d.flecha((352, 114), (352, 47), (242, 47), **tono)
    d.flecha((160, 322), (160, 304), (40, 304), (40, 236), **tono)
    d.flecha((14, 210), (6, 210), (6, 47), (118, 47), **tono)
    d.parrafo(
        10,
        372,
        "A y B: 16 bytes por número (4 su valor, 4 el gradiente,\n"
        "8 los dos promedios de Adam).",
        ancla="start",
    )
    d.parrafo(
        10,
        408,
        "La base: el gradiente la atraviesa, camino de x, y no se\n"
        "queda. Sin gradiente propio y sin Adam, no se mueve.",
        ancla="start",
    )
    d.escribir(
        10, 446, "Así en las 7 matrices de cada bloque.", LETRA, "start", negrita=True
    )
    return d


ESQUEMAS = (paso, nf4, qlora)
