"""Lo que se prueba en cada juego de versiones; corre dentro de su entorno.

    python -m herramientas.compatibilidad.piezas importar
    python -m herramientas.compatibilidad.piezas 09

Las lecciones corren sin sus ejercicios; la 10 y la 11, sin lo que dice LECCIONES.
Termina con código distinto de cero, y la causa en la última línea, si algo falla.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import time

from herramientas.archivos import RAIZ
from herramientas.cuadernos.leer import rutas

MODULOS = (
    "torch transformers datasets peft bitsandbytes accelerate trl.trainer.sft_trainer "
    "taller.modelos taller.perfil taller.ejercicios taller.conjuntos.cargar"
)
# Las del paquete: no abren un navegador, no construyen el sitio ni ejecutan cuadernos.
RAPIDAS = "test_taller test_ejercicios test_conjugador test_tratamientos test_perfiles"
# La 10 se acorta: doce pasos en lugar de todos, y nada de lo que mide el acierto.
PASOS_DE_LA_10 = 12
# La 16 escribe programas con la magia %%guardar: pide un núcleo de Jupyter.
LECCIONES = {
    ruta.stem[:2]: {"cuaderno": ruta.stem}
    for ruta in rutas()
    if ruta.stem[:2].isdigit() and ruta.stem[:2] < "16"
}
LECCIONES["10"] |= {"hasta": "memoria", "sin": "control curva"}
# El arnés se instala aparte y no es de Colab.
LECCIONES["11"] |= {"sin": "arnes arnes-igual"}
PIEZAS = ("importar", "controles", "rapidas", *LECCIONES)


def importar() -> None:
    """Importa las bibliotecas y los módulos del curso que las usan."""
    for modulo in MODULOS.split():
        importlib.import_module(modulo)


def controles() -> None:
    """Los controles en vivo, con el ipywidgets que haya: mover uno vuelve a dibujar."""
    os.environ.pop("TALLER_ESTATICO", None)
    from IPython import display

    from taller import control

    mostrado, dibujado = [], []
    display.display = mostrado.append
    control(lambda eje, valor: dibujado.append(valor), valor=[1, 2])
    mostrado[-1].children[0].value = 2
    if dibujado != [1, 2]:
        raise SystemExit(f"El control dibujó {dibujado} y debía dibujar [1, 2].")


def rapidas() -> None:
    """Las pruebas rápidas del paquete."""
    rutas = [f"tests/{nombre}.py" for nombre in RAPIDAS.split()]
    orden = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    if codigo := subprocess.call([*orden, "-m", "not lento", *rutas], cwd=RAIZ):
        raise SystemExit(f"pytest terminó con el código {codigo}.")


def leccion(numero: str) -> None:
    """Corre las celdas de una lección, sin ejercicios; la 10, acortada.

    Errores: los de la celda que falle; su nombre se dice antes.
    """
    import builtins

    from IPython.display import display

    from herramientas.medidas.celdas import Leccion

    builtins.display = display  # un cuaderno lo trae puesto
    inicio = time.time()

    def tras(ident: str, espacio: dict) -> None:
        print(f"{time.time() - inicio:6.1f} s  {ident}", flush=True)
        if ident == "10-config":
            espacio["comunes"] |= {"max_steps": PASOS_DE_LA_10, "warmup_steps": 2}

    Leccion(**LECCIONES[numero]).correr(tras)


def principal(argumentos: list[str]) -> int:
    """Corre la pieza nombrada."""
    if len(argumentos) != 1 or argumentos[0] not in PIEZAS:
        print(f"Di qué pieza: {', '.join(PIEZAS)}.")
        return 2
    nombre = argumentos[0]
    if nombre in LECCIONES:
        leccion(nombre)
    else:
        globals()[nombre]()
    return 0


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
