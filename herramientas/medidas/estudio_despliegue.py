"""Mide tamaño y calidad de cada versión desplegable de la lección 13.

    python -m herramientas.medidas.estudio_despliegue  # se puede cortar y seguir

Necesita el extra «despliegue». Corre las celdas de la lección tal como están y lee una
vez los conjuntos de prueba: tratamientos, bits por carácter de `registros` y los pares
`agramatical` de `variedades`. Las cifras no dependen del reloj; las de velocidad las
mide velocidad_despliegue.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from herramientas.medidas.celdas import Leccion
from herramientas.medidas.estudios import Estudio, estudiar, opciones

A_LA_VEZ = 8
PASOS, ANCHO = 200, 448  # la versión podada: más pasos que en la lección
# (cómo se ejecuta, modelo, tipo)
VERSIONES = {
    "32 bits": ("transformers", "fusionado", "32"),
    "16 bits": ("transformers", "fusionado", "16"),
    "int8": ("transformers", "fusionado", "8"),
    "NF4": ("transformers", "fusionado", "4"),
    "GGUF F32": ("llama.cpp", "fusionado", "F32"),
    "GGUF F16": ("llama.cpp", "fusionado", "F16"),
    "GGUF Q8_0": ("llama.cpp", "fusionado", "Q8_0"),
    "GGUF Q4_0": ("llama.cpp", "fusionado", "Q4_0"),
    "podado Q8_0": ("llama.cpp", "podado", "Q8_0"),
    "podado Q4_0": ("llama.cpp", "podado", "Q4_0"),
}
LECCION = Leccion(
    "13_compresion",
    solo="importar medir cargar vaciar estrechar lotes recuperar q8-octetos cabecera "
    "escribir motor completar ritmo",
)


@cache
def modelo_de(nombre: str):
    """El modelo fusionado o el podado y recuperado, en 32 bits."""
    import torch

    e = LECCION.espacio
    if nombre == "fusionado":
        return e["fusionado"]
    torch.manual_seed(7)
    chico = e["estrechar"](e["fusionado"], ANCHO)
    return e["recuperar"](chico, PASOS).requires_grad_(False)


@cache
def carpeta_de(nombre: str) -> Path:
    """Una carpeta con el modelo, para volver a cargarlo con menos bits."""
    carpeta = LECCION.espacio["carpeta"] / nombre
    modelo_de(nombre).save_pretrained(carpeta)
    return carpeta


def cargar_version(nombre: str, bits: str):
    """El modelo en 32, 16, 8 o 4 bits, con transformers, y sus MB guardado."""
    import torch

    e, carpeta = LECCION.espacio, carpeta_de(nombre)
    receta, tipo = None, torch.float32 if bits == "32" else torch.bfloat16
    if bits == "8":  # LLM.int8() multiplica en fp16
        tipo, receta = torch.float16, e["BitsAndBytesConfig"](load_in_8bit=True)
    elif bits == "4":
        receta = e["nf4"](tipo)
    modelo = e["cargar"](carpeta, tipo, receta)
    guardado = e["carpeta"] / f"{nombre}-{bits}"
    modelo.save_pretrained(guardado)
    octetos = sum(r.stat().st_size for r in guardado.glob("*.safetensors"))
    return modelo, octetos / 2**20


def escribir_version(nombre: str, tipo: str) -> Path:
    """El archivo GGUF de un modelo."""
    e = LECCION.espacio
    ruta = e["carpeta"] / f"{nombre}-{tipo}.gguf"
    if not ruta.exists():
        e["escribir_gguf"](modelo_de(nombre), ruta, e["Tipo"][tipo])
    return ruta


def _nats_gguf(ruta: Path, tiras: list[list[int]]) -> list[float]:
    """Log-probabilidad de cada tira, sin su primer token, según llama.cpp.

    El servidor no da la probabilidad de un texto ya escrito, pero sí los vectores que
    salen del último bloque. El producto por la tabla de salida, la del archivo, se hace
    aquí.
    """
    import torch

    e = LECCION.espacio
    lector = e["gguf"].GGUFReader(str(ruta))
    tabla = next(t for t in lector.tensors if t.name == "token_embd.weight")
    tabla = e["gguf"].quants.dequantize(tabla.data, tabla.tensor_type)
    tabla = torch.tensor(tabla).reshape(e["fusionado"].config.vocab_size, -1)
    motor = e["abrir"](
        ruta,
        embedding=True,
        pooling_type=e["llama"].llama_pooling_type.LLAMA_POOLING_TYPE_NONE,
        embd_normalize=-1,
        n_batch=256,
        n_ubatch=256,
    )
    salida = []
    for tira in tiras:
        dado = e["pedir"](motor, "/embedding", content=tira, embd_normalize=-1)
        vectores = torch.tensor(dado[0]["embedding"])[:-1]
        logps = (vectores @ tabla.T).log_softmax(-1)
        siguientes = torch.tensor(tira[1:])
        salida.append(logps.gather(1, siguientes[:, None]).sum().item())
    return salida


def _medir_gguf(ruta: Path, filas: list[dict], textos: list[str], pares) -> dict:
    """Aciertos, bits por carácter y pares de un archivo GGUF."""
    e = LECCION.espacio
    tok = e["tokenizador"]
    motor = e["abrir"](ruta, A_LA_VEZ)

    def responder(fila: dict) -> str:
        dada = e["completar_tokens"](motor, e["a_tokens"](fila))
        return tok.decode(dada["tokens"], skip_special_tokens=True).strip()

    with ThreadPoolExecutor(A_LA_VEZ) as hilos:
        dichas = list(hilos.map(responder, filas))
    cortos = [tok.encode(t, truncation=True, max_length=255) for t in textos]
    oraciones = [tok.encode(p[lado]) for p in pares for lado in ("buena", "mala")]
    tiras = [[tok.bos_token_id, *ids] for ids in cortos + oraciones]
    nats = _nats_gguf(ruta, tiras)
    letras = sum(len(tok.decode(ids)) for ids in cortos)
    puntos = nats[len(cortos) :]
    return {
        "aciertos": sum(d == f["destino"] for d, f in zip(dichas, filas, strict=True)),
        "bits": -sum(nats[: len(cortos)]) / math.log(2) / letras,
        "pares": sum(b > m for b, m in zip(puntos[::2], puntos[1::2], strict=True)),
    }


def medir(punto: dict) -> dict:
    """Tamaño y calidad de una versión."""
    from taller import cargar_datos, puntuar_pares

    como, nombre, tipo = VERSIONES[punto["version"]]
    e = LECCION.espacio
    filas = list(e["datos"]["prueba"])
    textos = [f["texto"] for f in cargar_datos("registros")["prueba"]]
    pares = list(cargar_datos("variedades")["agramatical"])
    if como == "llama.cpp":
        ruta = escribir_version(nombre, tipo)
        mb = ruta.stat().st_size / 2**20
        hecho = _medir_gguf(ruta, filas, textos, pares)
    else:
        modelo, mb = cargar_version(nombre, tipo)
        dichas = zip(e["preguntar"](modelo, filas), filas, strict=True)
        puntos = puntuar_pares(modelo, e["tokenizador"], pares)
        hecho = {
            "aciertos": sum(d == f["destino"] for d, f in dichas),
            "bits": e["bits_por_caracter"](modelo, textos),
            "pares": sum(buena > mala for buena, mala in puntos),
        }
    return {
        "motor": como,
        "mb": round(mb, 2),
        "tratamientos": round(hecho["aciertos"] / len(filas), 4),
        "variedades": round(hecho["pares"] / len(pares), 4),
        "bits": round(hecho["bits"], 4),
    }


def ajustes() -> dict:
    """Cuántos casos hay de cada medida y con qué motor se midió."""
    from importlib.metadata import version

    from taller import cargar_datos

    return {
        "n": {
            "tratamientos": len(LECCION.espacio["datos"]["prueba"]),
            "variedades": len(cargar_datos("variedades")["agramatical"]),
            "bits": len(cargar_datos("registros")["prueba"]),
        },
        "pasos": PASOS,
        "ancho": ANCHO,
        "motores": {p: version(p) for p in ("gguf", "xllamacpp")},
    }


ESTUDIO = Estudio(
    programa="estudio_despliegue",
    puntos=lambda azar: [{"version": v} for v in VERSIONES],
    clave=("version",),
    medir=medir,
    datos={
        "tratamientos": ("entrenamiento", "prueba"),
        "registros": ("prueba",),
        "corpus_co": ("entrenamiento",),
        "variedades": ("agramatical",),
    },
    leccion=LECCION,
    adaptador=True,
    azar=(7,),
    ajustes=ajustes,
)

if __name__ == "__main__":
    estudiar(ESTUDIO, **vars(opciones(__doc__).parse_args()))
