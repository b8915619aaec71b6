"""Reglas sobre la forma de la lección: portada, secciones, minutos y cierre."""

import re

from herramientas.cuadernos.indices import numero
from herramientas.cuadernos.leer import (
    de_codigo,
    encabezados,
    etiquetas,
    minutos,
    secciones,
)
from herramientas.cuadernos.lenguas import lengua_de
from herramientas.sala import estudio

from . import regla

CELDAS = (35, 60)
SIN_TOPE = {"museo_de_errores"}  # es de consulta: nadie lo lee de corrido
TITULO = re.compile(r"^# (?:(\d\d) · )?(?!\d+ ·)\S.*")


@regla
def tamano(cuaderno, ruta):
    """Entre 35 y 60 celdas; el museo, las que pidan sus salas."""
    n = len(cuaderno.cells)
    if CELDAS[0] <= n <= CELDAS[1] or (n > CELDAS[1] and ruta.stem in SIN_TOPE):
        return []
    return [f"tiene {n} celdas; deben ser de {CELDAS[0]} a {CELDAS[1]}"]


@regla
def portada(cuaderno, ruta):
    """La primera celda: título, con el número del archivo si lo hay, y los minutos."""
    primera = cuaderno.cells[0]
    if primera.cell_type != "markdown":
        return ["la primera celda debe ser de Markdown, con el título"]
    faltas = []
    titulo, suyo = TITULO.match(primera.source), numero(ruta.stem)
    if not titulo or (suyo is not None and titulo[1] is None):
        faltas.append(
            f"celda «{primera.id}»: el título debe tener la forma «# 01 · "
            "Tokenización» o, sin número, «# Anexo · Museo de errores»"
        )
    elif titulo[1] and suyo != int(titulo[1]):
        dice = f"{suyo:02d}" if suyo is not None else "ninguno"
        faltas.append(
            f"celda «{primera.id}»: el título dice {titulo[1]} y el archivo, {dice}"
        )
    if minutos(cuaderno) is None:
        faltas.append(
            f"celda «{primera.id}»: falta la línea «{lengua_de(cuaderno).portada}», "
            "con los minutos en lugar de cada N"
        )
    return faltas


@regla
def minutos_de_estudio(cuaderno, ruta):
    """La primera celda dice los minutos de estudio, y son los de la cuenta."""
    if minutos(cuaderno) is None:
        return []  # lo dice `portada`
    dice, son = estudio.impreso(cuaderno), estudio.contar(cuaderno).minutos
    if dice == son:
        return []
    return [
        f"la portada dice {dice or 'nada'} de estudio y son {son} min: ejecuta "
        "python -m herramientas.sala.estudio --escribir"
    ]


@regla
def suma_de_minutos(cuaderno, ruta):
    """Los minutos de las secciones suman los de «En vivo»."""
    lista = secciones(cuaderno)
    faltas = [
        f"celda «{cuaderno.cells[s.celda].id}»: la sección «{s.titulo}» no dice sus "
        "minutos; escribe «## 1. Título · 12 min»"
        for s in lista
        if re.match(r"\d+\.", s.titulo) and s.minutos is None
    ]
    prometidos = minutos(cuaderno)
    suma = sum(s.minutos or 0 for s in lista)
    if prometidos and suma != prometidos.en_vivo:
        faltas.append(
            f"las secciones suman {suma} min y la portada dice {prometidos.en_vivo} "
            "min en vivo; corrige lo que no sea cierto"
        )
    return faltas


@regla
def numeros_de_seccion(cuaderno, ruta):
    """Las secciones numeradas van 1, 2, 3… sin saltos."""
    hallados = [re.match(r"(\d+)\. ", s.titulo) for s in secciones(cuaderno)]
    numeros = [int(m[1]) for m in hallados if m]
    if not numeros:
        return ["no hay secciones numeradas («## 1. Título · 12 min»)"]
    if numeros != list(range(1, len(numeros) + 1)):
        return [f"las secciones están numeradas {numeros}; deben ir 1, 2, 3…"]
    return []


@regla
def niveles_de_encabezado(cuaderno, ruta):
    """Un solo título de primer nivel, al comienzo; ningún nivel se salta."""
    faltas, anterior = [], 0
    for celda in cuaderno.cells:
        for nivel, texto in encabezados(celda):
            if nivel == 1 and anterior:
                faltas.append(f"celda «{celda.id}»: segundo título «# {texto}»; usa ##")
            elif nivel > anterior + 1:
                faltas.append(
                    f"celda «{celda.id}»: «{texto}» salta de nivel {anterior} a {nivel}"
                )
            anterior = nivel
    return faltas


@regla
def cierre(cuaderno, ruta):
    """Termina con qué aprendiste, para seguir leyendo y la lección que sigue."""
    final = [c for c in cuaderno.cells[-4:] if c.cell_type == "markdown"]
    titulos = " ".join(t for c in final for _, t in encabezados(c))
    faltas = [
        f"falta el encabezado «{frase}» en las últimas celdas"
        for frase in lengua_de(cuaderno).cierre
        if frase not in titulos
    ]
    texto = "\n".join(c.source for c in final)
    siguientes = [r for r in ruta.parent.glob("*.ipynb") if r.name > ruta.name]
    if siguientes and not re.search(r"\]\([^)]*\.ipynb\)", texto):
        faltas.append("el final no enlaza la lección que sigue (un archivo .ipynb)")
    return faltas


@regla
def una_figura(cuaderno, ruta):
    """Al menos una figura, calculada o dibujada para la lección."""
    for celda in cuaderno.cells:
        if celda.cell_type == "markdown" and re.search(r"!\[[^\]]*\]\(", celda.source):
            return []
        for salida in celda.get("outputs", []):
            if any(tipo.startswith("image/") for tipo in salida.get("data", {})):
                return []
    return ["no tiene ninguna figura; calcula o dibuja al menos una"]


@regla
def un_control(cuaderno, ruta):
    """Al menos un control interactivo."""
    if any("widget" in etiquetas(c) for c in de_codigo(cuaderno)):
        return []
    return ["ninguna celda tiene la etiqueta `widget` (usa taller.control)"]


@regla
def algo_en_vivo(cuaderno, ruta):
    """Al menos una celda que quien enseña escribe en vivo."""
    if any("en-vivo" in etiquetas(c) for c in de_codigo(cuaderno)):
        return []
    return ["ninguna celda tiene la etiqueta `en-vivo`"]
