"""Estudia los ajustes de la lección 10 con un presupuesto corto e igual para todos.

    python -m herramientas.medidas.estudio_qlora  # todo; se puede cortar y seguir
    python -m herramientas.medidas.estudio_qlora --azar 7    # una repetición por punto

Cambia una cosa cada vez (rango, capas, tasa o bits de la base) y corre la celda
`10-punto` de la lección tal como está.
"""

from __future__ import annotations

from herramientas.medidas.celdas import Leccion
from herramientas.medidas.estudios import Estudio, estudiar, opciones

CENTRO = {"rango": 16, "capas": "todas", "tasa": 0.003, "bits": 4}
ORDEN = {
    "capas": ["q y v", "q y v, r 83", "atención", "todas"],
    "rango": [4, 16, 64],
    "tasa": [0.001, 0.003, 0.012],
    "bits": [4, 16],
}
CAPAS = {
    "q y v": ["q_proj", "v_proj"],
    # tantos parámetros entrenables como todas las capas con rango 16
    "q y v, r 83": ["q_proj", "v_proj"],
    "atención": ["q_proj", "k_proj", "v_proj", "o_proj"],
    "todas": "all-linear",
}
# Se salta las celdas que dibujan, entrenan el modelo principal o lo miden.
LECCION = Leccion(
    "10_qlora_sft",
    hasta="punto",
    sin="control listo acumular entrenar curva memoria despues por-clase errores",
)


def puntos(azar: int) -> list[dict]:
    """El centro y, por cada variable, los ajustes que solo cambian esa."""
    lista = [CENTRO | {"grupos": list(ORDEN), "azar": azar}]
    for grupo, valores in ORDEN.items():
        otros = [v for v in valores if v != CENTRO[grupo]]
        lista += [CENTRO | {grupo: v, "grupos": [grupo], "azar": azar} for v in otros]
    return lista


def medir(punto: dict) -> dict:
    """Aciertos de un punto."""
    from peft import LoraConfig

    rango = 83 if punto["capas"] == "q y v, r 83" else punto["rango"]
    adaptador = LoraConfig(
        r=rango,
        lora_alpha=2 * rango,
        # la receta publicada, que la lección corre en vivo, lleva dropout
        lora_dropout=0.05 if punto["capas"] == "q y v" else 0.0,
        target_modules=CAPAS[punto["capas"]],
        task_type="CAUSAL_LM",
    )
    un_punto = LECCION.espacio["un_punto"]
    bien, _ = un_punto(adaptador, punto["bits"], punto["tasa"], punto["azar"])
    return {"aciertos": bien}


def resumir(informe: dict) -> dict:
    """Por cada ajuste, los aciertos de cada semilla y el acierto de todas juntas."""
    from taller import intervalo

    filas = []
    for grupo, valor in ((g, v) for g, valores in ORDEN.items() for v in valores):
        suyas = [m for m in informe["medidas"] if grupo in m["grupos"]]
        suyas = sorted((m["azar"], m["aciertos"]) for m in suyas if m[grupo] == valor)
        if not suyas:
            continue
        aciertos = [bien for _, bien in suyas]
        tres = intervalo(sum(aciertos), informe["n"] * len(aciertos))
        cifras = zip(("exacto", "bajo", "alto"), tres, strict=True)
        fila = {"grupo": grupo, "valor": valor, "aciertos": aciertos}
        filas.append(fila | {k: round(float(v), 4) for k, v in cifras})
    return {"resumen": filas}


ESTUDIO = Estudio(
    programa="estudio_qlora",
    puntos=puntos,
    clave=(*CENTRO, "azar"),
    medir=medir,
    datos={"tratamientos": ("entrenamiento", "validacion")},
    leccion=LECCION,
    ajustes=lambda: {
        "pasos": LECCION.espacio["CORTO"],
        "lote": LECCION.espacio["lote"],
        "n": len(LECCION.espacio["jurado"]),
        "orden": ORDEN,
    },
    resumen=resumir,
)

if __name__ == "__main__":
    estudiar(ESTUDIO, **vars(opciones(__doc__).parse_args()))
