"""Los pesos de un entrenamiento anterior, para empezar otro desde ellos (`--desde`)."""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from herramientas.archivos import RESULTADOS
from herramientas.semilla.carpeta import PUNTO, TOKENIZADOR

PESOS = "model.safetensors"


def pesos_de(carpeta: Path) -> Path:
    """El archivo de pesos de una salida o de un modelo exportado."""
    for nombre in (PUNTO, PESOS):
        if (carpeta / nombre).is_file():
            return carpeta / nombre
    raise SystemExit(f"No hay pesos en {carpeta}. Revisa --desde.")


def leer_herencia(carpeta: Path) -> tuple[Tokenizer, dict, int, float]:
    """Tokenizador, pesos, pasos y segundos de un entrenamiento anterior.

    `carpeta` es la salida de aquel entrenamiento o un modelo ya exportado, como
    taller/recursos/semilla, cuyos pasos y segundos dice su informe.
    Termina con una frase si falta algo o está dañado.
    """
    pesos = pesos_de(carpeta)
    try:
        if pesos.name == PUNTO:
            tok = Tokenizer.from_file(str(carpeta / TOKENIZADOR))
            punto = torch.load(pesos, map_location="cpu", weights_only=True)
            return tok, punto["modelo"], punto["paso"], punto["segundos"]
        tok = Tokenizer.from_file(str(carpeta / "tokenizer.json"))
        estado = {n: t.float() for n, t in load_file(pesos).items()}
        propio = carpeta.parent / "semilla.json"
        if not propio.exists():  # el modelo del paquete
            propio = RESULTADOS / "semilla.json"
        informe = json.loads(propio.read_text(encoding="utf-8"))
        hechos, segundos = informe["ajustes"], informe["entrenamiento"]["segundos"]
        pasos = hechos["pasos_heredados"] + hechos["repaso"]
        pasos += math.ceil(hechos["tokens"] / (hechos["lote"] * hechos["largo"]))
        return tok, estado, pasos, segundos
    except Exception as causa:  # cada biblioteca lanza lo suyo ante un archivo dañado
        raise SystemExit(
            f"{carpeta} está a medias o dañada: sus pesos no se pueden heredar. "
            "Revisa --desde."
        ) from causa


def heredar(modelo, tok: Tokenizer, carpeta: Path) -> tuple[int, float]:
    """Toma los pesos de un entrenamiento anterior, quizá hecho con otro tokenizador.

    Cada token nuevo empieza en el promedio de los tokens viejos que lo escriben; las
    demás matrices pasan como estaban. Devuelve los pasos y los segundos que costaron.
    Termina con una frase si no hay pesos o las formas no coinciden.
    """
    viejo, estado, pasos, segundos = leer_herencia(carpeta)
    vieja = estado["model.embed_tokens.weight"]
    filas = []
    for i in range(modelo.config.vocab_size):
        pieza = tok.id_to_token(i)
        if pieza is None:  # lugar que el tokenizador no usa
            filas.append(vieja.mean(0))
            continue
        propio = viejo.token_to_id(pieza)
        ids = [t.id for t in viejo.model.tokenize(pieza)] if propio is None else propio
        filas.append(vieja[ids].reshape(-1, vieja.shape[1]).mean(0))
    for nombre in ("model.embed_tokens.weight", "lm_head.weight"):
        estado[nombre] = torch.stack(filas)
    try:
        modelo.load_state_dict(estado)
    except RuntimeError as causa:
        raise SystemExit(
            f"{carpeta.name} guarda un modelo de otra forma: usa los mismos --ancho, "
            "--intermedio y --capas."
        ) from causa
    return pasos, segundos
