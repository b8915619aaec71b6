"""Esquemas de medir y publicar: lecciones 11 a 14, y las que no llevan número."""

from __future__ import annotations

from .trazos import LETRA, NOTA, TENUE, TINTA, Lienzo, numero


def pareada() -> Lienzo:
    """11: dos modelos, las mismas preguntas."""
    d = Lienzo(
        "pareada",
        "La prueba pareada",
        "Doce preguntas en columnas y dos filas, una por modelo, con acierto o fallo. "
        "En ocho columnas los dos coinciden y van en gris: no dicen cuál es mejor. En "
        "tres acierta solo el primero, b = 3; en una, solo el segundo, c = 1. Con "
        "esas cuatro se pregunta qué tan raro sería un reparto así si fueran monedas: "
        "p = 0,63, nada raro.",
        356,
    )
    primero = "110111011011"
    segundo = "110101001010"
    segundo = segundo[:2] + "1" + segundo[3:]
    d.escribir(10, 14, "las mismas 12 preguntas", LETRA, "start", negrita=True)
    paso, x0 = 24.5, 62
    b = c = 0
    for fila, (nombre, bien) in enumerate(
        {"modelo 1": primero, "modelo 2": segundo}.items()
    ):
        y = 30 + 32 * fila
        d.escribir(10, y + 12, nombre, NOTA, "start")
        for i, si in enumerate(bien):
            distinta = primero[i] != segundo[i]
            tono = "naranja" if distinta else "gris"
            d.caja(
                x0 + paso * i,
                y,
                paso - 3,
                24,
                "sí" if si == "1" else "no",
                tono,
                NOTA,
                radio=2,
                negrita=distinta,
            )
    for i, (uno, otro) in enumerate(zip(primero, segundo, strict=True)):
        if uno != otro:
            x = x0 + paso * i + (paso - 3) / 2
            d.flecha((x, 86), (x, 104), tono="naranja")
            d.escribir(x, 113, "b" if uno == "1" else "c", LETRA, negrita=True)
            b, c = b + (uno == "1"), c + (otro == "1")
    assert (b, c) == (3, 1)
    d.caja(10, 134, 164, 56, "8 coinciden: no dicen\ncuál es mejor", "gris", NOTA)
    d.caja(
        186,
        134,
        164,
        56,
        "4 discordantes:\nb = 3, solo acierta el 1;\nc = 1, solo el 2",
        "naranja",
        NOTA,
    )
    d.flecha((268, 190), (268, 212))
    d.caja(
        60,
        212,
        290,
        42,
        "si fueran iguales, cada discordante\nsería una moneda",
        "blanco",
    )
    d.flecha((205, 254), (205, 274))
    d.caja(
        60,
        274,
        290,
        42,
        "p = 2 · (1 + 4) / 2⁴ = 0,63: un reparto así\nsale a menudo por azar",
        "verde",
        NOTA,
    )
    d.escribir(
        10,
        338,
        "Con cuatro discordantes no se decide nada: faltan casos.",
        NOTA,
        "start",
        color=TENUE,
    )
    return d


def piloto() -> Lienzo:
    """12: el piloto, de los datos a la decisión."""
    d = Lienzo(
        "piloto",
        "Un piloto, de los datos a la decisión",
        "De arriba abajo. Los datos se parten por familias enteras en entrenamiento, "
        "validación y prueba. Dos caminos: lo barato, que son la mayoría, una bolsa "
        "de palabras, la memoria, las reglas y copiar; y QLoRA. Los dos contestan la "
        "misma prueba, se remuestrean plantillas y se comparan por parejas. Si no "
        "gana, el piloto no justifica el modelo; si gana, falta ver qué olvidó y "
        "cuánto cuesta.",
        430,
    )
    datos = d.caja(
        70,
        8,
        220,
        40,
        "datos de tres tareas, partidos\npor familias enteras",
        "gris",
        NOTA,
    )
    cx, abajo = datos.abajo
    d.flecha((cx - 60, abajo), (cx - 60, 66), (92, 66), (92, 84))
    d.flecha((cx + 60, abajo), (cx + 60, 66), (268, 66), (268, 84))
    barato = d.caja(
        10,
        84,
        164,
        66,
        "primero, lo barato:\nmayoría, bolsa de palabras,\nmemoria, reglas, copiar",
        "blanco",
        NOTA,
    )
    caro = d.caja(
        186, 84, 164, 66, "QLoRA: las tres tareas\nen un solo ajuste", "naranja"
    )
    d.flecha(barato.abajo, (92, 178))
    d.flecha(caro.abajo, (268, 178))
    d.caja(
        10,
        178,
        340,
        40,
        "la misma prueba: F1 macro, F1 micro\ny acierto exacto",
        "azul",
        NOTA,
    )
    d.flecha((180, 218), (180, 238))
    d.caja(
        10,
        238,
        340,
        40,
        "diferencia por parejas, con su banda:\nse remuestrean plantillas enteras",
        "azul",
        NOTA,
    )
    d.flecha((92, 278), (92, 330))
    d.flecha((268, 278), (268, 330))
    d.parrafo(102, 298, "la banda toca\no baja de 0", ancla="start")
    d.parrafo(278, 298, "queda\nsobre 0", ancla="start")
    d.caja(10, 330, 164, 58, "no gana: el piloto no\njustifica el modelo", "gris")
    d.caja(186, 330, 164, 58, "gana: ¿qué olvidó?\n¿cuánto cuesta?", "verde")
    d.escribir(
        10, 410, "Las dos salidas son una respuesta.", NOTA, "start", color=TENUE
    )
    return d


def demo() -> Lienzo:
    """14: de un adaptador a una página y a sus fichas."""
    d = Lienzo(
        "demo",
        "De un adaptador a una demo y sus fichas",
        "Una línea a trazos separa tu equipo de lo de fuera. Dentro, de arriba abajo: "
        "la página del navegador manda el pedido a una caja que lo revisa; lo que "
        "pasa llega a la base en NF4, con el adaptador encendido o apagado, y vuelven "
        "dos respuestas. De la página sale la opinión, con permiso, a un archivo. Del "
        "modelo salen las sondas y el canario y, con los resultados, las fichas y la "
        "licencia. Fuera está el hub: solo se cruza la línea si quieres.",
        446,
    )
    d.partes.append(
        '<rect x="6" y="24" width="348" height="334" rx="8" fill="none" '
        'stroke="#d9730d" stroke-width="1.4" stroke-dasharray="5 4"/>'
    )
    d.escribir(10, 12, "tu equipo", LETRA, "start", negrita=True)
    pagina = d.caja(20, 40, 130, 44, "página\n(navegador)", "gris")
    opinion = d.caja(210, 40, 130, 44, "opiniones.jsonl", "gris", NOTA, fija=True)
    d.flecha(pagina.derecha, opinion.izquierda)
    d.parrafo(180, 98, "con permiso,\nsin nombres")
    d.flecha((60, 84), (60, 130))
    d.escribir(68, 107, "pedido", NOTA, "start")
    revisar = d.caja(
        20, 130, 130, 44, "revisar: marcas,\nvacío y largo", "blanco", NOTA
    )
    d.flecha((60, 174), (60, 202))
    modelo = d.caja(20, 202, 130, 60, "base en NF4,\ncon adaptador\no sin él", "azul")
    d.flecha(modelo.izquierda, (12, 232), (12, 62), pagina.izquierda)
    d.escribir(20, 276, "vuelven dos respuestas", NOTA, "start")
    sondas = d.caja(210, 210, 130, 44, "sondas y canario", "verde", NOTA)
    d.flecha(modelo.derecha, sondas.izquierda)
    fichas = d.caja(210, 300, 130, 44, "fichas y licencia", "verde", NOTA)
    d.flecha(sondas.abajo, fichas.arriba)
    medidos = d.caja(20, 300, 130, 44, "resultados medidos\ny huella", "gris", NOTA)
    d.flecha(medidos.derecha, fichas.izquierda)
    d.flecha((275, 344), (275, 392), tono="naranja", raya=True)
    d.caja(210, 392, 130, 40, "hub", "naranja", negrita=True)
    d.escribir(264, 374, "solo si quieres", NOTA, "end")
    assert revisar.x == medidos.x
    return d


def museo() -> Lienzo:
    """Museo: las salas, en el orden de un ajuste, según avisen o callen."""
    filas = [
        ("cuaderno", "1 a 3", "1 2 3", ""),
        ("descarga", "4 a 6", "4 5 6", ""),
        ("texto", "7 a 15", "7 9 10 11 12 15", "8 13 14"),
        ("memoria", "16 a 18", "16 17", "18"),
        ("ajuste", "19 a 23", "19 20 23", "21 22"),
        ("respuesta", "24 a 27", "25 26", "24 27"),
    ]
    d = Lienzo(
        "museo",
        "Las salas del museo, en el orden de un ajuste",
        "De arriba abajo, los seis momentos de un ajuste unidos por flechas: cuaderno, "
        "descarga, texto, memoria, ajuste y respuesta, cada uno con los números de sus "
        "salas. A la derecha de cada uno, en naranja, las que dejan un mensaje y, en "
        "gris, las que callan. Del texto en adelante las hay de las dos clases: 8, 13, "
        "14, 18, 21, 22, 24 y 27 no avisan.",
        24 + 50 * len(filas),
    )
    d.escribir(205, 12, "con mensaje", LETRA, negrita=True)
    d.escribir(308, 12, "calladas", LETRA, negrita=True)
    anterior = None
    for i, (paso, salas, avisan, callan) in enumerate(filas):
        y = 26 + 50 * i
        caja = d.caja(14, y, 110, 36, f"{paso}\nsalas {salas}", "azul", NOTA)
        d.caja(144, y, 122, 36, avisan, "naranja", NOTA)
        if callan:
            d.caja(276, y, 66, 36, callan, "gris", NOTA)
        if anterior:
            d.flecha(anterior.abajo, caja.arriba)
        anterior = caja
    return d


def carpeta() -> Lienzo:
    """Tu dominio: de una carpeta a una ficha."""
    d = Lienzo(
        "carpeta",
        "De una carpeta a una ficha",
        "De arriba abajo: tu carpeta, con entrenamiento, validación y prueba, pasa por "
        "una revisión que la rechaza con archivo y línea o la deja seguir. Salen dos "
        "caminos, lo barato y QLoRA, que se comparan en validación: ahí se elige, y se "
        "puede volver atrás. Después, la prueba se abre una sola vez y la comparación "
        "es pareada. Con eso y con lo que se olvidó se llena la ficha, que lleva la "
        "huella del adaptador; publicar es una flecha a trazos, solo si quieres.",
        452,
    )
    tuya = d.caja(
        60, 8, 240, 40, "tu carpeta: entrenamiento,\nvalidación y prueba", "gris", NOTA
    )
    revisar = d.caja(
        60, 68, 240, 40, "revisión: si algo está mal,\ndice archivo y línea", "blanco",
        NOTA,
    )  # fmt: skip
    d.flecha(tuya.abajo, revisar.arriba)
    d.flecha((120, 108), (120, 130))
    d.flecha((240, 108), (240, 130))
    d.caja(60, 130, 112, 54, "lo barato:\nfrecuente, copiar,\nTF-IDF", "blanco", NOTA)
    d.caja(188, 130, 112, 54, "QLoRA\nsobre lo tuyo", "naranja")
    d.flecha((120, 184), (120, 206))
    d.flecha((240, 184), (240, 206))
    valida = d.caja(
        60, 206, 240, 40, "validación: comparar, leer\nerrores y elegir", "azul", NOTA
    )
    d.flecha(valida.derecha, (334, 226), (334, 157), (300, 157), tono="naranja")
    d.parrafo(330, 122, "volver\natrás")
    prueba = d.caja(
        60, 270, 240, 40, "prueba: se abre una vez;\ncomparación pareada", "verde", NOTA
    )
    d.flecha(valida.abajo, prueba.arriba)
    ficha = d.caja(
        60, 334, 240, 40, "ficha con lo medido, lo olvidado\ny las huellas", "verde",
        NOTA,
    )  # fmt: skip
    d.flecha(prueba.abajo, ficha.arriba)
    d.flecha(ficha.abajo, (180, 404), tono="naranja", raya=True)
    d.escribir(188, 389, "solo si quieres", NOTA, "start", color=TENUE)
    d.caja(120, 404, 120, 36, "publicar", "naranja")
    return d


def _marca(d: Lienzo, x: float, y: float, cual: str) -> None:
    """Un número blanco en un círculo oscuro: un sitio del que se habla abajo."""
    d.partes.append(f'<circle cx="{numero(x)}" cy="{numero(y)}" r="8" fill="{TINTA}"/>')
    d.escribir(x, y, cual, NOTA, negrita=True, color="#ffffff")


def despliegue() -> Lienzo:
    """13: de un adaptador a un servidor, y dónde se rompe."""
    d = Lienzo(
        "despliegue",
        "De un adaptador a un servidor",
        "De arriba abajo. Tres piezas: la base original, W; la base redondeada a 4 "
        "bits, que vio el ajuste; y el adaptador. Se fusionan en 16 bits (1) y, si "
        "hace falta, se podan (2): pesos sueltos, que no encogen el archivo, o "
        "neuronas, que sí. Después se escribe un archivo GGUF (3) de un tipo: F16, 16 "
        "bits por peso; Q8_0, 8,5; Q4_0, 4,5. El archivo lleva también los tokens (4) "
        "y la plantilla (5), y lo abre un servidor. Abajo, qué se rompe en cada "
        "número: la base equivocada da otro modelo, la poda pierde calidad; y sin "
        "ningún aviso, las filas sin reordenar, otro corte del texto u otra plantilla.",
        486,
    )
    base = d.caja(10, 8, 106, 40, "base original,\nW", "azul", NOTA)
    vista = d.caja(
        127, 8, 106, 40, "base redondeada,\nla que vio el ajuste", "azul", NOTA
    )
    suma = d.caja(244, 8, 106, 40, "adaptador,\nB · A", "naranja", NOTA)
    d.flecha(base.abajo, (base.abajo[0], 62), (150, 62), (150, 78), raya=True)
    d.flecha(vista.abajo, (180, 78))
    d.flecha(suma.abajo, (suma.abajo[0], 62), (210, 62), (210, 78), tono="naranja")
    fusion = d.caja(40, 78, 280, 28, "fusionar en 16 bits: una pieza", "azul")
    _marca(d, 334, 92, "1")
    d.flecha(fusion.abajo, (180, 124), raya=True)
    d.escribir(190, 115, "si hace falta", NOTA, "start", color=TENUE)
    d.caja(
        40, 124, 135, 42, "podar pesos sueltos:\nel archivo no encoge", "blanco", NOTA
    )
    d.caja(185, 124, 135, 42, "podar neuronas:\nencoge; se recupera", "blanco", NOTA)
    _marca(d, 334, 145, "2")
    d.flecha((180, 166), (180, 190))
    d.escribir(190, 177, "escribir el archivo GGUF", NOTA, "start")
    d.caja(40, 190, 280, 104, tono="gris")
    _marca(d, 334, 206, "3")
    for x, letrero in (
        (48, "F16\n16 bits"),
        (140, "Q8_0\n8,5 bits"),
        (232, "Q4_0\n4,5 bits"),
    ):
        d.caja(x, 198, 80, 36, letrero, "verde", NOTA)
    d.escribir(180, 245, "un tipo: cuántos bits gasta cada peso", NOTA)
    d.caja(48, 258, 126, 28, "vocabulario y corte", "blanco", NOTA)
    d.caja(186, 258, 126, 28, "plantilla de chat", "blanco", NOTA)
    _marca(d, 26, 272, "4")
    _marca(d, 334, 272, "5")
    d.flecha((180, 294), (180, 314))
    d.caja(40, 314, 280, 28, "un servidor, en un portátil sin GPU", "naranja")
    d.escribir(10, 362, "qué se rompe ahí", LETRA, "start", negrita=True)
    for i, frase in enumerate(
        (
            "base equivocada: otro modelo, cercano",
            "poda: se pierde calidad; se mide y se recupera",
            "filas de q y k sin reordenar: sin aviso",
            "otro corte del texto: sin aviso",
            "sin plantilla, el servidor pone otra: sin aviso",
        )
    ):
        _marca(d, 20, 384 + 21 * i, str(i + 1))
        d.escribir(34, 384 + 21 * i, frase, NOTA, "start")
    return d


def decidir() -> Lienzo:
    """Antes de ajustar: en qué orden preguntar, y qué cuesta cada respuesta."""
    d = Lienzo(
        "decidir",
        "Antes de ajustar, cuatro preguntas",
        "Cuatro preguntas de arriba abajo; cada «sí» sale a la derecha, con lo que "
        "cuesta, y cada «no» baja a la siguiente. ¿Basta pedirlo mejor? Instrucciones "
        "o ejemplos en la consigna: tokens en cada petición. ¿Falta un dato que está "
        "en un texto? Recuperación: tokens, y cuidar la fuente. ¿Cabe en unas reglas? "
        "Reglas: horas de una persona. ¿Hay datos, permiso y una medida? Ajuste fino: "
        "datos y máquina, una vez; después, consigna corta. Si tampoco, no se ajusta "
        "todavía. Todas se miden con las mismas oraciones, donde se van a usar.",
        410,
    )
    d.escribir(85, 14, "pregunta", LETRA, negrita=True)
    d.escribir(266, 14, "prueba, y lo que cuesta", LETRA, negrita=True)
    filas = (
        ("¿Basta pedirlo\nmejor?",
         "instrucciones o ejemplos:\ntokens en cada petición", "blanco"),
        ("¿Falta un dato que\nestá en un texto?",
         "recuperación: más tokens\ny una fuente al día", "blanco"),
        ("¿Cabe en unas\nreglas?",
         "reglas: horas de una\npersona; nada por petición", "blanco"),
        ("¿Hay datos, permiso\ny una medida?",
         "ajuste fino: datos y máquina,\nuna vez; consigna corta", "naranja"),
    )  # fmt: skip
    for i, (pregunta, camino, tono) in enumerate(filas):
        y = 28 + 72 * i
        caja = d.caja(10, y, 150, 44, pregunta, "azul")
        d.caja(186, y, 160, 44, camino, tono, NOTA)
        d.flecha(caja.derecha, (186, y + 22))
        d.linea((346, y + 22), (354, y + 22))
        d.escribir(171, y + 12, "sí", NOTA)
        d.flecha(caja.abajo, (85, y + 72))
        d.escribir(95, y + 58, "no", NOTA, "start")
    d.caja(10, 316, 150, 32, "no ajustes todavía", "gris")
    d.caja(
        10, 366, 336, 34, "mide todas con las mismas oraciones, donde se usarán",
        "verde", NOTA,
    )  # fmt: skip
    d.flecha((354, 50), (354, 383), (346, 383))
    return d


ESQUEMAS = (pareada, piloto, despliegue, demo, museo, carpeta, decidir)
