"""Prueba el curso con otras versiones de sus bibliotecas y con otros Python.

    make colab                     06, 09 y 11 con las versiones de Colab
    make colab ARGS=--todas        con su torch, las lecciones 00 a 15
    make matriz                    mínimas, fijadas, nuevas y Colab
    make matriz ARGS=mínimas-3.11  solo esa combinación
    make matriz ARGS=--de-cero     olvida lo que quedó a medias

Cada combinación tiene su entorno en _build/entornos. Lo hecho se anota pieza por pieza:
si algo lo corta, la próxima vez sigue ahí. Al terminar escribe resultados/colab.json o
matriz.json, con fecha y versiones. Descarga varios gigas la primera vez.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from packaging.utils import canonicalize_name as normalizar

from herramientas import candado
from herramientas import entorno as entornos
from herramientas.archivos import RAIZ, RESULTADOS, guardar_json
from herramientas.compatibilidad import combinaciones
from herramientas.compatibilidad.combinaciones import Combinacion

ENTORNOS = RAIZ / "_build" / "entornos"
# Lo que hace falta para correr las piezas, además de lo que pide el curso.
PARA_PROBAR = "pytest pytest-timeout nbval nbclient nbformat ipython ipywidgets".split()
VARIABLES = {
    "TALLER_PERFIL": "semilla",
    "TALLER_ESTATICO": "1",
    "HF_HUB_OFFLINE": "1",
    "MPLBACKEND": "Agg",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
}
MIRAR = """
import importlib.metadata as m, json, platform
hay = {d.metadata["Name"].lower(): d.version for d in m.distributions()}
print(json.dumps({"python": platform.python_version(), "versiones": hay}))
"""
COMPLETAR = """
import sys, time, taller.instalar as i
t = time.time(); i.completar(*sys.argv[1:]); print(round(time.time() - t, 1))
"""


class Fallo(Exception):
    """Una combinación no se pudo preparar; el texto dice por qué."""


def registro_de(carpeta: Path) -> Path:
    """Donde queda lo que escribió todo lo que se corrió en un entorno."""
    return carpeta.with_name(carpeta.name + ".txt")


def _correr(orden: list[str], registro: Path, cwd: Path = RAIZ) -> str:
    """Corre un programa y añade lo que escribe al registro. Devuelve su salida.

    Errores: Fallo con la última línea si termina mal.
    """
    hecho = subprocess.run(
        orden,
        cwd=cwd,
        env=os.environ | VARIABLES,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    with registro.open("a", encoding="utf-8") as archivo:
        archivo.write(f"$ {' '.join(orden)}\n{hecho.stdout}\n")
    if hecho.returncode:
        lineas = [x for x in hecho.stdout.splitlines() if x.strip()]
        raise Fallo((lineas or ["sin detalle"])[-1].strip()[:300])
    return hecho.stdout


def _pip(python: str, registro: Path, *orden: str) -> None:
    _correr([python, "-m", "pip", "install", "-q", *orden], registro)


def ordenes_de_torch(cual: Combinacion) -> list[list[str]]:
    """Qué pedirle a pip, en orden, hasta que algo sirva; lo último, el que haya."""
    ordenes = [["torch"]]
    if cual.torch:
        exacto = f"torch=={cual.torch}"
        ordenes.insert(0, [exacto])
        if not cual.con_cuda and entornos.indice_responde():
            ordenes.insert(0, ["--index-url", entornos.INDICE_CPU, exacto])
    return ordenes


def poner_torch(python: str, cual: Combinacion, registro: Path) -> None:
    """Instala torch si falta. Errores: Fallo si ninguna orden sirve."""
    try:
        _correr([python, "-c", "import torch"], registro)
        return
    except Fallo as fallo:
        ultimo = fallo
    for orden in ordenes_de_torch(cual):
        try:
            return _pip(python, registro, *orden)
        except Fallo as fallo:
            ultimo = fallo
    raise ultimo


def preparar(cual: Combinacion, base: str, carpeta: Path) -> tuple[str, dict]:
    """Crea o completa el entorno. Devuelve su Python y lo que hizo la primera celda.

    Errores: Fallo si pip no puede.
    """
    registro = registro_de(carpeta)
    python = entornos.python_de(str(carpeta))
    if not entornos.funciona(str(carpeta)):
        shutil.rmtree(carpeta, ignore_errors=True)
        _correr([base, "-m", "venv", str(carpeta)], registro)
    poner_torch(python, cual, registro)
    with tempfile.TemporaryDirectory() as temporal:
        fijas = Path(temporal) / "fijas.txt"
        fijas.write_text("\n".join(cual.fijas) + "\n", encoding="utf-8")
        if not cual.colab:
            pedidos = [str(p) for p in candado.requisitos()]
            nuevas = [] if cual.fijas else ["--upgrade"]
            limite = ["-c", str(fijas)]
            _pip(python, registro, *nuevas, *limite, *pedidos, *PARA_PROBAR)
            return python, {}
        # Lo que dejó otra vez la primera celda se quita: debe partir de cero.
        trae = {linea.split("==")[0] for linea in (*cual.fijas, "torch")}
        pedidos = {normalizar(p.name) for p in candado.requisitos()}
        sobran = sorted(pedidos - trae)
        quitar = [python, "-m", "pip", "uninstall", "-q", "-y", "taller", *sobran]
        _correr(quitar, registro)
        _pip(python, registro, "--no-deps", "-r", str(fijas))
        _pip(python, registro, "-c", str(fijas), *PARA_PROBAR)
        copia = Path(temporal) / "curso"
        shutil.copytree(RAIZ / "taller", copia / "taller")
        for nombre in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-CONTENIDO"):
            shutil.copy(RAIZ / nombre, copia / nombre)
        _pip(python, registro, "--no-deps", str(copia))
        celda: dict = {}
        for extra in ("", *cual.extras):
            orden = [python, "-c", COMPLETAR, *[extra] * bool(extra)]
            dicho = _correr(orden, registro, Path(temporal))
            *lineas, segundos = dicho.strip().splitlines()
            celda[extra] = {"segundos": float(segundos), "dijo": lineas}
    return python, celda


def clave_de(cual: Combinacion) -> str:
    """«mínimas-3.11», o solo «colab»."""
    return cual.nombre if cual.colab else f"{cual.nombre}-{cual.python}"


def probar(cual: Combinacion, ficha: dict, guardar, carpeta: Path = ENTORNOS) -> None:
    """Prueba una combinación y anota cada pieza en `ficha` en cuanto termina.

    Argumentos: `ficha`, lo que ya se sabe de ella; `guardar`, que la escribe en disco.
    """
    base = combinaciones.buscar_python(cual.python)
    if base is None and cual.colab:
        base = sys.executable
        ficha["nota"] = f"sin Python {cual.python} en este equipo"
    if base is None:
        ficha["omitida"] = f"no hay Python {cual.python} en este equipo"
        return guardar()
    carpeta.mkdir(parents=True, exist_ok=True)
    suya = carpeta / clave_de(cual).replace("í", "i")
    ficha.pop("omitida", None)
    piezas = ficha.setdefault("piezas", {})
    try:
        python, celda = preparar(cual, base, suya)
        visto = json.loads(_correr([python, "-c", MIRAR], registro_de(suya)))
    except Fallo as fallo:
        piezas["instalar"] = {"pasa": False, "causa": str(fallo)}
        return guardar()
    piezas.pop("instalar", None)
    for extra, hizo in celda.items():
        clave = f"primera_celda_{extra}" if extra else "primera_celda"
        ficha.setdefault(clave, hizo)
    nombres = ("torch", *combinaciones.BIBLIOTECAS, *combinaciones.TAMBIEN, "pyarrow")
    hay = visto["versiones"]
    ficha["python"] = visto["python"]
    ficha["versiones"] = {n: hay[n] for n in nombres if n in hay}
    for numero, pieza in enumerate(cual.piezas, 1):
        if pieza in piezas:
            continue
        rotulo = f"{clave_de(cual)} [{numero}/{len(cual.piezas)}] {pieza}"
        print(f"{rotulo} … ", end="", flush=True)
        inicio = time.time()
        orden = [python, "-m", "herramientas.compatibilidad.piezas", pieza]
        try:
            _correr(orden, registro_de(suya))
            piezas[pieza] = {"pasa": True}
        except Fallo as fallo:
            piezas[pieza] = {"pasa": False, "causa": str(fallo)}
        piezas[pieza]["segundos"] = round(time.time() - inicio)
        print("pasa" if piezas[pieza]["pasa"] else "FALLA", flush=True)
        guardar()


def _leer(ruta: Path) -> dict:
    try:
        return json.loads(ruta.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def correr(cuales: list[Combinacion], nombre: str, de_cero: bool = False) -> int:
    """Prueba cada combinación y escribe el resultado. Devuelve 1 si algo falló."""
    parcial = ENTORNOS / f"{nombre}.parcial.json"
    destino = RESULTADOS / f"{nombre}.json"
    if de_cero:
        parcial.unlink(missing_ok=True)
    hechas = _leer(parcial)
    for cual in cuales:
        ficha = hechas.setdefault(clave_de(cual), {})
        probar(cual, ficha, lambda: guardar_json(parcial, hechas))
        ficha["fecha"] = datetime.date.today().isoformat()
        guardar_json(parcial, hechas)
    todas = _leer(destino).get("combinaciones", {}) | hechas
    informe = {
        "programa": "herramientas/compatibilidad/correr.py",
        "sistema": f"{platform.system()} {platform.machine()}",
        "nota": "los segundos dependen de lo ocupado que estaba el equipo",
        "combinaciones": todas,
    }
    guardar_json(destino, informe)
    parcial.unlink(missing_ok=True)
    malas = [
        f"{clave}: {pieza}"
        for clave in hechas
        for pieza, como in hechas[clave].get("piezas", {}).items()
        if not como["pasa"]
    ]
    print("Falla: " + "; ".join(malas) if malas else "Todo lo probado pasa.")
    print(f"Escrito en {destino.relative_to(RAIZ)}.")
    return 1 if malas else 0


def principal(argumentos: list[str]) -> int:
    """Corre «colab» o «matriz»."""
    p = argparse.ArgumentParser(description="Prueba el curso con otras versiones.")
    p.add_argument("cual", choices=("colab", "matriz"))
    p.add_argument("nombres", nargs="*", help="solo estas combinaciones")
    p.add_argument("--todas", action="store_true", help="colab: lecciones 00 a 15")
    p.add_argument("--de-cero", action="store_true", help="olvida lo hecho a medias")
    a = p.parse_args(argumentos)
    de_colab = combinaciones.colab_entero if a.todas else combinaciones.colab
    todas = combinaciones.matriz() if a.cual == "matriz" else [de_colab()]
    claves = [clave_de(c) for c in todas]
    if raros := set(a.nombres) - set(claves):
        print(f"No hay combinación «{raros.pop()}»: las hay {', '.join(claves)}.")
        return 2
    elegidas = [c for c in todas if not a.nombres or clave_de(c) in a.nombres]
    return correr(elegidas, a.cual, a.de_cero)


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
