"""`semilla` para la página: pesos de 8 bits, adaptador y tokenizador, como guiones.

Una página abierta con `file://` no puede leer un archivo; sí puede cargar un guion. Por
eso los pesos van como texto (base 64) dentro de guiones clásicos, en trozos. Los
escribe la extensión del sitio al construirlo: no se guardan en el repositorio.

Cada matriz se guarda en enteros de −127 a 127 con una escala por fila:
w ≈ escala[fila] · entero. Las normas van en 32 bits.

    python -m herramientas.semilla.exportar_pagina CARPETA   # los escribe en CARPETA

Solo usa la biblioteca estándar, como todo lo que construye el sitio: quien lo lee sin
red no tiene que instalar ni torch ni numpy.
"""

from __future__ import annotations

import base64
import json
import struct
import sys
from array import array
from functools import cache
from pathlib import Path
from typing import NamedTuple

from herramientas.archivos import ADAPTADOR, SEMILLA, escribir_texto

TROZO = 750_000  # octetos de pesos por guion: un millón de letras en base 64
MAXIMO = 127
FORMATOS = {"F16": "e", "F32": "f"}  # de safetensors a struct
ESPECIALES = 6  # los primeros números del vocabulario
# Del nombre en transformers al de la página; {i} es el número del bloque.
EN_EL_BLOQUE = {
    "q": "self_attn.q_proj",
    "k": "self_attn.k_proj",
    "v": "self_attn.v_proj",
    "o": "self_attn.o_proj",
    "puerta": "mlp.gate_proj",
    "sube": "mlp.up_proj",
    "baja": "mlp.down_proj",
}
NORMAS = {"norma1": "input_layernorm", "norma2": "post_attention_layernorm"}


class Matriz(NamedTuple):
    """Los lados de una matriz, o de un vector, y sus números, fila por fila."""

    lados: tuple[int, ...]
    numeros: tuple[float, ...]


def leer_pesos(ruta: Path) -> dict[str, Matriz]:
    """Las matrices de un archivo safetensors en 16 o en 32 bits.

    Lanza ValueError si trae otro formato: el adaptador y `semilla` no lo usan.
    """
    datos = ruta.read_bytes()
    (largo,) = struct.unpack_from("<Q", datos)
    fichas = json.loads(datos[8 : 8 + largo])
    pesos = {}
    for nombre, ficha in fichas.items():
        if nombre == "__metadata__":
            continue
        if ficha["dtype"] not in FORMATOS:
            raise ValueError(f"{ruta.name}: {nombre} está en {ficha['dtype']}.")
        letra, (desde, hasta) = FORMATOS[ficha["dtype"]], ficha["data_offsets"]
        cuantos = (hasta - desde) // struct.calcsize(letra)
        numeros = struct.unpack_from(f"<{cuantos}{letra}", datos, 8 + largo + desde)
        pesos[nombre] = Matriz(tuple(ficha["shape"]), numeros)
    return pesos


def cuantizar(matriz: Matriz) -> tuple[array, array]:
    """Enteros de 8 bits y una escala por fila.

    Argumentos: `matriz`, (filas, columnas). Devuelve (enteros int8, fila por fila,
    escalas float32, una por fila). Las cuentas van en 32 bits, como las haría numpy.
    Una fila de ceros lleva escala 1.
    """
    columnas = matriz.lados[1]
    enteros, escalas = array("b"), array("f")
    for i in range(0, len(matriz.numeros), columnas):
        fila = matriz.numeros[i : i + columnas]
        escalas.append(max(max(fila), -min(fila)) / MAXIMO or 1.0)
        escala = escalas[-1]  # ya redondeada a 32 bits
        enteros.extend(map(round, array("f", [x / escala for x in fila])))
    return enteros, escalas


def _leer_json(ruta: Path) -> dict:
    return json.loads(ruta.read_text(encoding="utf-8"))


def matrices_de_semilla() -> tuple[dict, dict[str, Matriz]]:
    """La configuración que necesita la página y los pesos, con sus nombres de aquí."""
    c = _leer_json(SEMILLA / "config.json")
    pesos = leer_pesos(SEMILLA / "model.safetensors")
    suyas = {"tabla": pesos["model.embed_tokens.weight"]}
    suyas["norma"] = pesos["model.norm.weight"]
    for i in range(c["num_hidden_layers"]):
        for nuestro, suyo in (EN_EL_BLOQUE | NORMAS).items():
            suyas[f"{i}.{nuestro}"] = pesos[f"model.layers.{i}.{suyo}.weight"]
    ajustes = {
        "vocabulario": c["vocab_size"],
        "ancho": c["hidden_size"],
        "intermedio": c["intermediate_size"],
        "capas": c["num_hidden_layers"],
        "cabezas": c["num_attention_heads"],
        "cabezas_kv": c["num_key_value_heads"],
        "por_cabeza": c["head_dim"],
        "contexto": c["max_position_embeddings"],
        "epsilon": c["rms_norm_eps"],
        "base": c["rope_parameters"]["rope_theta"],
    }
    return ajustes, suyas


def matrices_del_adaptador() -> tuple[dict, dict[str, Matriz]]:
    """El rango y la escala de LoRA, y sus matrices A y B con los nombres de aquí."""
    c = _leer_json(ADAPTADOR / "adapter_config.json")
    pesos = leer_pesos(ADAPTADOR / "adapter_model.safetensors")
    suyas = {}
    for i in range(_leer_json(SEMILLA / "config.json")["num_hidden_layers"]):
        for nuestro, suyo in EN_EL_BLOQUE.items():
            for letra in "AB":
                nombre = f"base_model.model.model.layers.{i}.{suyo}.lora_{letra}.weight"
                suyas[f"{i}.{nuestro}.{letra}"] = pesos[nombre]
    return {"rango": c["r"], "escala": c["lora_alpha"] / c["r"]}, suyas


def empacar(ajustes: dict, matrices: dict[str, Matriz]) -> tuple[dict, bytes]:
    """Junta las matrices en una tira de octetos, con un índice.

    Devuelve (cabecera, octetos). La cabecera lleva los ajustes, cuántos números de 32
    bits hay al comienzo y, por matriz, [filas, columnas, lugar de su primera escala
    entre los números, lugar de su primer entero entre los octetos]. Una norma no tiene
    enteros: su último lugar es −1 y sus números son los valores. Lanza ValueError si
    los lados de una matriz no son múltiplos de cuatro: así lee la página.
    """
    numeros, enteros, indice, van, lugar = [], [], {}, 0, 0
    for nombre, matriz in matrices.items():
        if len(matriz.lados) == 1:
            indice[nombre] = [*matriz.lados, 1, van, -1]
            numeros.append(array("f", matriz.numeros))
        else:
            if any(lado % 4 for lado in matriz.lados):
                raise ValueError(f"{nombre}: filas y columnas van de cuatro en cuatro.")
            q, escalas = cuantizar(matriz)
            indice[nombre] = [*matriz.lados, van, lugar]
            numeros.append(escalas)
            enteros.append(q)
            lugar += len(q)
        van += len(numeros[-1])
    for fila in indice.values():
        if fila[3] >= 0:
            fila[3] += 4 * van
    if sys.byteorder == "big":  # la página los lee con el octeto menor delante
        for tira in numeros:
            tira.byteswap()
    octetos = b"".join(tira.tobytes() for tira in numeros + enteros)
    cabecera = ajustes | {"numeros": van, "octetos": len(octetos), "indice": indice}
    return cabecera, octetos


@cache
def empacado(parte: str) -> tuple[dict, bytes]:
    """`semilla` o su adaptador, con `parte` «base» o «adaptador»."""
    hacer = {"base": matrices_de_semilla, "adaptador": matrices_del_adaptador}
    return empacar(*hacer[parte]())


def fusiones() -> dict:
    """El tokenizador en lo mínimo: especiales, alfabeto y pares, todo en números.

    Lanza ValueError si el vocabulario no sigue el orden de las fusiones, que es lo que
    permite no guardar sus letras.
    """
    datos = _leer_json(SEMILLA / "tokenizer.json")
    numero, pares = datos["model"]["vocab"], datos["model"]["merges"]
    primero = ESPECIALES + 256
    if any(numero[a + b] != primero + i for i, (a, b) in enumerate(pares)):
        raise ValueError("El vocabulario de semilla no sigue el orden de sus fusiones.")
    en_orden = sorted(numero, key=numero.get)
    return {
        "especiales": en_orden[:ESPECIALES],
        "alfabeto": "".join(en_orden[ESPECIALES:primero]),
        "pares": [numero[signo] for par in pares for signo in par],
    }


@cache
def guiones() -> dict[str, str]:
    """El texto de cada guion generado, por su nombre."""
    compacto = {"ensure_ascii": False, "separators": (",", ":")}
    textos = {
        "tokens.js": f"LABORATORIO.fusiones = {json.dumps(fusiones(), **compacto)};"
    }
    for parte in ("base", "adaptador"):
        cabecera, octetos = empacado(parte)
        trozos = range(0, len(octetos), TROZO)
        for i, desde in enumerate(trozos):
            texto = base64.b64encode(octetos[desde : desde + TROZO]).decode("ascii")
            lleva = json.dumps(cabecera if i == 0 else None, **compacto)
            textos[f"{parte}-{i}.js"] = (
                f'LABORATORIO.recibir("{parte}", {i}, "{texto}", {lleva});\n'
            )
    return textos


def trozos_de(parte: str) -> list[str]:
    """Los nombres de los guiones de una parte, en orden."""
    suyos = [n for n in guiones() if n.startswith(f"{parte}-")]
    return sorted(suyos, key=lambda n: int(n.split("-")[1].split(".")[0]))


def escribir(destino: Path) -> int:
    """Escribe los guiones en una carpeta; devuelve cuántos octetos ocupan."""
    for nombre, texto in guiones().items():
        escribir_texto(destino / nombre, texto)
    return sum(len(texto.encode("utf-8")) for texto in guiones().values())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("Di en qué carpeta: exportar_pagina CARPETA.")
    print(f"{escribir(Path(sys.argv[1])) / 1e6:.1f} MB".replace(".", ","))
