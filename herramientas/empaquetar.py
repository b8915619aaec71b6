"""Hace un .zip del sitio construido, para leerlo sin red y sin servidor.

    python -m herramientas.empaquetar

Antes construye el sitio con «make libro»; «make zip» hace las dos cosas. El archivo
queda en `_build/`. Quien lo descarga lo descomprime y abre con doble clic
`abre-el-curso.html`.
"""

from __future__ import annotations

import sys
import tomllib
import zipfile
from pathlib import Path

RAIZ = Path(__file__).resolve().parent.parent
NOMBRE = "de-tokens-a-qlora"
ENTRADA = "abre-el-curso.html"
FECHA = (1980, 1, 1, 0, 0, 0)  # la misma siempre: de un sitio igual sale un zip igual
PUERTA = """<!DOCTYPE html>
<html lang="es">
<meta charset="utf-8">
<title>De tokens a QLoRA</title>
<meta http-equiv="refresh" content="0; url=sitio/index.html">
<p><a href="sitio/index.html">Abre el curso</a></p>
</html>
"""


def version(raiz: Path = RAIZ) -> str:
    """La versión que dice pyproject.toml."""
    return tomllib.loads((raiz / "pyproject.toml").read_text("utf-8"))["project"][
        "version"
    ]


def nombre_del_zip(cual: str) -> str:
    """Nombre del archivo de una versión; los enlaces del sitio lo toman de aquí."""
    return f"{NOMBRE}-sitio-{cual}.zip"


def nombre_de(cual: str, clase: str, con_soluciones: bool = True) -> str:
    """Nombre del PDF o del EPUB de una versión.

    Argumentos: `cual`, la versión; `clase`, «pdf» o «epub»; `con_soluciones`, si las
    lleva.
    """
    return f"{NOMBRE}-{cual}{'' if con_soluciones else '-sin-soluciones'}.{clase}"


def empaquetar(sitio: Path, destino: Path) -> Path:
    """Escribe en `destino` el .zip de la carpeta `sitio` y devuelve su ruta.

    Lanza `FileNotFoundError`, con una frase, si el sitio no está construido.
    """
    if not (sitio / "index.html").is_file():
        raise FileNotFoundError(
            f"En {sitio} no hay un sitio construido: ejecuta «make libro» y repite."
        )
    destino.parent.mkdir(parents=True, exist_ok=True)
    carpeta = destino.stem
    piezas = {f"{carpeta}/{ENTRADA}": PUERTA.encode("utf-8")}
    for ruta in sorted(sitio.rglob("*")):
        # 404.html solo sirve en el servidor, y .buildinfo, al construir.
        if ruta.is_file() and ruta.name not in ("404.html", ".buildinfo"):
            dentro = ruta.relative_to(sitio).as_posix()
            piezas[f"{carpeta}/sitio/{dentro}"] = ruta.read_bytes()
    parcial = destino.with_suffix(".parcial")
    with zipfile.ZipFile(parcial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zip_:
        for nombre, datos in piezas.items():
            ficha = zipfile.ZipInfo(nombre, FECHA)
            ficha.compress_type = zipfile.ZIP_DEFLATED
            ficha.external_attr = 0o644 << 16
            zip_.writestr(ficha, datos)
    parcial.replace(destino)
    return destino


def principal(argumentos: list[str] | None = None, raiz: Path = RAIZ) -> int:
    """Empaqueta el sitio construido y dice dónde quedó y cuánto pesa."""
    if argumentos:
        print("«empaquetar» no lleva argumentos.", file=sys.stderr)
        return 2
    construccion = raiz / "_build"
    destino = construccion / nombre_del_zip(version(raiz))
    try:
        empaquetar(construccion / "html", destino)
    except FileNotFoundError as falta:
        print(falta, file=sys.stderr)
        return 1
    print(f"{destino}, {destino.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
