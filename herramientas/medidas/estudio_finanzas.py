"""Estudia la transferencia entre finanzas y tratamientos, con varias semillas.

    python -m herramientas.medidas.estudio_finanzas  # se puede cortar y seguir
    python -m herramientas.medidas.estudio_finanzas --azar 7  # una repetición por punto

Corre las celdas de la lección 12 que definen datos, medida y entrenador. Cada punto es
un ajuste en NF4 de PASOS pasos (los de la lección), o dos seguidos: finanzas desde la
base o desde el adaptador de la lección 10, con o sin repaso de tratamientos;
tratamientos solo; y el camino de vuelta, de finanzas a tratamientos. Guarda qué dijo
el modelo en cada fila de prueba de finanzas y cuántas oraciones de tratamientos
acertó. No guarda tiempos.
"""

from __future__ import annotations

import tempfile

from herramientas.archivos import ADAPTADOR
from herramientas.medidas.celdas import Leccion
from herramientas.medidas.estudios import Estudio, estudiar, opciones

LECCION = Leccion(
    "12_finanzas",
    solo="importar datos formatos leer f1 cargar mezcla config entrenador puntajes",
)
CONJUNTOS = (
    "finanzas_sentimiento finanzas_entidades finanzas_preguntas tratamientos"
).split()
N = 120  # oraciones de tratamientos
# nombre: (carpeta del adaptador de partida, parte de tratamientos en cada etapa)
PUNTOS = {
    "desde la base": (None, [0.0]),
    "desde el adaptador": (ADAPTADOR, [0.0]),
    "adaptador y repaso": (ADAPTADOR, [0.25]),
    "solo tratamientos": (None, [1.0]),
    "finanzas y vuelta": (None, [0.0, 1.0]),
}


def medir_tratamientos(e: dict, modelo) -> dict:
    """Acierto exacto en las primeras oraciones de validación de la lección 10."""
    from taller import intervalo

    filas = list(e["viejos"]["validacion"])[:N]
    dichas = e["responder"](modelo, filas, 40)
    aciertos = sum(d == f["destino"] for d, f in zip(dichas, filas, strict=True))
    exacto, bajo, alto = (round(float(v), 4) for v in intervalo(aciertos, N))
    return {"aciertos": aciertos, "n": N, "exacto": exacto, "bajo": bajo, "alto": alto}


def medir(e: dict, modelo) -> dict:
    """Lo que dijo en cada fila de finanzas, y su acierto en tratamientos."""
    prueba = e["prueba"]
    etiquetas = e["puntajes"](modelo, prueba["sentimiento"]).argmax(1)
    oraciones = e["responder"](modelo, prueba["entidades"], 80)
    pares = zip(prueba["entidades"], oraciones, strict=True)
    tramos = [e["leer_entidades"](f["texto"], dicho) for f, dicho in pares]
    cuentas = e["contar"](e["entidades"], tramos)
    breves = e["responder"](modelo, prueba["preguntas"], 24)
    pares = zip(prueba["preguntas"], breves, strict=True)
    iguales = [e["acierta"](d, f) for f, d in pares]
    return {
        "f1_sentimiento": round(e["f1_macro"](e["verdad"], etiquetas), 4),
        "f1_entidades": round(float(e["f1_micro"](cuentas)), 4),
        "preguntas": sum(iguales),
        "etiquetas": "".join(map(str, etiquetas)),  # una cifra por fila de prueba
        "entidades": cuentas.tolist(),  # (bien, dichas, había) por oración
        "tratamientos": medir_tratamientos(e, modelo),
    }


def un_punto(punto: dict) -> dict:
    """Entrena cada etapa de un punto, una tras otra, y mide al final."""
    e, (desde, etapas) = LECCION.espacio, PUNTOS[punto["punto"]]
    pasos = e["PASOS"]
    with tempfile.TemporaryDirectory(prefix="estudio-") as carpeta:
        for parte in etapas:
            filas = e["mezclar"](pasos * e["LOTE"], punto["rep"], parte)
            partida = desde and str(desde)
            entrenador = e["entrenador_para"](filas, pasos, punto["rep"], partida)
            entrenador.train()
            desde = carpeta
            entrenador.save_model(desde)  # la etapa que sigue parte de aquí
    return {"etapas": etapas} | medir(e, entrenador.model)


def antes() -> dict:
    """El adaptador de la lección 10, sin tocar."""
    e = LECCION.espacio
    base = e["cargar_base"](quantization_config=e["nf4"], dtype=e["perfil"].dtype)
    return medir(e, e["PeftModel"].from_pretrained(base, str(ADAPTADOR)))


ESTUDIO = Estudio(
    programa="estudio_finanzas",
    puntos=lambda rep: [{"punto": nombre, "rep": rep} for nombre in PUNTOS],
    clave=("punto", "rep"),
    medir=un_punto,
    datos={
        c: ("entrenamiento", "validacion" if c == "tratamientos" else "prueba")
        for c in CONJUNTOS
    },
    leccion=LECCION,
    adaptador=True,
    antes=antes,
    ajustes=lambda: {
        "pasos": LECCION.espacio["PASOS"],
        "lote": LECCION.espacio["LOTE"],
        "tasa": LECCION.espacio["TASA"],
    },
)

if __name__ == "__main__":
    estudiar(ESTUDIO, **vars(opciones(__doc__).parse_args()))
