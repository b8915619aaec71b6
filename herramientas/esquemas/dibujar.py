"""Dibuja los esquemas de las lecciones en taller/recursos/esquemas/.

    python -m herramientas.esquemas.dibujar          todos
    python -m herramientas.esquemas.dibujar bucle    solo ese

Cada esquema es una función de `texto`, `corpus`, `modelo`, `memoria`, `medida`,
`preferir` o `reparto`.
"""

from __future__ import annotations

import argparse

from herramientas.archivos import RECURSOS, escribir_texto

from . import corpus, medida, memoria, modelo, preferir, reparto, texto
from .trazos import Lienzo

MODULOS = (texto, corpus, modelo, memoria, medida, preferir, reparto)
CARPETA = RECURSOS / "esquemas"
FUNCIONES = {f.__name__: f for m in MODULOS for f in m.ESQUEMAS}


def dibujar(nombre: str) -> Lienzo:
    """El esquema de ese nombre, sin guardar."""
    return FUNCIONES[nombre]()


def main() -> None:
    """Escribe los esquemas que se pidan; termina con una frase si uno está mal."""
    opciones = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    opciones.add_argument("nombres", nargs="*", help="por omisión, todos")
    nombres = opciones.parse_args().nombres or list(FUNCIONES)
    if raros := [n for n in nombres if n not in FUNCIONES]:
        raise SystemExit(f"No hay esquema «{raros[0]}». Están: {', '.join(FUNCIONES)}.")
    for nombre in nombres:
        try:
            escribir_texto(CARPETA / f"{nombre}.svg", dibujar(nombre).svg())
        except ValueError as falta:
            raise SystemExit(str(falta)) from None
    print(len(nombres), "esquemas en", CARPETA.relative_to(RECURSOS.parent.parent))


if __name__ == "__main__":
    main()
