"""Mide los tokens por segundo de cada versión desplegable de la lección 13.

    python -m herramientas.medidas.velocidad_despliegue  # con la máquina libre

Es lo único que depende del reloj: córrelo al final, sin nada más en marcha. Tres
repeticiones por versión, una petición sola y ocho a la vez; el resumen da la mediana.
Necesita el extra «despliegue».
"""

from __future__ import annotations

import time
from statistics import median

from herramientas.medidas.estudio_despliegue import (
    A_LA_VEZ,
    LECCION,
    VERSIONES,
    cargar_version,
    escribir_version,
)
from herramientas.medidas.estudios import Estudio, estudiar, opciones

TOPE = 100  # tokens que se escriben en cada petición
PROMPT = 128  # tokens que se leen antes


def _con_transformers(modelo, ids: list[int], a_la_vez: int) -> tuple[float, float]:
    """Tokens por segundo escritos, entre todas, y leídos."""
    import torch

    fila = torch.tensor([ids] * a_la_vez)
    opciones = {"attention_mask": torch.ones_like(fila), "do_sample": False}

    def tardar(tope: int) -> float:
        inicio = time.perf_counter()
        with torch.no_grad():
            modelo.generate(fila, max_new_tokens=tope, min_new_tokens=tope, **opciones)
        return time.perf_counter() - inicio

    tardar(2)  # la primera prepara cosas
    leer, todo = tardar(1), tardar(TOPE)
    return a_la_vez * TOPE / todo, a_la_vez * len(ids) / leer


def medir(punto: dict) -> dict:
    """Ritmo de una versión: sola, ocho a la vez y leyendo el prompt."""
    como, nombre, tipo = VERSIONES[punto["version"]]
    e = LECCION.espacio
    ids = e["tokenizador"].encode(e["textos"][0], verbose=False)[:PROMPT]
    if como == "llama.cpp":
        motor = e["abrir"](escribir_version(nombre, tipo), A_LA_VEZ)
        ritmos = [e["ritmo"](motor, ids, n, TOPE) for n in (1, 1, A_LA_VEZ)][1:]
    else:
        modelo, _ = cargar_version(nombre, tipo)
        ritmos = [_con_transformers(modelo, ids, n) for n in (1, A_LA_VEZ)]
    (sola, lee), (ocho, _) = ritmos
    return {"sola": round(sola, 1), "ocho": round(ocho, 1), "lee": round(lee, 1)}


def resumir(informe: dict) -> dict:
    """La mediana de las repeticiones de cada versión."""
    filas = []
    for version in VERSIONES:
        suyas = [m for m in informe["medidas"] if m["version"] == version]
        if suyas:
            cifras = {k: median(m[k] for m in suyas) for k in ("sola", "ocho", "lee")}
            filas.append({"version": version, **cifras})
    return {"resumen": filas}


ESTUDIO = Estudio(
    programa="velocidad_despliegue",
    puntos=lambda azar: [{"version": v, "azar": azar} for v in VERSIONES],
    clave=("version", "azar"),
    medir=medir,
    datos={
        "tratamientos": ("entrenamiento",),
        "registros": ("entrenamiento",),
        "corpus_co": ("entrenamiento",),
    },
    leccion=LECCION,
    adaptador=True,
    azar=(1, 2, 3),
    ajustes=lambda: {"tope": TOPE, "prompt": PROMPT, "a_la_vez": A_LA_VEZ},
    resumen=resumir,
)

if __name__ == "__main__":
    estudiar(ESTUDIO, **vars(opciones(__doc__).parse_args()))
