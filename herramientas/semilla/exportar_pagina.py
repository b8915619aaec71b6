"""`semilla` para la página: pesos de 8 bits, adaptador y tokenizador, como guiones.

Una página abierta con `file://` no puede leer un archivo; sí puede cargar un guion. Por
eso los pesos van como texto (base 64) dentro de guiones clásicos, en trozos. Los
escribe la extensión del sitio al construirlo: no se guardan en el repositorio.

Cada matriz se guarda en enteros de −127 a 127 con una escala por fila:
w ≈ escala[fila] · entero. Las normas van en 32 bits.

    python -m herramientas.semilla.exportar_pagina CARPETA   # los escribe en CARPETA

No necesita torch: la usa quien construye el sitio.
"""

from __future__ import annotations

import base64
import json
import sys
from functools import cache
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from herramientas.archivos import ADAPTADOR, SEMILLA, escribir_texto

TROZO = 750_000  # octetos de pesos por guion: un millón de letras en base 64
MAXIMO = 127
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


def cuantizar(matriz: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Enteros de 8 bits y una escala por fila.

    Argumentos: `matriz`, (filas, columnas). Devuelve (enteros int8 de la misma forma,
    escalas float32 de forma (filas,)). Una fila de ceros lleva escala 1.
    """
    matriz = matriz.astype(np.float32)
    escalas = np.abs(matriz).max(axis=1) / np.float32(MAXIMO)
    escalas[escalas == 0] = 1
    return np.rint(matriz / escalas[:, None]).astype(np.int8), escalas


def _leer_json(ruta: Path) -> dict:
    return json.loads(ruta.read_text(encoding="utf-8"))


def matrices_de_semilla() -> tuple[dict, dict[str, np.ndarray]]:
    """La configuración que necesita la página y los pesos, con sus nombres de aquí."""
    c = _leer_json(SEMILLA / "config.json")
    pesos = load_file(SEMILLA / "model.safetensors")
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


def matrices_del_adaptador() -> tuple[dict, dict[str, np.ndarray]]:
    """El rango y la escala de LoRA, y sus matrices A y B con los nombres de aquí."""
    c = _leer_json(ADAPTADOR / "adapter_config.json")
    pesos = load_file(ADAPTADOR / "adapter_model.safetensors")
    suyas = {}
    for i in range(_leer_json(SEMILLA / "config.json")["num_hidden_layers"]):
        for nuestro, suyo in EN_EL_BLOQUE.items():
            for letra in "AB":
                nombre = f"base_model.model.model.layers.{i}.{suyo}.lora_{letra}.weight"
                suyas[f"{i}.{nuestro}.{letra}"] = pesos[nombre]
    return {"rango": c["r"], "escala": c["lora_alpha"] / c["r"]}, suyas


def empacar(ajustes: dict, matrices: dict[str, np.ndarray]) -> tuple[dict, bytes]:
    """Junta las matrices en una tira de octetos, con un índice.

    Devuelve (cabecera, octetos). La cabecera lleva los ajustes, cuántos números de 32
    bits hay al comienzo y, por matriz, [filas, columnas, lugar de su primera escala
    entre los números, lugar de su primer entero entre los octetos]. Una norma no tiene
    enteros: su último lugar es −1 y sus números son los valores. Lanza ValueError si
    los lados de una matriz no son múltiplos de cuatro: así lee la página.
    """
    numeros, enteros, indice, van, lugar = [], [], {}, 0, 0
    for nombre, matriz in matrices.items():
        if matriz.ndim == 1:
            indice[nombre] = [len(matriz), 1, van, -1]
            numeros.append(matriz.astype(np.float32))
        else:
            if any(lado % 4 for lado in matriz.shape):
                raise ValueError(f"{nombre}: filas y columnas van de cuatro en cuatro.")
            q, escalas = cuantizar(matriz)
            indice[nombre] = [*matriz.shape, van, lugar]
            numeros.append(escalas)
            enteros.append(q)
            lugar += q.size
        van += len(numeros[-1])
    for fila in indice.values():
        if fila[3] >= 0:
            fila[3] += 4 * van
    partes = [n.astype("<f4").tobytes() for n in numeros]
    octetos = b"".join(partes + [q.tobytes() for q in enteros])
    cabecera = ajustes | {"numeros": van, "octetos": len(octetos), "indice": indice}
    return cabecera, octetos


def desempacar(cabecera: dict, octetos: bytes) -> dict[str, np.ndarray]:
    """Los pesos en float32 tal como los usa la página: entero por escala."""
    numeros = np.frombuffer(octetos, "<f4", count=cabecera["numeros"])
    pesos = {}
    for nombre, (filas, columnas, van, lugar) in cabecera["indice"].items():
        escalas = numeros[van : van + filas]
        if lugar < 0:
            pesos[nombre] = escalas.copy()
            continue
        q = np.frombuffer(octetos, np.int8, filas * columnas, lugar)
        pesos[nombre] = q.reshape(filas, columnas) * escalas[:, None]
    return pesos


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
