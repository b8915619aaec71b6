"""Guarda las cifras de una medida y pone al día la tabla de la ficha que las lleva."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

RAIZ = Path(__file__).resolve().parent.parent
MARCA = re.compile(r"(<!-- tabla: .*? -->\n).*?(<!-- fin de la tabla -->)", re.DOTALL)


def cifras_y_ficha(conjunto: str, raiz: Path = RAIZ) -> tuple[Path, Path]:
    """Las rutas de resultados/CONJUNTO.json y de book/ficha_CONJUNTO.md."""
    return (
        raiz / "resultados" / f"{conjunto}.json",
        raiz / "book" / f"ficha_{conjunto}.md",
    )


def guardar_json(ruta: Path, datos: dict, sangria: int = 1) -> None:
    """Escribe el archivo entero y solo entonces sustituye al anterior."""
    ruta.parent.mkdir(parents=True, exist_ok=True)
    provisional = ruta.with_suffix(".tmp")
    texto = json.dumps(datos, ensure_ascii=False, indent=sangria) + "\n"
    provisional.write_text(texto, encoding="utf-8")
    os.replace(provisional, ruta)


def poner_al_dia(conjunto: str, cifras: dict, tabla: str, raiz: Path = RAIZ) -> None:
    """Escribe las cifras en JSON y la tabla entre las marcas de la ficha.

    Si la ficha no tiene las marcas, lo dice y no escribe nada.
    """
    ruta, ficha = cifras_y_ficha(conjunto, raiz)
    viejo = ficha.read_text(encoding="utf-8")
    if not MARCA.search(viejo):
        raise SystemExit(f"No encuentro dónde va la tabla en {ficha.name}.")
    nuevo = MARCA.sub(lambda m: f"{m[1]}\n{tabla}\n\n{m[2]}", viejo)
    guardar_json(ruta, cifras, sangria=2)
    ficha.write_text(nuevo, encoding="utf-8")
    print(f"{ruta.relative_to(raiz)} y {ficha.relative_to(raiz)} quedan al día.")
