"""Junta en una tabla lo que entregó una clase.

    make acta ARGS=entregas      lee entregas/**/entrega-*.json y escribe acta.csv ahí

Cada archivo lo escribe `%run -m taller.resumen Nombre` en el equipo de quien aprende.
El acta dice qué ejercicios quedaron correctos, no quién los escribió.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from datetime import datetime
from pathlib import Path

from herramientas.archivos import escribiendo, escribir_texto, razon
from taller.errores import ErrorDelTaller
from taller.registro import ejercicios
from taller.resumen import FORMATO, clave


class ErrorDeActa(Exception):
    """Un problema que la persona puede resolver; su texto ya está en español."""


def momento(cuando: str) -> datetime:
    """Cuándo se entregó, comparable con otra hora de cualquier huso.

    Sin huso, se toma por el de este equipo. Lanza ErrorDeActa si no es una fecha.
    """
    try:
        return datetime.fromisoformat(cuando).astimezone()
    except (TypeError, ValueError, OverflowError) as error:
        raise ErrorDeActa(
            "no dice cuándo se entregó; pide que la envíe otra vez"
        ) from error


def leer_entrega(ruta: Path) -> dict:
    """Una entrega, revisada. Lanza ErrorDeActa, con una frase, si no sirve."""
    try:
        datos = json.loads(ruta.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ErrorDeActa(f"no se pudo leer: {razon(error)}") from error
    except (ValueError, RecursionError) as error:
        raise ErrorDeActa("no es un JSON entero; pide que la envíe otra vez") from error
    if not isinstance(datos, dict) or datos.get("formato") != FORMATO:
        raise ErrorDeActa("no la escribió taller.resumen de esta versión del curso")
    suyos = datos.get("ejercicios")
    bien = isinstance(suyos, dict) and all(
        isinstance(f, dict) and isinstance(f.get("intentos"), int)
        for f in suyos.values()
    )
    if not bien or not isinstance(datos.get("nombre"), str):
        raise ErrorDeActa("le faltan el nombre o los ejercicios")
    conocidos = {n for lista in ejercicios().values() for n in lista}
    if raros := sorted(set(suyos) - conocidos):
        raise ErrorDeActa(f"nombra ejercicios que este curso no tiene: {raros[0]}")
    momento(datos.get("cuando"))
    try:
        clave(datos["nombre"])
    except ErrorDelTaller as error:
        raise ErrorDeActa(
            f"el nombre «{datos['nombre']}» no tiene letras latinas ni cifras; pide "
            "que entregue con un apodo que las tenga"
        ) from error
    return datos


def juntar(una: dict, otra: dict) -> dict:
    """Dos entregas de una persona, en una: en Colab cada lección va en la suya.

    De cada ejercicio queda el resuelto y, si los dos están igual, el de más intentos:
    repetir una entrega no los cuenta dos veces. Lo demás es de la última.
    """
    vieja, nueva = sorted((una, otra), key=lambda datos: momento(datos["cuando"]))
    suyos = dict(vieja["ejercicios"])
    for nombre, fila in nueva["ejercicios"].items():
        antes = suyos.get(nombre, fila)
        suyos[nombre] = max(
            antes, fila, key=lambda f: (bool(f.get("resuelto")), f["intentos"])
        )
    return nueva | {"ejercicios": suyos}


def reunir(carpeta: Path) -> tuple[list[dict], list[str]]:
    """Las entregas de una carpeta, una por persona, y lo que hay que decir.

    Las de una misma persona se juntan. Lanza ErrorDeActa si no hay ninguna.
    """
    if not carpeta.is_dir():
        raise ErrorDeActa(
            f"No existe la carpeta «{carpeta}»: reúne ahí los archivos entrega-….json "
            "y repite con make acta ARGS=carpeta"
        )
    rutas = sorted(carpeta.rglob("entrega-*.json"))
    if not rutas:
        raise ErrorDeActa(f"En «{carpeta}» no hay ningún archivo entrega-….json.")
    personas: dict[str, dict] = {}
    avisos = []
    for ruta in rutas:
        try:
            datos = leer_entrega(ruta)
        except ErrorDeActa as error:
            avisos.append(f"{ruta.relative_to(carpeta)}: {error}.")
            continue
        quien = clave(datos["nombre"])
        if quien in personas:
            avisos.append(f"«{datos['nombre']}» entregó más de una vez: se juntan.")
            datos = juntar(personas[quien], datos)
        personas[quien] = datos
    return [personas[quien] for quien in sorted(personas)], avisos


def filas(entregas: list[dict]) -> list[list[str]]:
    """La tabla, con su encabezado: persona, total y resueltos por lección empezada."""
    empezadas = {n.split("-")[0] for e in entregas for n in e["ejercicios"]}
    lecciones = [n for n in ejercicios() if n in empezadas]
    tabla = [["nombre", "entregó", "versión", "resueltos", "intentos", *lecciones]]
    for una in entregas:
        suyos = una["ejercicios"]
        bien = {n for n, fila in suyos.items() if fila.get("resuelto")}
        intentos = sum(fila["intentos"] for fila in suyos.values())
        celdas = [una["nombre"], una["cuando"][:10], str(una.get("curso", ""))]
        celdas += [str(len(bien)), str(intentos)]
        for leccion in lecciones:
            todos = ejercicios()[leccion]
            celdas.append(f"{len(bien & set(todos))} de {len(todos)}")
        tabla.append(celdas)
    return tabla


def a_csv(tabla: list[list[str]]) -> str:
    """La tabla en CSV. Un nombre que empieza como fórmula no se ejecuta al abrirla.

    Empieza por la marca de orden de bytes: con ella, Excel acierta con las tildes.
    """
    salida = io.StringIO("\ufeff")
    salida.seek(0, io.SEEK_END)
    escritor = csv.writer(salida, lineterminator="\n")
    for fila in tabla:
        escritor.writerow(["'" + c if c[:1] in tuple("=+-@") else c for c in fila])
    return salida.getvalue()


def principal(argumentos: list[str] | None = None) -> int:
    lector = argparse.ArgumentParser(
        description="Junta las entregas de una clase en acta.csv."
    )
    lector.add_argument("carpeta", nargs="?", default="entregas", type=Path)
    opciones = lector.parse_args(argumentos)
    ruta = opciones.carpeta / "acta.csv"
    try:
        entregas, avisos = reunir(opciones.carpeta)
        tabla = filas(entregas)
        with escribiendo(ruta, ErrorDeActa):
            escribir_texto(ruta, a_csv(tabla))
    except ErrorDeActa as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    anchos = [max(len(fila[i]) for fila in tabla) for i in range(len(tabla[0]))]
    for fila in tabla if entregas else []:
        print("  ".join(c.ljust(a) for c, a in zip(fila, anchos, strict=True)).rstrip())
    for aviso in avisos:
        print(f"! {aviso}")
    print(f"{len(entregas)} personas, en {ruta}")
    return 0


if __name__ == "__main__":
    sys.exit(principal())
