"""Esquemas del modelo por dentro: lecciones 03, 04 y 08, y «Antes de entrenar»."""

from __future__ import annotations

from .trazos import LETRA, NOTA, TENUE, Lienzo


def bloque() -> Lienzo:
    """03: el bloque, las cabezas y la máscara."""
    d = Lienzo(
        "bloque",
        "Un bloque, sus cabezas y la máscara",
        "Tres partes. A la izquierda, un bloque de abajo arriba: el vector x sube por "
        "una línea que nadie corta; dos desvíos salen de ella, pasan por RMSNorm y "
        "por la atención o SwiGLU, y vuelven a sumarse. A la derecha, cuatro cabezas "
        "de consulta: q0 y q1 usan k0 y v0; q2 y q3 usan k1 y v1. Abajo, la máscara "
        "causal de cuatro tokens: cada fila ve su columna y las anteriores; lo demás "
        "es menos infinito y la softmax lo vuelve cero.",
        452,
    )
    d.escribir(8, 14, "un bloque, de abajo arriba", LETRA, "start", negrita=True)
    x, medio = 26, 116
    d.escribir(8, 438, "x: (n, 256)", LETRA, "start")
    d.linea((x, 426), (x, 262), tono="naranja", grueso=3)
    primera = d.suma(x, 254)
    d.linea((x, 246), (x, 76), tono="naranja", grueso=3)
    segunda = d.suma(x, 68)
    d.flecha((x, 60), (x, 36), tono="naranja", grueso=3)
    d.parrafo(40, 38, "al bloque siguiente;\nson 6", ancla="start")
    for base, letrero, vuelta in (
        (404, "atención\n(3 a 5)", primera),
        (218, "SwiGLU\n(6)", segunda),
    ):
        norma = d.caja(66, base - 44, 100, 26, "RMSNorm (2)", "blanco", NOTA)
        parte = d.caja(66, base - 104, 100, 40, letrero, "azul")
        d.flecha((x, base), (medio, base), (medio, base - 18))
        d.flecha(norma.arriba, parte.abajo)
        y = vuelta.derecha[1]
        d.flecha(parte.arriba, (medio, y), vuelta.derecha)
    d.escribir(40, 278, "residual", NOTA, "start")

    d.escribir(200, 14, "las cabezas (3)", LETRA, "start", negrita=True)
    for grupo in range(2):
        y = 28 + 74 * grupo
        clave = d.caja(290, y + 12, 60, 36, f"k{grupo}, v{grupo}", "naranja", fija=True)
        for i in range(2):
            q = d.caja(200, y + 31 * i, 44, 26, f"q{2 * grupo + i}", "azul", fija=True)
            lado = clave.izquierda
            d.linea(q.derecha, (lado[0], lado[1] - 7 + 14 * i))
    d.parrafo(
        200,
        180,
        "4 de consulta, 2 de clave\ny valor: cada pareja sirve\na dos. Ancho 64.",
        ancla="start",
    )

    d.escribir(200, 246, "la máscara (5)", LETRA, "start", negrita=True)
    piezas = ["Las", "·cas", "as", "·del"]
    lado, x0, y0 = 30, 236, 278
    for i, pieza in enumerate(piezas):
        d.escribir(x0 - 5, y0 + lado * (i + 0.5), pieza, NOTA, "end", fija=True)
        d.escribir(x0 + lado * (i + 0.5) - 1, y0 - 9, pieza, NOTA, fija=True)
        for j in range(4):
            ve = j <= i
            d.caja(
                x0 + lado * j,
                y0 + lado * i,
                lado - 2,
                lado - 2,
                "" if ve else "−∞",
                "azul" if ve else "gris",
                NOTA,
                radio=1,
            )
    d.parrafo(
        200,
        412,
        "Fila: quien consulta.\nColumna: a quién ve.\n−∞: tras softmax, 0.",
        ancla="start",
    )
    return d


def cache() -> Lienzo:
    """04: la caché KV crece de a un token."""
    d = Lienzo(
        "cache",
        "La caché KV, paso a paso",
        "Tres pasos hacia abajo. En el primero, prefill, entran los seis tokens de "
        "«En este capítulo» y se calculan sus seis claves y seis valores. En el "
        "segundo entra solo el token nuevo: los seis pares guardados se leen y se "
        "añade uno. En el tercero se leen siete y se añade otro. La consulta es "
        "siempre la del token que entra; lo guardado no se calcula otra vez.",
        420,
    )
    piezas = ["En", "·est", "e", "·cap", "ítul", "o"]
    d.caja(10, 8, 12, 12, tono="naranja", radio=1)
    d.escribir(27, 14, "se calcula ahora", NOTA, "start")
    d.caja(132, 8, 12, 12, tono="azul", radio=1)
    d.escribir(149, 14, "está guardado: solo se lee", NOTA, "start")
    paso, x0 = 36, 70
    pasos = [
        ("1. prefill: entra la consigna", 0, 6),
        ("2. decode: entra uno", 6, 1),
        ("3. decode: entra otro", 7, 1),
    ]
    y = 40
    for titulo, guardados, nuevos in pasos:
        d.escribir(10, y, titulo, LETRA, "start", negrita=True)
        d.escribir(10, y + 25, "entra", NOTA, "start")
        for i in range(guardados, guardados + nuevos):
            pieza = piezas[i] if i < 6 else f"x{i + 1}"
            d.caja(
                x0 + paso * i,
                y + 14,
                paso - 3,
                22,
                pieza,
                "gris",
                NOTA,
                fija=True,
                radio=2,
            )
        for fila, letra in enumerate("kv"):
            lugar = y + 48 + 24 * fila
            d.escribir(
                10, lugar + 10, {"k": "claves", "v": "valores"}[letra], NOTA, "start"
            )
            for i in range(guardados + nuevos):
                tono = "azul" if i < guardados else "naranja"
                d.caja(
                    x0 + paso * i,
                    lugar,
                    paso - 3,
                    20,
                    f"{letra}{i + 1}",
                    tono,
                    NOTA,
                    fija=True,
                    radio=2,
                )
        ultimo = x0 + paso * (guardados + nuevos - 1) + (paso - 3) / 2
        d.flecha((ultimo, y + 36), (ultimo, y + 48), tono="naranja")
        y += 116
    d.parrafo(
        10,
        388,
        "El token nuevo trae su consulta q, mira todas las claves y\n"
        "promedia los valores. Las consultas viejas no hacen falta.",
        ancla="start",
    )
    return d


def entrenar() -> Lienzo:
    """Antes de entrenar: la vuelta que se repite, con sus cuatro líneas."""
    d = Lienzo(
        "entrenar",
        "Una vuelta del entrenamiento",
        "De arriba abajo, una vuelta. De los datos sale un lote, partido en entrada y "
        "objetivo. La entrada pasa por el modelo, que tiene los pesos w, y salen "
        "predicciones. La pérdida las compara con el objetivo y da un solo número. De "
        "él sale el gradiente: un número por peso. El paso resta de cada peso la tasa "
        "por su gradiente, y una flecha naranja lleva los pesos nuevos al modelo. A la "
        "derecha, la línea de PyTorch de cada parte: zero_grad, pérdida, backward y "
        "step. La validación usa el modelo y la pérdida, sin gradiente ni paso.",
        470,
    )
    cx, ancho = 116, 128
    datos = d.caja(cx - ancho / 2, 8, ancho, 40, "un lote:\nentrada y objetivo", "gris")
    modelo = d.caja(cx - ancho / 2, 84, ancho, 46, "modelo,\ncon sus pesos w", "azul")
    dice = d.caja(cx - ancho / 2, 166, ancho, 28, "predicciones", "gris")
    perdida = d.caja(cx - ancho / 2, 230, ancho, 46, "pérdida:\nun número", "verde")
    gradiente = d.caja(
        cx - ancho / 2, 312, ancho, 46, "gradiente:\nuno por peso", "blanco"
    )
    paso = d.caja(
        cx - ancho / 2, 394, ancho, 40, "paso:\nw − tasa · gradiente", "naranja"
    )
    for una, otra in (
        (datos, modelo),
        (modelo, dice),
        (dice, perdida),
        (perdida, gradiente),
        (gradiente, paso),
    ):
        d.flecha(una.abajo, otra.arriba)
    d.escribir(cx + 8, 66, "entrada", NOTA, "start")
    d.flecha(datos.derecha, (202, 28), (202, 253), perdida.derecha)
    d.escribir(210, 46, "objetivo", NOTA, "start")
    izquierda = paso.izquierda
    d.flecha(izquierda, (24, izquierda[1]), (24, 107), modelo.izquierda, tono="naranja")
    for y, linea, que in (
        (180, "L = pérdida(…)", "hacia adelante"),
        (329, "L.backward()", "hacia atrás"),
        (408, "optimizador.step()", "los pesos cambian"),
    ):
        d.escribir(214, y, linea, NOTA, "start", fija=True)
        d.escribir(214, y + 16, que, NOTA, "start", color=TENUE)
    d.escribir(214, 96, "zero_grad()", NOTA, "start", fija=True)
    d.parrafo(
        214, 112, "antes: borra el\ngradiente anterior", ancla="start", color=TENUE
    )
    d.parrafo(
        214, 246, "en validación se\npara aquí: ni\ngradiente ni paso", ancla="start"
    )
    d.escribir(24, 454, "pesos nuevos, y otro lote", NOTA, "start")
    return d


def lora() -> Lienzo:
    """08: W quieta más BA, con sus formas."""
    d = Lienzo(
        "lora",
        "LoRA en una matriz, con sus formas",
        "Arriba entra x, de 256 números, por dos caminos. A la izquierda pasa por W, "
        "un rectángulo grande de 704 por 256, congelado: 180 224 números. A la "
        "derecha pasa por A, una franja baja de 16 por 256, y por B, una franja "
        "angosta de 704 por 16; juntas son 15 360 números, los únicos que aprenden. "
        "El camino de la derecha se multiplica por alfa entre r y los dos se suman: "
        "sale y, de 704 números. A empieza al azar y B en cero.",
        432,
    )
    entrada = d.caja(116, 8, 128, 26, "x: 256 números", "gris")
    cx, _ = entrada.abajo
    d.linea((cx, 34), (cx, 48))
    d.flecha((cx, 48), (84, 48), (84, 64))
    d.flecha((cx, 48), (276, 48), (276, 64))
    d.caja(36, 64, 96, 232, tono="azul", radio=2)
    d.parrafo(84, 148, "W", 20, negrita=True)
    d.parrafo(84, 178, "704 × 256\n180 224\nnúmeros,\ncongelados", LETRA)
    d.caja(228, 64, 96, 26, tono="naranja", radio=2)
    d.escribir(276, 77, "A: 16 × 256", LETRA, negrita=True)
    d.escribir(276, 102, "empieza al azar", NOTA)
    d.flecha((276, 110), (276, 130))
    d.escribir(276, 138, "16 números", NOTA)
    d.flecha((276, 146), (276, 166))
    d.caja(263, 166, 26, 130, tono="naranja", radio=2)
    d.escribir(276, 231, "B", 14, negrita=True)
    d.parrafo(296, 214, "704 × 16\nempieza\nen cero", ancla="start")
    d.parrafo(256, 214, "aprenden:\n15 360\nen total", ancla="end")
    d.flecha((84, 296), (84, 366), (172, 366))
    d.flecha((276, 296), (276, 316))
    d.caja(216, 316, 120, 26, "× α / r = 32 / 16 = 2", "blanco", NOTA)
    d.flecha((276, 342), (276, 366), (188, 366))
    d.suma(180, 366)
    d.flecha((180, 374), (180, 394))
    d.caja(116, 394, 128, 28, "y: 704 números", "gris")
    d.escribir(92, 332, "W x", LETRA, "start", color=TENUE)
    return d


ESQUEMAS = (bloque, cache, entrenar, lora)
