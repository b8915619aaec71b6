"""Empaqueta el curso para instalarlo sin red, desde una memoria USB.

    make usb                                 para equipos como este
    make usb ARGS="--sistemas windows-amd64 macos-arm64 --python 3.12 3.13"
    make usb ARGS="--sin despliegue demo"    sin las bibliotecas de esas lecciones
    make usb ARGS="--carpeta /media/usb"     suelto, en la memoria
    make usb ARGS=--que                      qué se puede elegir y cuánto pesó

Lleva el curso, el sitio, `semilla`, los datos y las bibliotecas. El .zip queda en
`_build/usb/`. Si la descarga se corta, repite la orden y sigue donde iba.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from herramientas.archivos import RAIZ, RESULTADOS, escribiendo, guardar_json
from herramientas.empaquetar import NOMBRE, version
from herramientas.entorno import Problema
from herramientas.usb import arbol
from herramientas.usb.descarga import coma
from herramientas.usb.destinos import (
    PITONES,
    PRESCINDIBLES,
    SISTEMAS,
    Destino,
    de_aqui,
)
from herramientas.usb.ruedas import traer

TALLER = RAIZ / "_build" / "usb"
ARCHIVO = "usb.json"


def nombre_del_paquete(cual: str) -> str:
    """Nombre del .zip de una versión, y de la carpeta que sale de él, con «.zip»."""
    return f"{NOMBRE}-usb-{cual}.zip"


def medido() -> dict:
    """El resultado guardado, o uno vacío."""
    ruta = RESULTADOS / ARCHIVO
    vacio = {"programa": "herramientas/usb", "destinos": {}}
    return json.loads(ruta.read_text("utf-8")) if ruta.exists() else vacio


def anotar(datos: dict, con_todo: bool) -> None:
    """Guarda lo que pesó cada parte de un paquete completo, sin extras de menos."""
    partes, guardado = arbol.pesos(datos), medido()
    hoy = date.today().isoformat()
    for parte in ("curso", "sitio"):
        if partes[parte]:
            guardado[parte] = {"fecha": hoy, "bytes": partes[parte]}
    if con_todo:
        for nombre, destino in datos["destinos"].items():
            guardado["destinos"][nombre] = {
                "fecha": hoy,
                "dicho": destino["dicho"],
                "python": destino["python"],
                "ruedas": len(destino["ruedas"]),
                "bytes": partes[nombre],
                "instaladas_bytes": destino["instaladas_bytes"],
            }
    guardado["destinos"] = dict(sorted(guardado["destinos"].items()))
    guardar_json(RESULTADOS / ARCHIVO, guardado)


def que_hay() -> str:
    """Lo que se puede elegir, con lo que pesó la última vez."""
    pesaron = medido()["destinos"]
    lineas = ["Sistemas (--sistemas) y Python (--python):"]
    for sistema in SISTEMAS.values():
        lineas.append(f"  {sistema.nombre:15} {sistema.dicho}")
        for piton in PITONES:
            uno = pesaron.get(Destino(sistema, piton).nombre)
            dicho = coma(uno["bytes"]) if uno else "sin medir"
            lineas.append(f"      Python {piton}: {dicho}")
    lineas.append("Lo que se puede dejar fuera (--sin), y qué lo usa:")
    lineas += [f"  {extra:12} {uso}" for extra, uso in PRESCINDIBLES.items()]
    return "\n".join(lineas)


def elegir(a: argparse.Namespace) -> list[Destino]:
    """Los destinos pedidos; sin pedir nada, el de este equipo."""
    if a.sin_ruedas:
        return []
    if not a.sistemas and not a.python:
        return [de_aqui()]
    sistemas = a.sistemas or [de_aqui().sistema.nombre]
    pitones = a.python or [de_aqui().piton]
    return [Destino(SISTEMAS[s], p) for s in sistemas for p in pitones]


def empaquetar(a: argparse.Namespace) -> Path:
    """Trae las ruedas, arma el paquete y devuelve dónde quedó."""
    destinos = elegir(a)
    ruedas = {d: traer(d, tuple(a.sin), TALLER / "ruedas") for d in destinos}
    sitio = None if a.sin_sitio else RAIZ / "_build" / "html"
    dentro = arbol.piezas(RAIZ, sitio, ruedas)
    datos = arbol.contenido(version(), dentro, ruedas)
    for parte, octetos in arbol.pesos(datos).items():
        print(f"  {parte:24} {coma(octetos):>10}")
    nombre = nombre_del_paquete(version())
    if a.carpeta:
        if not a.carpeta.is_dir():
            raise Problema(
                f"No existe la carpeta {a.carpeta}: ¿está puesta la memoria?"
            )
        hecho = arbol.copiar_a(a.carpeta / Path(nombre).stem, dentro, datos)
    else:
        hecho = arbol.comprimir(TALLER / nombre, dentro, datos)
    if a.guardar:
        anotar(datos, con_todo=not a.sin)
    return hecho


def principal(argumentos: list[str] | None = None) -> int:
    """Empaqueta lo pedido y dice dónde quedó y cuánto pesa."""
    p = argparse.ArgumentParser(
        prog="usb", description=__doc__.split("\n")[0], allow_abbrev=False
    )
    p.add_argument("--sistemas", nargs="+", choices=SISTEMAS, metavar="SISTEMA")
    p.add_argument("--python", nargs="+", choices=PITONES, metavar="VERSIÓN")
    p.add_argument("--sin", nargs="+", choices=PRESCINDIBLES, default=[])
    p.add_argument("--sin-ruedas", action="store_true", help="solo curso y sitio")
    p.add_argument("--sin-sitio", action="store_true", help="sin el curso para leer")
    p.add_argument("--carpeta", type=Path, help="suelto, en esta carpeta")
    p.add_argument("--guardar", action="store_true", help="anota lo que pesó")
    p.add_argument("--que", action="store_true", help="qué se puede elegir")
    a = p.parse_args(argumentos)
    if a.que:
        print(que_hay())
        return 0
    try:
        with escribiendo(a.carpeta or TALLER, Problema):
            hecho = empaquetar(a)
    except Problema as problema:
        print(problema, file=sys.stderr)
        return 1
    if hecho.is_dir():
        print(f"Listo en {hecho}.")
        return 0
    pesa = hecho.stat().st_size
    print(f"Listo: {hecho}, {coma(pesa)}.")
    if pesa > arbol.FAT:
        print(
            "Pasa de 4 GB y no cabe entero en una memoria con formato FAT32: usa "
            "exFAT, elige menos equipos o cópialo suelto con --carpeta."
        )
    return 0


if __name__ == "__main__":
    sys.exit(principal())
