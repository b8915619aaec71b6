"""Ensaya el paquete: lo instala sin red en una carpeta nueva y ejecuta la 00 y la 10.

    python -m herramientas.usb.ensayo            las dos lecciones
    python -m herramientas.usb.ensayo 00         solo una

Todo corre dentro de un espacio de red propio, que solo tiene el lazo interno: nada
puede salir, sea Python o no. Por eso pide Linux y permiso para crearlo (`unshare`). Si
el paquete de `_build/usb/` no existe, lo hace antes con `make usb`; si es de un código
anterior, lo dice y para. Lo que midió queda en resultados/usb.json.
Códigos de salida: 0 si todo corre; 1 si algo falla.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from datetime import date
from pathlib import Path

from herramientas.archivos import (
    NOTEBOOKS,
    RAIZ,
    RESULTADOS,
    escribiendo,
    guardar_json,
    sello,
)
from herramientas.empaquetar import version
from herramientas.entorno import Problema
from herramientas.usb import __main__ as usb
from herramientas.usb import arbol
from herramientas.usb.descarga import barra

LECCIONES = ("00", "10")
# Levanta el lazo interno del espacio nuevo, que nace apagado, comprueba que fuera de él
# no hay nada y ejecuta lo pedido.
AISLADO = """
import fcntl, os, socket, struct, sys
enchufe = socket.socket()
ficha = struct.pack("16sh14x", b"lo", 1)
fcntl.ioctl(enchufe, 0x8914, ficha)
with open("/proc/net/route") as rutas:
    if len(rutas.readlines()) > 1:
        sys.exit("Este espacio tiene salida a la red: el ensayo no valdría.")
os.execvp(sys.argv[1], sys.argv[1:])
"""
EJECUTAR = """
import sys, nbformat
from nbclient import NotebookClient
cuaderno = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(cuaderno, timeout=3600, kernel_name="python3").execute()
print(sum(celda.cell_type == "code" for celda in cuaderno.cells), "celdas")
"""


def sin_red(orden: list[str], carpeta: Path) -> tuple[int, str]:
    """Ejecuta una orden sin red y devuelve su código y lo que escribió.

    Errores: Problema si este equipo no deja crear un espacio de red propio.
    """
    if not shutil.which("unshare"):
        raise Problema("El ensayo pide Linux con «unshare», para cortar la red.")
    aparte = ["unshare", "--net"]
    if os.geteuid():
        aparte = ["unshare", "--net", "--map-root-user"]
    limpio = {
        n: v
        for n, v in os.environ.items()
        if n not in ("PYTHONPATH", "TALLER_HILOS", "TALLER_REGISTRO_RED")
    }
    limpio |= {"HF_HUB_OFFLINE": "1", "TALLER_PERFIL": "semilla", "PYTHONUTF8": "1"}
    hecho = subprocess.run(
        [*aparte, sys.executable, "-I", "-c", AISLADO, *orden],
        cwd=carpeta,
        env=limpio,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if hecho.stdout.startswith("unshare:"):
        raise Problema(
            "Este equipo no deja crear un espacio sin red: prueba como root."
        )
    return hecho.returncode, hecho.stdout


def comprobar_lecciones(numeros: list[str]) -> None:
    """Lanza Problema si no hay una lección con alguno de esos números."""
    hay = [r.name[:2] for r in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))]
    if faltan := [n for n in numeros if n not in hay]:
        raise Problema(
            f"No hay lección {', '.join(faltan)}; elige de {', '.join(hay)}."
        )


def comprobar_paquete(paquete: Path, raiz: Path = RAIZ) -> None:
    """Lanza Problema si el curso de un paquete no es el de hoy, o si está dañado."""
    try:
        with zipfile.ZipFile(paquete) as archivo:
            texto = archivo.read(f"{paquete.stem}/{arbol.CONTENIDO}")
        archivos = json.loads(texto)["archivos"]
    except (OSError, zipfile.BadZipFile, LookupError, ValueError) as error:
        raise Problema(f"{paquete} está dañado: bórralo y repite.") from error
    lleva = {n: h for n, (h, _) in archivos.items() if n.startswith("curso/")}
    hoy = {f"curso/{n}": sello(raiz / n) for n in arbol.del_curso(raiz)}
    distintos = {n for n, _ in lleva.items() ^ hoy.items()}
    # Lo que pesó el paquete se anota cuando ya está hecho.
    distintos -= {f"curso/{(RESULTADOS / usb.ARCHIVO).relative_to(RAIZ).as_posix()}"}
    if distintos:
        raise Problema(
            f"{paquete} es de un código anterior, porque cambió {min(distintos)}: "
            "ejecuta «make usb» y repite."
        )


def extraer(paquete: Path, carpeta: Path) -> Path:
    """Descomprime el paquete y devuelve la carpeta que sale de él."""
    with zipfile.ZipFile(paquete) as archivo:
        fichas = archivo.infolist()
        with barra("descomprimido", sum(f.file_size for f in fichas)) as lleva:
            for ficha in fichas:
                archivo.extract(ficha, carpeta)
                lleva.update(ficha.file_size)
    (raiz,) = carpeta.iterdir()
    return raiz


def ensayar(paquete: Path, lecciones: list[str], carpeta: Path) -> dict:
    """Instala el paquete sin red en `carpeta` y ejecuta las lecciones.

    Devuelve los segundos de cada cosa. Errores: Problema con el final de lo que dijo lo
    que falló.
    """
    llegada, casa = carpeta / "memoria", carpeta / "casa" / "curso"
    llegada.mkdir()
    raiz = extraer(paquete, llegada)
    hecho = {"fecha": date.today().isoformat(), "paquete_bytes": paquete.stat().st_size}
    inicio = time.monotonic()
    print("Instalo sin red…", flush=True)
    codigo, dicho = sin_red(
        ["sh", str(raiz / "instalar.sh"), "--destino", str(casa)], carpeta
    )
    if codigo:
        registro = casa / "instalacion.txt"
        fin = (
            registro.read_text("utf-8", "replace")[-1500:] if registro.exists() else ""
        )
        raise Problema(f"No se instaló:\n{dicho[-1500:]}\n{fin}")
    hecho["instalar_s"] = round(time.monotonic() - inicio, 1)
    shutil.rmtree(llegada)  # lo instalado no necesita la memoria
    python = casa / "entorno" / "bin" / "python"
    hecho["lecciones"] = {}
    for leccion in lecciones:
        (cuaderno,) = (casa / "curso" / "notebooks").glob(f"{leccion}_*.ipynb")
        print(f"Ejecuto {cuaderno.name} sin red…", flush=True)
        inicio = time.monotonic()
        codigo, dicho = sin_red(
            [str(python), "-c", EJECUTAR, str(cuaderno)], cuaderno.parent
        )
        if codigo:
            raise Problema(f"{cuaderno.name} falló:\n{dicho[-2500:]}")
        hecho["lecciones"][leccion] = {
            "segundos": round(time.monotonic() - inicio, 1),
            "celdas": int(dicho.split()[-2]),
        }
    return hecho


def principal(argumentos: list[str] | None = None) -> int:
    """Ensaya el paquete de este equipo y guarda lo que midió."""
    p = argparse.ArgumentParser(prog="ensayo-usb", description=__doc__.split("\n")[0])
    p.add_argument("lecciones", nargs="*", default=list(LECCIONES), help="números")
    a = p.parse_args(argumentos)
    paquete = usb.TALLER / usb.nombre_del_paquete(version())
    try:
        comprobar_lecciones(a.lecciones)
        if not paquete.exists() and usb.principal(["--guardar"]):
            return 1
        comprobar_paquete(paquete)
        with (
            escribiendo(tempfile.gettempdir(), Problema),
            tempfile.TemporaryDirectory(prefix="ensayo-usb-") as carpeta,
        ):
            hecho = ensayar(paquete, a.lecciones, Path(carpeta))
        if set(a.lecciones) == set(LECCIONES):
            ruta = RESULTADOS / usb.ARCHIVO
            with escribiendo(ruta, Problema):
                guardar_json(ruta, usb.medido() | {"ensayo": hecho})
    except Problema as problema:
        print(problema, file=sys.stderr)
        return 1
    for leccion, dato in hecho["lecciones"].items():
        print(f"  {leccion}: {dato['celdas']} celdas en {dato['segundos']:.0f} s")
    print(f"Instalado en {hecho['instalar_s']:.0f} s y ejecutado, todo sin red.")
    return 0


if __name__ == "__main__":
    sys.exit(principal())
