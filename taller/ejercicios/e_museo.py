"""Comprobaciones de «Anexo · Museo de errores»."""

from . import ejercicio, no_es_numero, no_se_llama

# Son de muestra. Cada comprobación prueba lo que hace el código con entradas nuevas y
# da, para cada error típico, una pista que hace avanzar sin dar la respuesta.


@ejercicio("museo-media")
def _(media):
    if pista := no_se_llama(media):
        return pista
    for valores in ([4, 1, 1], [2, 2, 5, 7], [-3, 8]):
        dada = media(list(valores))
        if pista := no_es_numero(dada):
            return pista
        buena = sum(valores) / len(valores)
        if abs(dada - buena) < 1e-9:
            continue
        if abs(dada - sum(valores)) < 1e-9:
            return "esa es la suma; falta dividir entre cuántos valores hay."
        if dada == sum(valores) // len(valores):
            return "perdiste los decimales: la división es con «/»."
        if dada in valores:
            return "devolviste uno de los valores; la media los cuenta a todos."
        return f"con {valores} devolviste {dada:.4g} y es {buena:.4g}."
    return None


@ejercicio("museo-porcentaje")
def _(porcentaje):
    if pista := no_se_llama(porcentaje):
        return pista
    for aciertos, total in ((3, 4), (1, 8), (0, 5), (7, 7)):
        dada = porcentaje(aciertos, total)
        if pista := no_es_numero(dada):
            return pista
        buena = 100 * aciertos / total
        if abs(dada - buena) < 1e-9:
            continue
        if abs(dada - buena / 100) < 1e-9:
            return "esa es la fracción; se pide el porcentaje, de 0 a 100."
        if dada in (aciertos, total):
            return "devolviste un dato sin usar el otro; se dividen."
        return f"con {aciertos} de {total} devolviste {dada:.4g} y es {buena:.4g}."
    return None
