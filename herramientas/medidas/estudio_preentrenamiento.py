"""Estudia el preentrenamiento continuado: tasa de aprendizaje y repaso.

    python -m herramientas.medidas.estudio_preentrenamiento  # se puede cortar y seguir

Ejecuta las celdas de la lección 05 que definen datos, medida y bucle, así no hay una
segunda copia del entrenamiento. Cada punto es un entrenamiento de PASOS pasos desde
`semilla`; guarda la media de bits por carácter de cada grupo de textos de prueba y las
frases copiadas. Tras cada punto escribe resultados/estudio_preentrenamiento.json; un
punto que ya está no se repite, salvo que hayan cambiado los pesos o las celdas. Al
terminar deja en taller/recursos/datos la copia que lee la lección.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import date
from importlib.metadata import version

from tqdm.auto import tqdm

from herramientas.archivos import NOTEBOOKS, RAIZ, RESULTADOS, SEMILLA, guardar_json

CUADERNO = NOTEBOOKS / "05_preentrenamiento.ipynb"
PESOS = SEMILLA / "model.safetensors"
RESULTADO = RESULTADOS / "estudio_preentrenamiento.json"
CELDAS = (
    "importar modelo datos trozos bits medir copias empaquetar tasa perdida lotes "
    "entrenar escribir"
).split()
PASOS, SEMILLAS = 40, (0, 1, 2)
TASAS = (1e-4, 3e-4, 1e-3, 3e-3)
# (tasa, de dónde sale el repaso, fracción de cada lote)
PUNTOS = [
    *((t, "ninguno", 0.0) for t in TASAS),
    *((t, "generado", 0.25) for t in TASAS),
    (1e-3, "generado", 0.5),
    (1e-3, "registros", 0.25),
]


def leccion() -> tuple[dict, str]:
    """El espacio de nombres que dejan las celdas, y el sha256 de su código."""
    celdas = {
        c["id"]: "".join(c["source"])
        for c in json.loads(CUADERNO.read_text(encoding="utf-8"))["cells"]
    }
    espacio: dict = {"__name__": "leccion"}
    suma = hashlib.sha256()
    for nombre in CELDAS:
        if f"05-{nombre}" not in celdas:
            raise SystemExit(f"La lección 05 ya no tiene la celda «05-{nombre}».")
        codigo = celdas[f"05-{nombre}"]
        if nombre != "importar":
            suma.update(codigo.encode())
        exec(compile(codigo, f"05-{nombre}", "exec"), espacio)
    return espacio, suma.hexdigest()


def resumir(espacio: dict, modelo) -> dict:
    """Media por grupo de textos, por documento, y frases copiadas."""
    medias = {g: float(v.mean()) for g, v in espacio["medir"](modelo).items()}
    return {"bits": medias, "copias": espacio["copias"](modelo)}


def main() -> None:
    """Mide los puntos que falten y escribe, sin dejar nunca un archivo a medias."""
    os.environ |= {"TALLER_PERFIL": "semilla", "HF_HUB_OFFLINE": "1"}
    espacio, codigo = leccion()
    pesos = hashlib.sha256(PESOS.read_bytes()).hexdigest()
    try:
        hecho = json.loads(RESULTADO.read_text(encoding="utf-8"))
    except FileNotFoundError:
        hecho = {}
    if (hecho.get("pesos"), hecho.get("celdas")) != (pesos, codigo):
        hecho = {"medidas": [], "antes": resumir(espacio, espacio["base"])}
    informe = {
        "fecha": date.today().isoformat(),
        "programa": "herramientas/medidas/estudio_preentrenamiento.py",
        "nucleos": os.cpu_count(),
        "torch": version("torch"),
        "transformers": version("transformers"),
        "pesos": pesos,
        "celdas": codigo,
        "pasos": PASOS,
        "filas_por_lote": 8,
        "frases": len(espacio["frases"]),
        "antes": hecho["antes"],
        "medidas": hecho["medidas"],
    }
    listos = {(m["tasa"], m["repaso"], m["fraccion"], m["semilla"])
              for m in informe["medidas"]}  # fmt: skip
    faltan = [(*p, s) for s in SEMILLAS for p in PUNTOS if (*p, s) not in listos]
    for tasa, repaso, fraccion, semilla in tqdm(faltan, desc="puntos"):
        filas = {
            "ninguno": lambda: None,
            "generado": lambda f=fraccion, s=semilla: espacio["escribir_repaso"](
                round(8 * f) * PASOS, semilla=s
            ),
            "registros": lambda: espacio["empaquetar"](
                espacio["registros"]["entrenamiento"]["texto"]
            ),
        }[repaso]()
        mezcla = espacio["lotes"](PASOS, filas, fraccion, semilla=semilla)
        modelo = espacio["entrenar"](mezcla, PASOS, tasa)
        informe["medidas"].append({
            "tasa": tasa,
            "repaso": repaso,
            "fraccion": fraccion,
            "semilla": semilla,
            **resumir(espacio, modelo),
        })  # fmt: skip
        guardar_json(RESULTADO, informe)
    guardar_json(RESULTADO, informe)
    print(f"{len(informe['medidas'])} puntos en {RESULTADO.relative_to(RAIZ)}")


if __name__ == "__main__":
    main()
