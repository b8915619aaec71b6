"""Escribe las cifras de un conjunto de datos y la tabla de su ficha, a la vez."""

from __future__ import annotations

import json
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


def poner_al_dia(conjunto: str, cifras: dict, tabla: str, raiz: Path = RAIZ) -> None:
    """Escribe las cifras en JSON y la tabla entre las marcas de la ficha.

    Si la ficha no tiene las marcas, lo dice y no escribe nada.
    """
    ruta, ficha = cifras_y_ficha(conjunto, raiz)
    viejo = ficha.read_text(encoding="utf-8")
    if not MARCA.search(viejo):
        raise SystemExit(f"No encuentro dónde va la tabla en {ficha.name}.")
    nuevo = MARCA.sub(lambda m: f"{m[1]}\n{tabla}\n\n{m[2]}", viejo)
    texto = json.dumps(cifras, ensure_ascii=False, indent=2) + "\n"
    ruta.write_text(texto, encoding="utf-8")
    ficha.write_text(nuevo, encoding="utf-8")
    print(f"{ruta.relative_to(raiz)} y {ficha.relative_to(raiz)} quedan al día.")
