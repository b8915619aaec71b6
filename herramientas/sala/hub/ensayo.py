"""Ensaya el curso en un JupyterHub de verdad: seis estudiantes a la vez, por el proxy.

    python -m herramientas.sala.hub.ensayo                  # lo que falte por medir
    python -m herramientas.sala.hub.ensayo 00               # otra vez esa lección
    python -m herramientas.sala.hub.ensayo --alumnos 2 00   # una prueba: no guarda nada

Cada quien tiene su propio servidor y su propio núcleo. De cada uno mide la memoria,
los segundos y lo que falló. Cada lección se guarda al terminar: si se corta, repite la
orden y sigue con la que falta. La 10 ocupa todos los núcleos un buen rato.
Códigos de salida: 0 si nadie falló; 1 si alguien falló o el hub no pudo trabajar.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import threading
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

import psutil

from herramientas.archivos import RAIZ, RESULTADOS, guardar_json
from herramientas.cuadernos.leer import rutas
from herramientas.sala.hub import servidor
from herramientas.sala.hub.alumno import Alumno, Corrida, todos_a_la_vez
from herramientas.sala.hub.memoria import DEL_HUB, Vigia

ALUMNOS = 6
FASES = ("00", "10")
ARCHIVO = "ensayo_hub.json"
PAQUETES = ("jupyterhub", "jupyterlab", "ipykernel", "torch", "transformers", "trl")
REPOSO = 5  # segundos antes de medir un servidor al que nadie pide nada


def cuaderno_de(leccion: str) -> str:
    """El archivo de una lección dada por su número; SystemExit si no existe."""
    todos = {ruta.name.split("_")[0]: ruta.name for ruta in rutas()}
    if leccion not in todos:
        raise SystemExit(
            f"No hay lección {leccion}: las que hay son {', '.join(todos)}."
        )
    return todos[leccion]


def equipo() -> dict:
    """Núcleos, memoria y versiones con que se mide."""
    return {
        "nucleos": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memoria_bytes": psutil.virtual_memory().total,
        "python": platform.python_version(),
        "versiones": {p: version(p) for p in PAQUETES},
    }


class Marcador:
    """Una línea cada tanto con las celdas que lleva cada quien."""

    def __init__(self, cada: float = 15.0) -> None:
        self.hechas: dict[str, tuple[int, int]] = {}
        self.cada, self.ultima = cada, time.monotonic()
        self.cerrojo = threading.Lock()

    def anotar(self, quien: str, hechas: int, todas: int) -> None:
        """Apunta el avance de alguien y, si hace rato que no se dice nada, lo dice."""
        with self.cerrojo:
            self.hechas[quien] = (hechas, todas)
            ahora = time.monotonic()
            if ahora - self.ultima >= self.cada or all(
                h == t for h, t in self.hechas.values()
            ):
                self.ultima = ahora
                van = sum(h for h, _ in self.hechas.values())
                de = sum(t for _, t in self.hechas.values())
                llenos = 20 * van // de
                barra = "█" * llenos + "·" * (20 - llenos)
                print(f"  {barra} {van} de {de} celdas", flush=True)


def ensayar(leccion: str, cuantos: int, proxy: list[str], carpeta: Path) -> dict:
    """Una lección, con todos los estudiantes a la vez, en un hub recién arrancado.

    Argumentos: `leccion`, su número; `cuantos` estudiantes; `proxy`, la orden que lo
    arranca; `carpeta`, dónde trabaja el hub.
    Devuelve la fase: arranque, memoria del hub y una fila por estudiante.
    """
    cuaderno, marcador = cuaderno_de(leccion), Marcador()
    carga = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    with servidor.Hub(carpeta, proxy) as hub, Vigia(hub) as vigia:
        print(f"Hub en marcha ({hub.arranque_s:.0f} s). Entran {cuantos}…", flush=True)
        alumnos = [
            Alumno(hub.publica, f"estudiante-{n}", hub.clave)
            for n in range(1, cuantos + 1)
        ]
        corridas = {a.nombre: Corrida(a.nombre) for a in alumnos}

        def llegar(alumno: Alumno) -> None:
            alumno.entrar()
            corridas[alumno.nombre].servidor_s = alumno.pedir_servidor()

        def trabajar(alumno: Alumno) -> None:
            corrida = corridas[alumno.nombre]
            try:
                alumno.ejecutar(
                    cuaderno, corrida, lambda *n: marcador.anotar(alumno.nombre, *n)
                )
            except Exception as error:  # de red o del hub: es su falla, no la de todos
                corrida.fallas.append(str(error) or type(error).__name__)

        todos_a_la_vez(alumnos, llegar)
        print(f"Servidores listos: {cuaderno} a la vez en los {cuantos}.", flush=True)
        time.sleep(REPOSO)
        ociosos, cpu_antes = vigia.mirar(), dict(vigia.cpu)
        for alumno in alumnos:
            corridas[alumno.nombre].ocioso_bytes = ociosos[alumno.nombre]
        vigia.pico.clear()
        inicio = time.monotonic()
        todos_a_la_vez(alumnos, trabajar)
        segundos = time.monotonic() - inicio
        vigia.mirar()
        for nombre, corrida in corridas.items():
            corrida.pico_bytes = vigia.pico[nombre]
            corrida.cpu_s = vigia.cpu[nombre] - cpu_antes[nombre]
        return {
            "cuaderno": cuaderno,
            "fecha": date.today().isoformat(),
            "carga_antes": None if carga is None else round(carga, 1),
            "hub_s": round(hub.arranque_s, 1),
            "hub_bytes": vigia.pico[DEL_HUB],
            "segundos": round(segundos, 1),
            "estudiantes": [c.fila() for c in corridas.values()],
        }


def fallas_de(fase: dict) -> list[str]:
    """Lo que falló en una fase, dicho con quién."""
    return [f"{e['alumno']}, {f}" for e in fase["estudiantes"] for f in e["fallas"]]


def leer(ruta: Path) -> dict:
    """El resultado que ya hay, o vacío."""
    return json.loads(ruta.read_text("utf-8")) if ruta.exists() else {}


def por_medir(datos: dict) -> list[str]:
    """Las lecciones del ensayo que faltan, o en las que alguien falló."""
    fases = datos.get("fases", {})
    return [f for f in FASES if f not in fases or fallas_de(fases[f])]


def guardar(ruta: Path, leccion: str, fase: dict, proxy: str) -> None:
    """Añade una fase al resultado. Si cambió el equipo, lo de antes ya no vale."""
    propio = {
        "programa": "herramientas/sala/hub/ensayo.py",
        "hilos": int(servidor.VARIABLES["OMP_NUM_THREADS"]),
        "proxy": proxy,
        **equipo(),
    }
    viejo = leer(ruta)
    fases = viejo.get("fases", {})
    if any(viejo.get(k) != v for k, v in propio.items()):
        fases = {}
    fases = fases | {leccion: fase}
    guardar_json(ruta, propio | {"fases": dict(sorted(fases.items()))})


def main() -> int:
    """Ensaya las lecciones pedidas y dice qué midió."""
    p = argparse.ArgumentParser(
        prog="ensayo-hub", description=__doc__.split("\n")[0], allow_abbrev=False
    )
    p.add_argument("lecciones", nargs="*", help="números; por omisión, lo que falte")
    p.add_argument("--alumnos", type=int, default=ALUMNOS, help="cuántos a la vez")
    p.add_argument("--proxy", choices=("node", "python"), default="node")
    a = p.parse_args()
    ruta = RESULTADOS / ARCHIVO
    lecciones = a.lecciones or por_medir(leer(ruta))
    if not lecciones:
        print("Ya está todo medido. Para repetir, di qué lecciones: 00 10.")
        return 0
    if a.alumnos < 1:
        p.error("hace falta al menos un estudiante")
    for leccion in lecciones:
        cuaderno_de(leccion)
    salida = 0
    try:
        proxy = (
            servidor.proxy_de_node(RAIZ / "_build" / "hub")
            if a.proxy == "node"
            else servidor.proxy_de_python()
        )
        for leccion in lecciones:
            with tempfile.TemporaryDirectory(prefix="ensayo-hub-") as carpeta:
                fase = ensayar(leccion, a.alumnos, proxy, Path(carpeta))
            for e in fase["estudiantes"]:
                print(
                    f"  {e['alumno']}: servidor {e['servidor_s']:.0f} s, "
                    f"{e['celdas']} celdas en {e['segundos']:.0f} s, "
                    f"pico {e['pico_bytes'] / 1e9:.2f} GB".replace(".", ",")
                )
            if fallas := fallas_de(fase):
                print("\n".join(fallas), file=sys.stderr)
                salida = 1
            if a.alumnos == ALUMNOS:
                guardar(ruta, leccion, fase, a.proxy)
                print(f"Guardado en {ruta.relative_to(RAIZ)}.", flush=True)
    except servidor.FallaDelHub as falla:
        print(falla, file=sys.stderr)
        return 1
    return salida


if __name__ == "__main__":
    sys.exit(main())
