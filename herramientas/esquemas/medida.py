"""Esquemas de medir y publicar: lecciones 11, 12 y 14, y las que no llevan número."""

from __future__ import annotations

from .trazos import LETRA, NOTA, TENUE, Lienzo


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


ESQUEMAS = (pareada, piloto, demo, museo, carpeta)
