"""Comprobaciones de «Tu dominio»: fugas entre particiones y cifras sin respaldo."""

from . import ejercicio, no_es, no_se_llama
from .fallos import llamar

ENTRENA = ["Lee el capítulo tres.", "¿De dónde salió el dato?", "Falta una tilde"]
# (textos de prueba, posiciones que están en ENTRENA, qué se prueba)
FUGAS = [
    (["Otra cosa.", "Lee el capítulo tres."], [1], "ahí el texto es el mismo."),
    (["LEE el Capítulo tres.", "Nada"], [0], "cambian solo las mayúsculas."),
    (["De dónde salió el dato", "Hola"], [0], "cambian solo los signos."),
    (["  Falta   una tilde "], [0], "cambian solo los espacios."),
    (["Lee, el capítulo: tres"], [0], "cambian los signos de en medio."),
    (["Lee el capitulo tres."], [], "la tilde sí cuenta: es otra palabra."),
    (["Lee el capítulo"], [], "es solo un trozo de otro texto."),
    (["Falta una tilde y lee."], [], "contiene otro texto, pero no es el mismo."),
    (["Faltaunatilde"], [], "sin espacios ya no son las mismas palabras."),
    (["Falta una tilde", "Falta una tilde."], [0, 1], "van las dos repetidas."),
    (["Uno", "Falta una tilde", "Dos", "¿de dónde salió el dato?"], [1, 3],
     "las posiciones van en orden."),
    (["Tres el capítulo lee."], [],
     "las palabras son las mismas en otro orden: es otro texto."),
    (["Falta una una tilde."], [], "una palabra va dos veces: es otro texto."),
    ([], [], "sin textos de prueba, la lista va vacía."),
]  # fmt: skip


@ejercicio("dominio-fugas")
def _(fugas):
    if pista := no_se_llama(fugas):
        return pista
    for prueba, buena, razon in FUGAS:
        dada = llamar(fugas, ENTRENA, prueba)
        if pista := no_es(dada, (list, tuple), "una lista"):
            return pista
        dada = list(dada)
        if any(isinstance(x, str) for x in dada):
            return "devuelve las posiciones en la prueba, no los textos."
        if any(isinstance(x, bool) or not isinstance(x, int) for x in dada):
            return "cada elemento es una posición: un entero que empieza en 0."
        if dada == buena:
            continue
        if dada == [x + 1 for x in buena] and buena:
            return "las posiciones empiezan en 0, como en Python."
        if dada and dada == buena[::-1]:
            return "las posiciones van en orden, de menor a mayor."
        return f"con {prueba} devolviste {dada} y es {buena}: {razon}"
    return None


# (ficha, medidas, lo que no tiene respaldo, por qué)
RESPALDOS = [
    ("Acierta 85,7 % en la prueba.", [24 / 28], [], "85,7 % es 24 de 28."),
    ("Acierta 90,0 % en la prueba.", [24 / 28], ["90,0 %"], "nadie midió eso."),
    ("Base 25,0 %, ajuste 71,4 %.", [0.25, 20 / 28], [], "las dos están."),
    ("Base 25,0 %, ajuste 17,4 %.", [0.25, 20 / 28], ["17,4 %"],
     "las cifras están al revés."),
    ("Es 99,9 %, casi 99,9 %, y no 12,3 %.", [0.5], ["99,9 %", "99,9 %", "12,3 %"],
     "van todas, en orden, también la repetida."),
    ("De 28 filas, 4 etiquetas y 3,5 MB.", [], [], "solo cuentan los porcentajes."),
    ("Acierta 66,7 %.", [2 / 3], [], "la medida se redondea a un decimal."),
    ("Acierta 66,6 %.", [2 / 3], ["66,6 %"], "se redondea, no se corta."),
    ("Acierta 5,0 %.", [0.25, 0.95], ["5,0 %"], "5,0 no es el final de 25,0."),
    ("Todo: 100,0 %, y nada: 0,0 %.", [1.0, 0.0], [], "los extremos también valen."),
    ("Sin cifras.", [0.4], [], "sin porcentajes no falta nada."),
]  # fmt: skip


@ejercicio("dominio-respaldo")
def _(sin_respaldo):
    if pista := no_se_llama(sin_respaldo):
        return pista
    for ficha, medidas, buena, razon in RESPALDOS:
        dada = llamar(sin_respaldo, ficha, medidas)
        if pista := no_es(dada, (list, tuple), "una lista"):
            return pista
        dada = list(dada)
        if any(not isinstance(x, str) for x in dada):
            return "devuelve los porcentajes como están escritos en la ficha."
        if dada == buena:
            continue
        if [f"{x} %" for x in dada] == buena:
            return "cada porcentaje va entero, con su « %»: «90,0 %»."
        if buena and set(dada) == set(buena):
            return "van todas las que hay, en el orden de la ficha y con repetidas."
        return f"con «{ficha}» y {medidas} devolviste {dada} y es {buena}: {razon}"
    return None
