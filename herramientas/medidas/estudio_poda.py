"""Estudia cuánto cuesta podar el modelo fusionado de la lección 13, y cuánto vuelve.

    python -m herramientas.medidas.estudio_poda    # todo; se puede cortar y seguir

Cada punto es un corte, con la recuperación corta de la lección o sin ella. Corre las
celdas de la lección tal como están y mide en validación, que es donde se elige.
"""

from __future__ import annotations

from herramientas.medidas.celdas import Leccion
from herramientas.medidas.estudios import Estudio, estudiar, opciones

PASOS = 30  # los de la lección
CORTES = {"magnitud": (0.3, 0.5, 0.7, 0.85), "neuronas": (576, 448, 320, 192)}
LECCION = Leccion(
    "13_compresion", solo="importar medir cargar vaciar estrechar lotes recuperar"
)


def puntos(azar: int) -> list[dict]:
    """El modelo entero y cada corte, sin recuperar y recuperado."""
    entero = {"poda": "ninguna", "corte": 0, "pasos": 0, "azar": azar}
    return [entero] + [
        {"poda": poda, "corte": corte, "pasos": pasos, "azar": azar}
        for poda, cortes in CORTES.items()
        for corte in cortes
        for pasos in (0, PASOS)
    ]


def medir(punto: dict) -> dict:
    """Parte de los pesos que queda, aciertos y bits por carácter de un punto."""
    import torch

    e = LECCION.espacio
    entero = modelo = e["fusionado"]
    if punto["poda"] == "magnitud":
        modelo = e["vaciar"](entero, punto["corte"])
    elif punto["poda"] == "neuronas":
        modelo = e["estrechar"](entero, punto["corte"])
    if punto["pasos"]:
        torch.manual_seed(punto["azar"])
        modelo = e["recuperar"](modelo, punto["pasos"], azar=punto["azar"])
    vivos = sum(int((p != 0).sum()) for p in modelo.parameters())
    filas = list(e["datos"]["validacion"])
    dichas = zip(e["preguntar"](modelo, filas), filas, strict=True)
    return {
        "quedan": round(vivos / sum(p.numel() for p in entero.parameters()), 4),
        "aciertos": sum(d == f["destino"] for d, f in dichas),
        "bits": round(e["bits_por_caracter"](modelo, e["textos"]), 4),
    }


ESTUDIO = Estudio(
    programa="estudio_poda",
    puntos=puntos,
    clave=("poda", "corte", "pasos", "azar"),
    medir=medir,
    datos={
        "tratamientos": ("entrenamiento", "validacion"),
        "registros": ("entrenamiento",),
        "corpus_co": ("entrenamiento",),
    },
    leccion=LECCION,
    adaptador=True,
    azar=(7,),
    ajustes=lambda: {"pasos": PASOS, "n": len(LECCION.espacio["datos"]["validacion"])},
)

if __name__ == "__main__":
    estudiar(ESTUDIO, **vars(opciones(__doc__).parse_args()))
