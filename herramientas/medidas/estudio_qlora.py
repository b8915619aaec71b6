"""Estudia los ajustes de la lección 10 con un presupuesto corto e igual para todos.

    python -m herramientas.medidas.estudio_qlora  # todo; se puede cortar y seguir
    python -m herramientas.medidas.estudio_qlora --azar 7    # una repetición por punto

Cambia una cosa cada vez (rango, capas, tasa o bits de la base) y corre la celda
`10-punto` de la lección tal como está: no hay una segunda copia del entrenamiento.
Tras cada ajuste escribe resultados/estudio_qlora.json; un punto que ya está no se
repite. Al terminar deja en taller/recursos/datos la copia que lee la lección.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from datetime import date
from importlib.metadata import version

from tqdm.auto import tqdm

from herramientas.archivos import RAIZ, RESULTADOS, SEMILLA, guardar_json
from herramientas.cuadernos.leer import ENTORNO
from herramientas.medidas.repetir_qlora import celdas

RESULTADO = RESULTADOS / "estudio_qlora.json"
PESOS = SEMILLA / "model.safetensors"
CENTRO = {"rango": 16, "capas": "todas", "tasa": 0.003, "bits": 4}
ORDEN = {
    "capas": ["q y v", "atención", "todas"],
    "rango": [4, 16, 64],
    "tasa": [0.001, 0.003, 0.012],
    "bits": [4, 16],
}
CAPAS = {
    "q y v": ["q_proj", "v_proj"],
    "atención": ["q_proj", "k_proj", "v_proj", "o_proj"],
    "todas": "all-linear",
}
# Las celdas que dibujan, entrenan el modelo principal o lo miden.
SIN = tuple(
    f"10-{nombre}"
    for nombre in (
        "control listo acumular entrenar curva memoria despues por-clase errores"
    ).split()
)


def puntos() -> list[dict]:
    """El centro y, por cada variable, los ajustes que solo cambian esa."""
    lista = [CENTRO | {"grupos": list(ORDEN)}]
    for grupo, valores in ORDEN.items():
        otros = [v for v in valores if v != CENTRO[grupo]]
        lista += [CENTRO | {grupo: v, "grupos": [grupo]} for v in otros]
    return lista


def leccion() -> tuple[dict, str]:
    """Lo que definen las celdas de la lección hasta `10-punto`, y su huella."""
    espacio: dict = {"__name__": "leccion"}
    suma = hashlib.sha256()
    for ident, codigo in celdas(hasta="10-punto", sin=SIN):
        suma.update(codigo.encode())
        exec(compile(codigo, ident, "exec"), espacio)
    return espacio, suma.hexdigest()


def medir(espacio: dict, punto: dict, azar: int) -> int:
    """Aciertos de un punto con una semilla del azar."""
    from peft import LoraConfig

    adaptador = LoraConfig(
        r=punto["rango"],
        lora_alpha=2 * punto["rango"],
        # la receta publicada, que la lección corre en vivo, lleva dropout
        lora_dropout=0.05 if punto["capas"] == "q y v" else 0.0,
        target_modules=CAPAS[punto["capas"]],
        task_type="CAUSAL_LM",
    )
    bien, _ = espacio["un_punto"](adaptador, punto["bits"], punto["tasa"], azar)
    return bien


def resumir(medidas: list[dict], n: int) -> list[dict]:
    """Por cada ajuste, los aciertos de cada semilla y el acierto de todas juntas."""
    from taller import intervalo

    filas = []
    for grupo, valores in ORDEN.items():
        for valor in valores:
            suyas = [m for m in medidas if grupo in m["grupos"] and m[grupo] == valor]
            aciertos = [m["aciertos"] for m in sorted(suyas, key=lambda m: m["azar"])]
            if not aciertos:
                continue
            tres = map(float, intervalo(sum(aciertos), n * len(aciertos)))
            fila = {"grupo": grupo, "valor": valor, "aciertos": aciertos}
            cifras = zip(("exacto", "bajo", "alto"), tres, strict=True)
            filas.append(fila | {k: round(v, 4) for k, v in cifras})
    return filas


def main() -> None:
    """Mide lo que falta y guarda tras cada ajuste."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--azar", type=int, nargs="+", default=[7, 8, 9])
    a = p.parse_args()
    os.environ |= ENTORNO | {"MPLBACKEND": "Agg"}
    espacio, huella = leccion()
    informe = {
        "programa": "herramientas/medidas/estudio_qlora.py",
        "fecha": date.today().isoformat(),
        "pesos": hashlib.sha256(PESOS.read_bytes()).hexdigest(),
        "celdas": huella,
        "pasos": espacio["CORTO"],
        "lote": espacio["lote"],
        "n": len(espacio["jurado"]),
        "nucleos": os.cpu_count(),
        "versiones": {n: version(n) for n in ("torch", "trl", "peft", "bitsandbytes")},
        "orden": ORDEN,
        "medidas": [],
    }
    if RESULTADO.exists():
        viejo = json.loads(RESULTADO.read_text(encoding="utf-8"))
        if all(viejo[k] == informe[k] for k in ("pesos", "celdas", "pasos", "n")):
            informe["medidas"] = viejo["medidas"]
    hechas = [{k: m[k] for k in (*CENTRO, "azar")} for m in informe["medidas"]]
    tareas = [p | {"azar": azar} for azar in a.azar for p in puntos()]
    faltan = [t for t in tareas if {k: t[k] for k in (*CENTRO, "azar")} not in hechas]
    for t in tqdm(faltan, desc="puntos"):
        informe["medidas"].append(t | {"aciertos": medir(espacio, t, t["azar"])})
        guardar_json(RESULTADO, informe)
        print("\n", informe["medidas"][-1], flush=True)
    if informe["medidas"]:
        informe["resumen"] = resumir(informe["medidas"], informe["n"])
        guardar_json(RESULTADO, informe)
        print(f"{len(informe['medidas'])} medidas en {RESULTADO.relative_to(RAIZ)}")


if __name__ == "__main__":
    main()
