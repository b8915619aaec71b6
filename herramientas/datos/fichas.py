"""Guarda las cifras de una medida y pone al día las tablas de su ficha."""

from __future__ import annotations

import re
from pathlib import Path

from herramientas.archivos import RAIZ, RESULTADOS, escribir_texto, guardar_json


def cifras_y_ficha(conjunto: str, raiz: Path = RAIZ) -> tuple[Path, Path]:
    """Las rutas de resultados/CONJUNTO.json y de book/ficha_CONJUNTO.md."""
    return (
        raiz / RESULTADOS.relative_to(RAIZ) / f"{conjunto}.json",
        raiz / "book" / f"ficha_{conjunto}.md",
    )


def poner_al_dia(
    conjunto: str, cifras: dict, tablas: dict[str, str], raiz: Path = RAIZ
) -> None:
    """Escribe las cifras en JSON y cada tabla entre sus marcas de la ficha.

    Argumentos: `tablas`, de nombre a Markdown; la tabla «memoria» va entre
    `<!-- tabla memoria: … -->` y `<!-- fin de la tabla -->`, y la de nombre vacío,
    tras `<!-- tabla: … -->`. Si la ficha no tiene las marcas, termina con una frase y
    no escribe nada.
    """
    ruta, ficha = cifras_y_ficha(conjunto, raiz)
    texto = ficha.read_text(encoding="utf-8")
    for nombre, tabla in tablas.items():
        rotulo = f"tabla {nombre}".strip()
        marca = re.compile(
            rf"(<!-- {rotulo}: .*? -->\n).*?(<!-- fin de la tabla -->)", re.DOTALL
        )
        if not marca.search(texto):
            raise SystemExit(f"No encuentro dónde va la {rotulo} en {ficha.name}.")
        texto = marca.sub(lambda m, t=tabla: f"{m[1]}\n{t}\n\n{m[2]}", texto)
    guardar_json(ruta, cifras, sangria=2)
    escribir_texto(ficha, texto)
    print(f"{ruta.relative_to(raiz)} y {ficha.relative_to(raiz)} quedan al día.")
