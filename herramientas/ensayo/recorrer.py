"""Recorre un cuaderno con un perfil de GPU fingido y dice qué fallaría."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from herramientas.archivos import NOTEBOOKS
from herramientas.cuadernos import nucleo
from herramientas.cuadernos.leer import de_codigo, etiquetas

FUERA = {"ejercicio", "solucion"}
TOPES = {"t4": 13.5, "grande": 21.0}  # GiB: lo que la tarjeta deja, con margen
LIMITE_S = 600  # por celda
# Lo que una lección afirma de lo que el modelo aprendió o sabe: al azar no se cumple.
DE_LOS_PESOS = {
    "04-curvas": "assert por_t[0][1] < por_t[-1][1]",
    "07-pareado": 'assert cambios["int4, por fila"][0][0] > cambios["NF4, a mano"]',
}


@dataclass
class Recorrido:
    """Lo que pasó en cada celda y lo que no cabría o fallaría."""

    cuaderno: str
    celdas: list[dict] = field(default_factory=list)
    fallas: list[str] = field(default_factory=list)
    segundos: float = 0.0

    @property
    def pico(self) -> dict:
        """La celda de mayor memoria."""
        return max(self.celdas, key=lambda c: c["pico"], default={})


def preparar(
    cuaderno: NotebookNode,
    hasta: str | None = None,
    tras: dict | None = None,
    sin: str = "",
) -> list[NotebookNode]:
    """Las celdas de código que se ensayan, sin los ejercicios.

    Argumentos: `hasta`, la última; `tras`, celdas que se añaden detrás de otra; `sin`,
    las que se saltan, separadas por espacios.
    """
    celdas, saltadas = [], sin.split()
    for celda in de_codigo(cuaderno):
        if not FUERA & etiquetas(celda) and celda.id not in saltadas:
            celdas.append(_sin_lo_de_los_pesos(celda))
        celdas += (tras or {}).get(celda.id, [])
        if celda.id == hasta:
            break
    return celdas


def _sin_lo_de_los_pesos(celda: NotebookNode) -> NotebookNode:
    """La celda sin la comprobación que solo cumplen los pesos publicados."""
    comienzo = DE_LOS_PESOS.get(celda.id)
    if comienzo is None:
        return celda
    lineas = celda.source.split("\n")
    quedan = [x for x in lineas if not x.startswith(comienzo)]
    if len(quedan) != len(lineas) - 1:
        raise SystemExit(f"«{celda.id}» ya no dice una vez «{comienzo}».")
    return NotebookNode(celda | {"source": "\n".join(quedan)})


def recorrer(
    nombre: str,
    cuaderno: NotebookNode,
    perfil: str,
    modelos: Path,
    hasta: str | None = None,
    tras: dict | None = None,
    sin: str = "",
) -> Recorrido:
    """Ejecuta el cuaderno con el perfil fingido.

    Argumentos: `modelos`, la carpeta donde están las miniaturas; los demás, como en
    `preparar`. Una celda que falla detiene el recorrido y queda en `fallas`, con su
    nombre; las que pasan del tope de memoria también.
    """
    hecho = Recorrido(nombre)
    celdas = preparar(cuaderno, hasta, tras, sin)
    with tempfile.TemporaryDirectory(prefix="ensayo-") as carpeta:
        salida = Path(carpeta) / "celdas.jsonl"
        argumentos = (perfil, str(modelos), str(salida), [c.id for c in celdas])
        primera = new_code_cell(
            "import taller.hilos\nfrom herramientas.ensayo import guardia as _g\n"
            f"_guardia = _g.empezar(*{argumentos!r})",
            id="ensayo-empieza",
        )
        copia = NotebookNode(cuaderno | {"cells": [primera, *celdas]})
        try:
            cuentas = nucleo.ejecutar(copia, NOTEBOOKS, LIMITE_S)
            hecho.segundos = cuentas["segundos"]
        except nucleo.Fallo as fallo:
            hecho.fallas.append(f"{fallo.celda.id}: {fallo}")
        if salida.exists():
            lineas = salida.read_text("utf-8").splitlines()
            hecho.celdas = [json.loads(x) for x in lineas]
    hecho.celdas = [c for c in hecho.celdas if c["celda"] != "ensayo-empieza"]
    for celda in hecho.celdas:
        if celda["pico"] > TOPES[perfil] * 2**30:
            gigas = f"{celda['pico'] / 2**30:.1f}".replace(".", ",")
            tope = f"{TOPES[perfil]:.1f}".replace(".", ",")
            hecho.fallas.append(f"{celda['celda']}: {gigas} GiB, y el tope es {tope}")
    return hecho


def trucos(cuaderno: NotebookNode) -> dict[str, list]:
    """Celdas que se añaden a la lección 10: la cortan dos veces antes de que acabe.

    El primer corte llega tras dos puntos de control y estropea el último, como si la
    sesión hubiera muerto al escribirlo; el segundo, después de reanudar.
    """
    entrenar = next((c for c in cuaderno.cells if c.id == "10-entrenar"), None)
    if entrenar is None:
        return {}
    corta, revisa = "_guardia.corte = {}", "_guardia.exigir_reanudado({})"
    antes = [
        _celda("corte", corta.format((8, True))),
        _celda("cortada", entrenar.source, "raises-exception"),
        _celda("otro-corte", corta.format((10, False))),
        _celda("cortada-otra-vez", entrenar.source, "raises-exception"),
    ]
    despues = [_celda("reanudada", revisa.format("entrenador, tablero"))]
    carpeta = 'carpeta = Path(tempfile.mkdtemp(prefix="ensayo-"))'  # no en un Drive
    return {
        "10-config": [_celda("carpeta", carpeta)],
        "10-listo": antes,
        "10-entrenar": despues,
    }


def _celda(nombre: str, codigo: str, *etiquetas_suyas: str) -> NotebookNode:
    metadatos = {"tags": list(etiquetas_suyas)}
    return new_code_cell(codigo, id=f"ensayo-{nombre}", metadata=metadatos)
