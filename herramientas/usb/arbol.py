"""Lo que va en el paquete: qué archivos, con qué huella, y cómo se escribe.

de-tokens-a-qlora-usb-0.2.0/
    LEEME.txt  instalar.sh  instalar.bat  instalar.py
    contenido.json   de cada archivo, su huella; de cada equipo, sus ruedas
    curso/           el repositorio: lecciones, modelo y datos
    sitio/           el curso para leer, sin instalar nada
    ruedas/          las bibliotecas; las que sirven a varios equipos, una vez
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

from herramientas.archivos import reemplazar_carpeta, sello
from herramientas.empaquetar import ENTRADA, PUERTA
from herramientas.entorno import Problema
from herramientas.usb.descarga import barra, exigir_espacio
from herramientas.usb.destinos import Destino
from herramientas.usb.ruedas import desempacado

PLANTILLAS = Path(__file__).resolve().parent / "plantillas"
CONTENIDO = "contenido.json"
FECHA = (1980, 1, 1, 0, 0, 0)  # la misma siempre: de lo mismo sale un archivo igual
EJECUTABLES = ("instalar.sh",)
FAT = 2**32 - 1  # bytes del archivo más grande que cabe en una memoria FAT32


def del_curso(raiz: Path) -> list[str]:
    """Los archivos del curso, con «/»: los que git vigila y siguen ahí.

    Errores: Problema si la carpeta no es un repositorio de git: sin él no se sabe qué
    es del curso y qué es de quien lo usa.
    """
    try:
        hecho = subprocess.run(
            ["git", "-c", "core.quotepath=off", "ls-files", "-z"],
            cwd=raiz,
            capture_output=True,
        )
    except OSError as error:
        raise Problema("Hace falta git para saber qué archivos son del curso.") from (
            error
        )
    nombres = sorted(hecho.stdout.decode("utf-8").split("\0"))
    hay = [n for n in nombres if n and (raiz / n).is_file()]
    if hecho.returncode or not hay:
        raise Problema(
            f"{raiz} no es un repositorio de git: clona el curso y repite ahí."
        )
    return hay


def piezas(
    raiz: Path, sitio: Path | None, ruedas: dict[Destino, list[Path]]
) -> dict[str, Path]:
    """Cada archivo del paquete: su nombre dentro y de dónde sale.

    Argumentos: `raiz`, la del curso; `sitio`, la carpeta construida o None si no va;
    `ruedas`, las de cada destino.
    """
    dentro = {f"curso/{nombre}": raiz / nombre for nombre in del_curso(raiz)}
    if sitio is not None:
        if not (sitio / "index.html").is_file():
            raise Problema(f"En {sitio} no hay un sitio construido: «make libro».")
        for ruta in sorted(sitio.rglob("*")):
            if ruta.is_file() and ruta.name not in ("404.html", ".buildinfo"):
                dentro[f"sitio/{ruta.relative_to(sitio).as_posix()}"] = ruta
    for rutas in ruedas.values():
        for ruta in rutas:
            dentro[f"ruedas/{ruta.name}"] = ruta
    for plantilla in sorted(PLANTILLAS.iterdir()):
        if plantilla.is_file():
            dentro[plantilla.name] = plantilla
    return dentro


def contenido(
    version: str, dentro: dict[str, Path], ruedas: dict[Destino, list[Path]]
) -> dict:
    """Lo que lee el instalador: huellas, tamaños y las ruedas de cada destino."""
    archivos = {}
    with barra("huellas", sum(r.stat().st_size for r in dentro.values())) as lleva:
        for nombre, ruta in dentro.items():
            pesa = ruta.stat().st_size
            archivos[nombre] = [sello(ruta), pesa]
            lleva.update(pesa)
    return {
        "version": version,
        "destinos": {
            destino.nombre: {
                "dicho": destino.sistema.dicho,
                "sistema": destino.ambiente["platform_system"],
                "maquina": destino.sistema.maquina,
                "python": destino.piton,
                "ruedas": sorted(ruta.name for ruta in rutas),
                "instaladas_bytes": sum(desempacado(ruta) for ruta in rutas),
            }
            for destino, rutas in ruedas.items()
        },
        "archivos": archivos,
    }


def pesos(datos: dict) -> dict[str, int]:
    """Bytes de cada parte del paquete: curso, sitio y las ruedas de cada destino."""
    archivos = datos["archivos"]
    partes = {
        parte: sum(p for n, (_, p) in archivos.items() if n.startswith(parte + "/"))
        for parte in ("curso", "sitio")
    }
    for nombre, destino in datos["destinos"].items():
        partes[nombre] = sum(archivos[f"ruedas/{r}"][1] for r in destino["ruedas"])
    return partes


def _sueltos(datos: dict, con_sitio: bool) -> dict[str, bytes]:
    """Los archivos que no se copian de ningún lado."""
    sueltos = {CONTENIDO: json.dumps(datos, ensure_ascii=False, indent=1).encode()}
    if con_sitio:
        sueltos[ENTRADA] = PUERTA.encode()
    return sueltos


def comprimir(destino: Path, dentro: dict[str, Path], datos: dict) -> Path:
    """Escribe el paquete en un .zip. Las ruedas ya vienen comprimidas: van tal cual.

    Argumentos: `destino`, la ruta del .zip; `dentro` y `datos`, de `piezas` y
    `contenido`. Errores: Problema si no cabe en el disco.
    """
    total = sum(pesa for _, pesa in datos["archivos"].values())
    destino.parent.mkdir(parents=True, exist_ok=True)
    exigir_espacio(destino.parent, total, destino.name)
    parcial = destino.with_suffix(".parcial")
    lleva, carpeta = barra(destino.name, total), destino.stem
    with zipfile.ZipFile(parcial, "w", zipfile.ZIP_DEFLATED) as paquete:

        def ficha(nombre: str) -> zipfile.ZipInfo:
            hecha = zipfile.ZipInfo(f"{carpeta}/{nombre}", FECHA)
            hecha.external_attr = (0o755 if nombre in EJECUTABLES else 0o644) << 16
            suelta = nombre.endswith((".whl", ".safetensors", ".woff2", ".png"))
            hecha.compress_type = zipfile.ZIP_STORED if suelta else zipfile.ZIP_DEFLATED
            return hecha

        for nombre, octetos in _sueltos(datos, "sitio/index.html" in dentro).items():
            paquete.writestr(ficha(nombre), octetos)
        for nombre, ruta in sorted(dentro.items()):
            una = ficha(nombre)
            una.file_size = ruta.stat().st_size
            with ruta.open("rb") as entra, paquete.open(una, "w") as sale:
                shutil.copyfileobj(entra, sale, 2**20)
            lleva.update(una.file_size)
    lleva.close()
    parcial.replace(destino)
    return destino


def copiar_a(destino: Path, dentro: dict[str, Path], datos: dict) -> Path:
    """Escribe el paquete suelto en una carpeta, por ejemplo la de la memoria USB.

    Argumentos: `destino`, la carpeta que se crea o se reemplaza; lo demás, como en
    `comprimir`. Errores: Problema si no cabe.
    """
    total = sum(pesa for _, pesa in datos["archivos"].values())
    exigir_espacio(destino.parent, total, destino.name)
    provisional = destino.with_name(destino.name + ".parcial")
    if provisional.exists():
        shutil.rmtree(provisional)
    lleva = barra(destino.name, total)
    for nombre, octetos in _sueltos(datos, "sitio/index.html" in dentro).items():
        ruta = provisional / nombre
        ruta.parent.mkdir(parents=True, exist_ok=True)
        ruta.write_bytes(octetos)
    for nombre, origen in dentro.items():
        ruta = provisional / nombre
        ruta.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(origen, ruta)
        if nombre in EJECUTABLES and os.name != "nt":
            ruta.chmod(0o755)
        lleva.update(datos["archivos"][nombre][1])
    lleva.close()
    reemplazar_carpeta(provisional, destino)
    return destino
