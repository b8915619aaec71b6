"""Mide cómo baja la pérdida al leer más texto, con dos tamaños de modelo.

    python -m herramientas.medidas.curva_escala --corpus CARPETA   # *.jsonl.gz

Cada punto es un entrenamiento entero desde cero, con su propia subida y bajada de la
tasa: un punto a medio camino de otro más largo no valdría, porque su tasa aún no ha
bajado. Ningún texto se repite. La lección 16 dibuja los puntos y les ajusta una ley de
potencias. Se puede cortar: la misma orden sigue con los que falten.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from tqdm.auto import tqdm
from transformers import LlamaConfig, LlamaForCausalLM

from herramientas.archivos import RESULTADOS, SEMILLA, guardar_json, sello
from herramientas.medidas.comprobar import comprobar_salida
from herramientas.medidas.estudios import leer_informe
from herramientas.semilla.carpeta import sello_del_corpus
from herramientas.semilla.datos import FIN, INICIO, apartar, leer_carpeta
from herramientas.semilla.preentrenar import Perdida

ANCHOS, CAPAS, LARGO, LOTE = (64, 128), 4, 256, 8
TOKENS = (16_384, 32_768, 65_536, 131_072)
POZO, TROZO = 262_144, 4000  # tokens que se barajan; letras de cada trozo
AZAR, TASA, SUBIDA, FILAS_DE_PRUEBA = (0,), 3e-3, 0.1, 96
PAQUETES = ("torch", "transformers")
CLAVE = ("azar", "tokens", "ancho")


def puntos() -> list[dict]:
    """Lo que se mide: cada ancho con cada cantidad de texto y cada semilla del azar."""
    return [
        {"ancho": a, "tokens": t, "azar": s}
        for s in AZAR
        for t in TOKENS
        for a in ANCHOS
    ]


def construir(ancho: int, azar: int) -> LlamaForCausalLM:
    """Un Llama de cuatro capas de ese ancho, con el vocabulario de `semilla`."""
    torch.manual_seed(azar)
    forma = {"hidden_size": ancho, "intermediate_size": 11 * ancho // 4}
    cabezas = {"num_attention_heads": ancho // 64, "num_key_value_heads": ancho // 64}
    comun = {"num_hidden_layers": CAPAS, "max_position_embeddings": LARGO}
    comun |= {"vocab_size": 4096, "tie_word_embeddings": True}
    return LlamaForCausalLM(LlamaConfig(**forma, **cabezas, **comun))


def filas_de(
    textos: dict[str, list[str]], tok: Tokenizer, cuantas: int, azar: int
) -> np.ndarray:
    """Trozos de los textos, barajados, en filas de tokens: (cuantas, LARGO + 1)."""
    trozos = [
        t[i : i + TROZO]
        for suyos in textos.values()
        for t in suyos
        for i in range(0, len(t), TROZO)
    ]
    random.Random(azar).shuffle(trozos)
    ids: list[int] = []
    for trozo in trozos:
        ids += [INICIO, *tok.encode(trozo).ids, FIN]
        if len(ids) >= cuantas * (LARGO + 1):
            break
    filas = np.array(ids[: cuantas * (LARGO + 1)]).reshape(-1, LARGO + 1)
    return np.random.default_rng(azar).permutation(filas)


def factor(paso: int, pasos: int) -> float:
    """Factor de la tasa: sube en la primera décima parte y baja en línea recta a 0."""
    return min((paso + 1) / max(1, SUBIDA * pasos), (pasos - paso) / pasos)


def entrenar(punto: dict, filas: np.ndarray) -> Perdida:
    """Entrena un punto una sola vez por sus filas; devuelve el módulo de pérdida."""
    perdida = Perdida(construir(punto["ancho"], punto["azar"]).train())
    parametros = perdida.modelo.parameters()
    adam = torch.optim.AdamW(parametros, lr=TASA, betas=(0.9, 0.95), weight_decay=0.1)
    pasos = punto["tokens"] // (LOTE * LARGO)
    for paso in range(pasos):
        adam.param_groups[0]["lr"] = TASA * factor(paso, pasos)
        lote = torch.from_numpy(filas[paso * LOTE : (paso + 1) * LOTE])
        perdida(lote).backward()
        torch.nn.utils.clip_grad_norm_(perdida.modelo.parameters(), 1.0)
        adam.step()
        adam.zero_grad()
    return perdida


@torch.no_grad()
def medir(perdida: Perdida, filas: np.ndarray) -> float:
    """Pérdida media en filas que no se entrenaron, en nats por token."""
    perdida.modelo.eval()
    partes = [perdida(torch.from_numpy(f)).item() for f in np.split(filas, 12)]
    return sum(partes) / len(partes)


def estudiar(corpus: Path, salida: Path) -> dict:
    """Mide los puntos que falten y guarda el informe tras cada uno."""
    comprobar_salida(salida)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    hoy = {"corpus": sello_del_corpus(corpus)}
    hoy |= {"tokenizador": sello(SEMILLA / "tokenizer.json")}
    hoy |= {"versiones": {p: version(p) for p in PAQUETES}}
    informe = leer_informe(salida)
    if informe.get("sello") != hoy:
        informe = {"programa": "herramientas/medidas/curva_escala.py", "sello": hoy}
    medidas = informe.setdefault("medidas", [])
    hechos = [[m[c] for c in CLAVE] for m in medidas]
    faltan = [p for p in puntos() if [p[c] for c in CLAVE] not in hechos]
    tok = Tokenizer.from_file(str(SEMILLA / "tokenizer.json"))
    aprende, prueba = apartar(list(leer_carpeta(corpus)), 2026)
    for azar in sorted({p["azar"] for p in faltan}):
        filas = filas_de(aprende, tok, POZO // LARGO, azar)
        medida = filas_de(prueba, tok, FILAS_DE_PRUEBA, 0)
        for punto in tqdm([p for p in faltan if p["azar"] == azar], mininterval=5):
            inicio = time.process_time()
            perdida = entrenar(punto, filas)
            cuerpo = sum(
                p.numel()
                for n, p in perdida.modelo.named_parameters()
                if "embed" not in n
            )
            hecho = punto | {"parametros": cuerpo, "tabla": 4096 * punto["ancho"]}
            hecho |= {"nats": round(medir(perdida, medida), 4)}
            hecho |= {"cpu_s": round(time.process_time() - inicio, 1)}
            medidas.append(hecho)
            medidas.sort(key=lambda m: [m[c] for c in CLAVE])
            tqdm.write(str(hecho))
            informe |= {"fecha": date.today().isoformat(), "tasa": TASA, "lote": LOTE}
            informe |= {"largo": LARGO, "capas": CAPAS, "filas": FILAS_DE_PRUEBA}
            guardar_json(salida, informe)
    return informe


def main() -> None:
    """Lee la orden y mide."""
    opciones = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    opciones.add_argument("--corpus", type=Path, required=True)
    opciones.add_argument(
        "--salida", type=Path, default=RESULTADOS / "curva_escala.json"
    )
    estudiar(**vars(opciones.parse_args()))


if __name__ == "__main__":
    main()
