"""Ejecutar un cuaderno entero en un núcleo nuevo, celda por celda.

Lo usan ejecutar.py, que guarda lo que sale, y las pruebas de las versiones en vivo.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import (
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat import NotebookNode

from herramientas.archivos import RAIZ
from herramientas.cuadernos.leer import (
    ENTORNO,
    ErrorDeCuaderno,
    etiquetas,
    primera_linea,
)
from herramientas.cuadernos.vigia import Vigia

TESTIGO = Path(__file__).parent / "testigo"
# Lo que puede gastar un cuaderno: se avisa, no se prueba, porque depende de la máquina.
LIMITE_S, LIMITE_GB = 100, 3
LIMITES_PROPIOS = {
    "10_qlora_sft": 150,  # ajusta un modelo entero y lo mide
    "16_escala": 150,  # abre procesos de accelerate y dos veces Ray
    "museo_de_errores": 150,  # abre otros procesos y varios entrenadores
}

COLOR = re.compile(r"\x1b\[[0-9;]*m")

# Avisa de cada celda: (celda, número, total, segundos); segundos es None al empezar.
Avisar = Callable[[NotebookNode, int, int, float | None], None]


class _EsteEntorno(KernelSpecManager):
    """Usa el Python de este programa, no un «python3» instalado en otro sitio."""

    def get_kernel_spec(self, kernel_name):
        return KernelSpec(resource_dir="", **get_kernel_dict())


def entorno(testigo: Path | None = None) -> dict[str, str]:
    """Variables del núcleo: semilla, sin red, y el `taller` de esta carpeta.

    Si se da `testigo`, ahí se anota qué usa el cuaderno (ver testigo/).
    """
    nuevo = {**os.environ, **ENTORNO}
    nuevo.pop("MPLBACKEND", None)
    nuevo.pop("TALLER_TESTIGO", None)
    caminos = [str(RAIZ), nuevo.get("PYTHONPATH", "")]
    if testigo:
        nuevo["TALLER_TESTIGO"] = str(testigo)
        caminos.insert(0, str(TESTIGO))
    nuevo["PYTHONPATH"] = os.pathsep.join(c for c in caminos if c)
    return nuevo


def _mensaje(celda: NotebookNode, total: str, que: str, final: str) -> str:
    lineas = "\n".join("    " + x for x in final.splitlines())
    return (
        f"{que} en la celda «{celda.id}» (código {total}).\n"
        f"  Empieza así: {primera_linea(celda)}\n{lineas}"
    )


def _ultimas_lineas(error: CellExecutionError) -> str:
    """El tipo y el texto del error, y de dónde viene, sin colores."""
    rastro = COLOR.sub("", error.traceback or "").rpartition("Traceback (")[2]
    rastro = rastro.strip().splitlines()[1:]
    final = f"{error.ename}: {COLOR.sub('', error.evalue)}".strip()
    cuerpo = [x for x in rastro if x.strip()][-12:]
    return "\n".join(cuerpo if error.ename in "".join(cuerpo) else [*cuerpo, final])


class Fallo(ErrorDeCuaderno):
    """Una celda falló. `celda` es la celda; el texto ya dice cuál y por qué."""

    def __init__(self, celda: NotebookNode, texto: str):
        super().__init__(texto)
        self.celda = celda


def ejecutar(
    cuaderno: NotebookNode,
    carpeta: Path,
    limite: float | None = None,
    avisar: Avisar | None = None,
    testigo: Path | None = None,
) -> dict[str, float]:
    """Ejecuta el cuaderno en su sitio, con `carpeta` como carpeta de trabajo.

    `limite`: segundos permitidos por celda; `testigo`: archivo donde se anota qué usa
    de `taller`. Devuelve segundos (de reloj), cpu_s (de procesador), memoria_gb (pico
    del núcleo y sus hijos) y celdas. Lanza Fallo con la celda y la causa.
    """
    try:
        return asyncio.run(_ejecutar(cuaderno, carpeta, limite, avisar, testigo))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def excesos(nombre: str, segundos: float, memoria_gb: float, **_) -> list[str]:
    """Qué límites del curso pasó un cuaderno, en dos núcleos desocupados."""
    lista, limite = [], LIMITES_PROPIOS.get(nombre, LIMITE_S)
    if segundos > limite:
        lista.append(f"tardó {segundos:.0f} s; el límite es {limite}")
    if memoria_gb > LIMITE_GB:
        lista.append(f"usó {memoria_gb:.1f} GB; el límite es {LIMITE_GB}")
    return lista


async def _ejecutar(cuaderno, carpeta, limite, avisar, testigo):
    gestor = AsyncKernelManager(
        kernel_name="python3", kernel_spec_manager=_EsteEntorno()
    )
    cliente = NotebookClient(
        cuaderno,
        km=gestor,
        timeout=limite,
        startup_timeout=180,
        record_timing=False,
        shutdown_kernel="immediate",
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(carpeta)}},
    )
    con_codigo = [
        (i, c)
        for i, c in enumerate(cuaderno.cells)
        if c.cell_type == "code" and c.source.strip()
    ]
    inicio = time.perf_counter()
    # cleanup_kc: cerrar el núcleo al salir, también si una celda falla.
    async with cliente.async_setup_kernel(env=entorno(testigo), cleanup_kc=True):
        _cortes_normales()
        with Vigia(gestor.provisioner.pid) as vigia:
            for numero, (indice, celda) in enumerate(con_codigo, start=1):
                if avisar:
                    avisar(celda, numero, len(con_codigo), None)
                antes = time.perf_counter()
                lugar = f"{numero} de {len(con_codigo)}"
                await _una_celda(cliente, celda, indice, lugar, limite)
                if avisar:
                    segundos = time.perf_counter() - antes
                    avisar(celda, numero, len(con_codigo), segundos)
            cpu_s = vigia.cpu_s()
        segundos = time.perf_counter() - inicio
    return {
        "segundos": round(segundos, 1),
        "cpu_s": round(cpu_s, 1),
        "memoria_gb": round(vigia.pico_gb, 2),
        "celdas": len(con_codigo),
    }


def _cortes_normales() -> None:
    """Que Ctrl+C detenga este programa: nbclient lo tomaría como un núcleo muerto."""
    ciclo = asyncio.get_running_loop()
    try:
        ciclo.add_signal_handler(signal.SIGINT, asyncio.current_task().cancel)
        ciclo.remove_signal_handler(signal.SIGTERM)
    except NotImplementedError:  # Windows
        pass


async def _una_celda(cliente, celda, indice, lugar, limite):
    try:
        await cliente.async_execute_cell(celda, indice)
    except CellExecutionError as error:
        texto = _mensaje(celda, lugar, "Error", _ultimas_lineas(error))
        raise Fallo(celda, texto) from None
    except CellTimeoutError:
        texto = _mensaje(
            celda, lugar, "Demasiado tiempo", f"Pasó de {limite:.0f} s y se detuvo."
        )
        raise Fallo(celda, texto) from None
    except DeadKernelError:
        if asyncio.current_task().cancelling():  # fue Ctrl+C, no la memoria
            raise asyncio.CancelledError from None
        texto = _mensaje(
            celda,
            lugar,
            "El núcleo murió",
            "Suele ser falta de memoria: cierra otros programas y repite.",
        )
        raise Fallo(celda, texto) from None
    # nbclient no lanza nada si la celda espera un error y este no llega.
    hubo_error = any(s.output_type == "error" for s in celda.outputs)
    if "raises-exception" in etiquetas(celda) and not hubo_error:
        que = "Falta el error que debía mostrar"
        texto = _mensaje(celda, lugar, que, "Quita la etiqueta raises-exception.")
        raise Fallo(celda, texto)
