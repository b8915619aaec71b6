"""Cuánta máquina pide un hub, a partir de lo que midió el ensayo.

    python -m herramientas.sala.hub.cuenta                      30, 100 y 1000 personas
    python -m herramientas.sala.hub.cuenta 45 --minutos 20      con otra espera
    python -m herramientas.sala.hub.cuenta 30 --maquina 8 128   con otras máquinas
    python -m herramientas.sala.hub.cuenta 45 --precio-nucleo 0,04 --precio-gb 0,005

La memoria es el pico de la persona que más usó, o el de la lección que más pide, con un
margen. Los núcleos son los
segundos de CPU de la lección 10 repartidos en los minutos que se está dispuesto a
esperar. Los precios los pones tú: el curso no publica ninguno. Solo usa la biblioteca
estándar: el sitio se construye con esto.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path

RAIZ = Path(__file__).resolve().parents[3]
RESULTADO = RAIZ / "taller" / "recursos" / "resultados" / "ensayo_hub.json"
CUADERNOS = RESULTADO.with_name("cuadernos.json")
GB = 10**9
MARGEN = 1.4  # la guía de The Littlest JupyterHub aconseja del 20 al 40 % de más
PASO = GB // 4  # la memoria de cada quien se redondea hacia arriba a cuartos de GB
MINUTOS = 30  # lo que se espera a que todos acaben la lección 10
HORAS = 16  # las de un taller de dos días
NODO = (16, 64 * GB)  # núcleos y memoria de cada máquina de un grupo
DEL_SISTEMA = 0.1  # parte de cada máquina que se queda el sistema
# Cuántas personas, y qué parte trabaja a la vez.
CASOS = ((30, 1.0), (100, 1.0), (1000, 1.0), (1000, 0.5))


@dataclass(frozen=True)
class Persona:
    """Lo que pide una persona: bytes de memoria y segundos de CPU en la lección 10."""

    memoria: int
    cpu_s: float


@dataclass(frozen=True)
class Cuenta:
    """Lo que pide un grupo. `nodos`: máquinas como NODO; horas, de todo el taller."""

    personas: int
    a_la_vez: int
    memoria: int
    nucleos: int
    nodos: int
    nucleo_horas: int
    gb_horas: int

    def costo(self, precio_nucleo: float, precio_gb: float) -> float:
        """Lo que cuesta el taller, en la moneda de los precios, que son por hora."""
        return self.nucleo_horas * precio_nucleo + self.gb_horas * precio_gb


def peor_nucleo() -> int:
    """Bytes del núcleo de la lección que más memoria usó, de cuadernos.json."""
    datos = json.loads(CUADERNOS.read_text("utf-8"))
    return int(GB * max(c["memoria_gb"] for c in datos["cuadernos"].values()))


def persona(datos: dict, nucleo: int | None = None) -> Persona | None:
    """Lo que pide una persona según el ensayo; None si la lección 10 no se midió.

    Argumentos: `nucleo`, bytes del peor núcleo de todo el curso; sin él, el medido.
    La memoria es lo mayor entre el pico del ensayo y ese núcleo con su servidor.
    """
    fases = datos.get("fases", {})
    if "10" not in fases:
        return None
    todas = [e for fase in fases.values() for e in fase["estudiantes"]]
    picos = [e["pico_bytes"] for e in todas]
    nucleo = peor_nucleo() if nucleo is None else nucleo
    picos.append(nucleo + max(e["ocioso_bytes"] for e in todas))
    segundos = [e["cpu_s"] for e in fases["10"]["estudiantes"]]
    memoria = PASO * math.ceil(MARGEN * max(picos) / PASO)
    return Persona(memoria, max(segundos))


def cuenta(
    una: Persona,
    personas: int,
    a_la_vez: float = 1.0,
    minutos: float = MINUTOS,
    horas: float = HORAS,
    nodo: tuple[int, int] = NODO,
) -> Cuenta:
    """Lo que pide un grupo.

    Argumentos: `una`, lo de cada persona; `personas`, cuántas son; `a_la_vez`, la parte
    que trabaja al mismo tiempo, de 0 a 1; `minutos`, lo que se espera a que todas
    acaben la lección 10; `horas` que dura el taller; `nodo`, núcleos y bytes de cada
    máquina.
    Errores: ValueError si un número no tiene sentido.
    """
    if personas < 1 or not 0 < a_la_vez <= 1 or minutos <= 0 or horas <= 0:
        raise ValueError("personas, parte, minutos y horas deben ser mayores que cero")
    if min(nodo) < 1:
        raise ValueError("los núcleos y la memoria de una máquina, mayores que cero")
    activas = math.ceil(personas * a_la_vez)
    memoria = activas * una.memoria
    nucleos = max(1, math.ceil(activas * una.cpu_s / (60 * minutos)))
    util = 1 - DEL_SISTEMA
    nodos = max(
        math.ceil(memoria / (util * nodo[1])), math.ceil(nucleos / (util * nodo[0]))
    )
    return Cuenta(
        personas,
        activas,
        memoria,
        nucleos,
        nodos,
        math.ceil(nodos * nodo[0] * horas),
        math.ceil(nodos * nodo[1] / GB * horas),
    )


def leer(ruta: Path = RESULTADO) -> dict:
    """Lo que midió el ensayo, o vacío."""
    return json.loads(ruta.read_text("utf-8")) if ruta.exists() else {}


def numero(texto: str) -> float:
    """Un número escrito con coma o con punto decimal."""
    return float(texto.replace(",", "."))


def main(argumentos: list[str] | None = None) -> int:
    """Imprime la cuenta de los casos pedidos."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("personas", nargs="*", type=int, help="cuántas")
    p.add_argument("--a-la-vez", type=numero, default=1.0, help="parte, de 0 a 1")
    p.add_argument("--minutos", type=numero, default=MINUTOS, help="espera en la 10")
    p.add_argument("--horas", type=numero, default=HORAS, help="las del taller")
    p.add_argument(
        "--maquina", nargs=2, type=int, metavar=("NÚCLEOS", "GB"),
        default=(NODO[0], NODO[1] // GB), help="los núcleos y la memoria de cada una",
    )  # fmt: skip
    p.add_argument("--precio-nucleo", type=numero, help="de un núcleo, por hora")
    p.add_argument("--precio-gb", type=numero, help="de un GB de memoria, por hora")
    a = p.parse_args(argumentos)
    nucleos, gb = a.maquina
    una = persona(leer())
    if una is None:
        print("Falta medir la lección 10: «make ensayo-hub».", file=sys.stderr)
        return 1
    casos = [(n, a.a_la_vez) for n in a.personas] or CASOS
    print(
        f"Cada persona: {una.memoria / GB:.2f} GB y {una.cpu_s / 60:.1f} minutos de un "
        f"núcleo en la lección 10. Máquinas de {nucleos} núcleos y {gb} GB."
    )
    for personas, parte in casos:
        try:
            nodo = (nucleos, gb * GB)
            c = cuenta(una, personas, parte, a.minutos, a.horas, nodo)
        except ValueError as error:
            print(f"No hay cuenta: {error}.", file=sys.stderr)
            return 1
        linea = (
            f"{c.personas:5} personas, {c.a_la_vez} a la vez: {c.memoria / GB:.0f} GB, "
            f"{c.nucleos} núcleos, {c.nodos} máquinas; en {a.horas:g} h, "
            f"{c.nucleo_horas} núcleo-horas y {c.gb_horas} GB-horas"
        )
        if a.precio_nucleo is not None and a.precio_gb is not None:
            linea += f"; costo {c.costo(a.precio_nucleo, a.precio_gb):.2f}"
        print(linea)
    return 0


if __name__ == "__main__":
    sys.exit(main())
