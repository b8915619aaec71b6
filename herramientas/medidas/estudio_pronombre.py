"""Repite con otros adaptadores la medida de la lección 11 con y sin pronombre.

    python -m herramientas.medidas.estudio_pronombre  # se puede cortar y seguir
    python -m herramientas.medidas.estudio_pronombre --azar 8  # uno solo

Cada punto es un adaptador de la lección 10: el del paquete, que salió de la semilla del
azar 7, o uno entrenado con otra. Con los marcos de la lección 11 mide cuánto prefiere
cada modelo la forma de tú, o de vos, con su pronombre, con el otro y con ninguno.
"""

from __future__ import annotations

from herramientas.archivos import ADAPTADOR
from herramientas.medidas.celdas import Leccion
from herramientas.medidas.estudios import Estudio, estudiar, opciones

LECCION = Leccion("10_qlora_sft", hasta="entrenar", sin="control listo acumular")
MARCOS, DEL_PAQUETE = 40, 7


def marcos(fenomeno: str) -> list[dict]:
    """Los pares de `fenomeno`, en los cuarenta marcos que sortea la lección 11."""
    import random

    from taller import cargar_datos

    todos = [p for filas in cargar_datos("variedades").values() for p in filas]
    suyos = [p for p in todos if p["fenomeno"] == fenomeno]
    nombres = sorted({p["marco"] for p in suyos})
    elegidos = random.Random(11).sample(nombres, min(MARCOS, len(nombres)))
    return [p for p in suyos if p["marco"] in elegidos]


def margenes(modelo, tokenizador) -> dict:
    """Margen medio en nats y cuántas veces es positivo, por fenómeno y por caso."""
    from taller import puntuar_pares
    from taller.conjuntos.variedades import sin_pronombre, solo_pronombre

    medidos = {}
    for nombre in ("tuteo", "voseo"):
        parejas = solo_pronombre(marcos(f"espejo_{nombre}"))
        casos = {
            "suyo": [uno for uno, _ in parejas],
            "otro": [p | {"buena": p["mala"], "mala": p["buena"]} for _, p in parejas],
            "ninguno": [sin_pronombre(uno) for uno, _ in parejas],
        }
        for caso, lista in casos.items():
            puntos = puntuar_pares(modelo, tokenizador, lista)
            margen = [buena - mala for buena, mala in puntos]
            medidos[f"{nombre}, {caso}"] = {
                "n": len(margen),
                "margen": round(sum(margen) / len(margen), 4),
                "positivos": sum(m > 0 for m in margen),
            }
    return medidos


def _con(adaptador=None) -> dict:
    """Mide `semilla` en 32 bits, con un adaptador o sin ninguno."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from taller.recursos import ruta_semilla

    modelo = AutoModelForCausalLM.from_pretrained(ruta_semilla(), dtype=torch.float32)
    if adaptador:
        modelo = PeftModel.from_pretrained(modelo, str(adaptador))
    return margenes(modelo.eval(), AutoTokenizer.from_pretrained(ruta_semilla()))


def medir(punto: dict) -> dict:
    """Entrena, si hace falta, y mide el adaptador sobre la base en 32 bits."""
    import tempfile

    if punto["azar"] == DEL_PAQUETE:
        return _con(ADAPTADOR)

    def sembrar(ident: str, espacio: dict) -> None:
        if ident == "10-config":
            espacio["comunes"]["seed"] = punto["azar"]

    espacio = LECCION.correr(sembrar)
    with tempfile.TemporaryDirectory(prefix="estudio-") as carpeta:
        espacio["entrenador"].save_model(carpeta)
        return _con(carpeta)


ESTUDIO = Estudio(
    programa="estudio_pronombre",
    puntos=lambda azar: [{"azar": azar}],
    clave=("azar",),
    medir=medir,
    datos={
        "tratamientos": ("entrenamiento", "validacion"),
        "variedades": ("espejo",),
    },
    leccion=LECCION,
    adaptador=True,
    antes=_con,
)

if __name__ == "__main__":
    estudiar(ESTUDIO, **vars(opciones(__doc__).parse_args()))
