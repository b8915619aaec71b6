"""Estudia el preentrenamiento continuado: tasa de aprendizaje y repaso.

    python -m herramientas.medidas.estudio_preentrenamiento  # se puede cortar y seguir

Corre las celdas de la lección 05 que definen datos, medida y bucle. Cada punto es un
entrenamiento de PASOS pasos desde `semilla`; guarda la media de bits por carácter de
cada grupo de textos de prueba y las frases copiadas.
"""

from __future__ import annotations

from herramientas.medidas.celdas import Leccion
from herramientas.medidas.estudios import Estudio, estudiar, opciones

LECCION = Leccion(
    "05_preentrenamiento",
    solo="importar modelo datos trozos bits medir copias empaquetar perdida tasa lotes "
    "entrenar escribir",
)
PASOS, FILAS = 40, 8
TASAS = (1e-4, 3e-4, 1e-3, 3e-3)
# (tasa, de dónde sale el repaso, fracción de cada lote)
PUNTOS = [
    *((t, "ninguno", 0.0) for t in TASAS),
    *((t, "generado", 0.25) for t in TASAS),
    (1e-3, "generado", 0.5),
    (1e-3, "registros", 0.25),
]


def puntos(semilla: int) -> list[dict]:
    """Los puntos del estudio con una semilla del azar."""
    nombres = ("tasa", "repaso", "fraccion")
    return [dict(zip(nombres, p, strict=True)) | {"semilla": semilla} for p in PUNTOS]


def resumir(modelo) -> dict:
    """Media por grupo de textos, por documento, y frases copiadas."""
    medias = {g: float(v.mean()) for g, v in LECCION.espacio["medir"](modelo).items()}
    return {"bits": medias, "copias": LECCION.espacio["copias"](modelo)}


def medir(punto: dict) -> dict:
    """Entrena un punto y lo mide."""
    e, fraccion, semilla = LECCION.espacio, punto["fraccion"], punto["semilla"]
    repaso = None
    if punto["repaso"] == "generado":
        repaso = e["escribir_repaso"](round(FILAS * fraccion) * PASOS, semilla=semilla)
    elif punto["repaso"] == "registros":
        repaso = e["empaquetar"](e["registros"]["entrenamiento"]["texto"])
    mezcla = e["lotes"](PASOS, repaso, fraccion, semilla=semilla, filas=FILAS)
    return resumir(e["entrenar"](mezcla, PASOS, punto["tasa"]))


ESTUDIO = Estudio(
    programa="estudio_preentrenamiento",
    puntos=puntos,
    clave=("tasa", "repaso", "fraccion", "semilla"),
    azar=(0, 1, 2),
    medir=medir,
    datos=dict.fromkeys(("corpus_co", "registros"), ("entrenamiento", "prueba")),
    leccion=LECCION,
    antes=lambda: resumir(LECCION.espacio["base"]),
    ajustes=lambda: {
        "pasos": PASOS,
        "filas_por_lote": FILAS,
        "frases": len(LECCION.espacio["frases"]),
    },
)

if __name__ == "__main__":
    estudiar(ESTUDIO, **vars(opciones(__doc__).parse_args()))
