"""Entrena desde cero el tokenizador y el modelo `semilla`.

    python -m herramientas.semilla.preentrenar --corpus CARPETA            # *.jsonl.gz
    python -m herramientas.semilla.preentrenar --hub wikimedia/wikipedia:20231101.es

La misma orden sirve en CPU y en GPU y, si el entrenamiento se corta, repetirla lo
reanuda desde el último punto de control con la misma curva. La tasa de aprendizaje
sube, se mantiene y baja (WSD): mientras no empiece a bajar, `--tokens` se puede
cambiar sin alterar lo ya recorrido. Con `--instalar` el resultado pasa a `taller`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn import functional as F
from tqdm import tqdm
from transformers import LlamaConfig, LlamaForCausalLM

from herramientas.archivos import RAIZ, RESULTADOS, SEMILLA
from herramientas.semilla.datos import (
    FIN,
    INICIO,
    RELLENO,
    Filas,
    apartar,
    entrenar_tokenizador,
    leer_carpeta,
    leer_hub,
    tokenizar,
)
from herramientas.semilla.exportar import bits_por_caracter, evaluar, exportar

PESOS = "model.safetensors"


def argumentos() -> argparse.Namespace:
    """Lee la línea de órdenes."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    origen = p.add_mutually_exclusive_group(required=True)
    origen.add_argument("--corpus", type=Path, help="carpeta con *.jsonl.gz")
    origen.add_argument(
        "--hub", help="conjunto del hub, «usuario/nombre:configuración»"
    )
    p.add_argument(
        "--caracteres-hub", type=float, default=200e6, help="tope de lectura del hub"
    )
    p.add_argument("--salida", type=Path, default=RAIZ / "entrenamiento")
    p.add_argument("--tokens", type=float, default=40e6, help="tokens de entrenamiento")
    p.add_argument("--vocabulario", type=int, default=4096)
    p.add_argument("--ancho", type=int, default=256)
    p.add_argument("--intermedio", type=int, default=704)
    p.add_argument("--capas", type=int, default=6)
    p.add_argument("--lote", type=int, default=32, help="filas por paso")
    p.add_argument("--largo", type=int, default=256, help="tokens por fila")
    p.add_argument(
        "--tareas", type=float, default=0.25, help="fracción de filas con tareas"
    )
    p.add_argument(
        "--infinitivos",
        type=float,
        default=0.3,
        help="fracción de las tareas que pregunta por verbos",
    )
    p.add_argument("--tasa", type=float, default=4e-3, help="tasa de aprendizaje")
    p.add_argument(
        "--enfriado", type=float, default=0.3, help="fracción final en que baja"
    )
    p.add_argument(
        "--cada", type=int, default=250, help="pasos entre puntos de control"
    )
    p.add_argument("--semilla", type=int, default=2026)
    p.add_argument(
        "--repaso", type=int, default=0, help="pasos finales, 75 %% de tareas"
    )
    p.add_argument(
        "--desde", type=Path, help="entrenamiento anterior cuyos pesos se heredan"
    )
    p.add_argument("--copias", type=int, default=1000, help="copias que se prueban")
    p.add_argument("--sin-compilar", action="store_true", help="no usar torch.compile")
    p.add_argument(
        "--instalar", action="store_true", help="copiar el resultado a taller/"
    )
    return p.parse_args()


def preparar_datos(a: argparse.Namespace):
    """Lee, aparta y tokeniza; reutiliza lo ya hecho en la carpeta de salida."""
    a.salida.mkdir(parents=True, exist_ok=True)
    lector = (
        leer_carpeta(a.corpus) if a.corpus else leer_hub(a.hub, int(a.caracteres_hub))
    )
    documentos = list(tqdm(lector, desc="leer", unit="doc"))
    entrenamiento, apartados = apartar(documentos, a.semilla)
    ruta_tok, ruta_ids = a.salida / "tokenizador.json", a.salida / "tokens.npy"
    if ruta_tok.exists():
        tok = Tokenizer.from_file(str(ruta_tok))
    else:
        print("Entreno el tokenizador (alrededor de un minuto)…", flush=True)
        tok = entrenar_tokenizador(entrenamiento, a.vocabulario)
        tok.save(str(ruta_tok))
    vector = (
        np.load(ruta_ids)
        if ruta_ids.exists()
        else tokenizar(tok, entrenamiento, ruta_ids)
    )
    return tok, vector, entrenamiento, apartados


def construir(a: argparse.Namespace) -> LlamaForCausalLM:
    """Un Llama pequeño con los pesos de entrada y salida compartidos."""
    torch.manual_seed(a.semilla)
    configuracion = LlamaConfig(
        vocab_size=a.vocabulario,
        hidden_size=a.ancho,
        intermediate_size=a.intermedio,
        num_hidden_layers=a.capas,
        num_attention_heads=a.ancho // 64,
        num_key_value_heads=a.ancho // 128,
        head_dim=64,
        max_position_embeddings=a.largo,
        rms_norm_eps=1e-5,
        tie_word_embeddings=True,
        bos_token_id=INICIO,
        eos_token_id=FIN,
        pad_token_id=RELLENO,
    )
    return LlamaForCausalLM(configuracion)


def heredar(modelo, tok: Tokenizer, carpeta: Path) -> tuple[int, float]:
    """Toma los pesos de un entrenamiento anterior, quizá hecho con otro tokenizador.

    `carpeta` es la salida de aquel entrenamiento o un modelo ya exportado, como
    taller/recursos/semilla. Cada token nuevo empieza en el promedio de los tokens
    viejos que lo escriben; las demás matrices pasan como estaban. Devuelve los pasos
    y los segundos que costaron (los del modelo exportado, según su informe).
    Termina con una frase si no hay pesos o las formas no coinciden.
    """
    if (carpeta / "punto.pt").exists():
        punto = torch.load(carpeta / "punto.pt", map_location="cpu", weights_only=True)
        viejo, estado = carpeta / "tokenizador.json", punto["modelo"]
        pasos, segundos = punto["paso"], punto["segundos"]
    elif (carpeta / PESOS).exists():
        viejo, estado = carpeta / "tokenizer.json", load_file(carpeta / PESOS)
        estado = {n: t.float() for n, t in estado.items()}
        propio = carpeta.parent / "semilla.json"
        if not propio.exists():  # el modelo del paquete
            propio = RESULTADOS / "semilla.json"
        informe = json.loads(propio.read_text(encoding="utf-8"))
        hechos, segundos = informe["ajustes"], informe["entrenamiento"]["segundos"]
        pasos = hechos["pasos_heredados"] + hechos["repaso"]
        pasos += math.ceil(hechos["tokens"] / (hechos["lote"] * hechos["largo"]))
    else:
        raise SystemExit(f"No hay pesos en {carpeta}. Revisa --desde.")
    viejo = Tokenizer.from_file(str(viejo))
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


class Perdida(torch.nn.Module):
    """Entropía cruzada media de un lote (filas, largo + 1), en nats por token.

    Va en un módulo para que torch.compile funda la última capa con la pérdida.
    """

    def __init__(self, modelo):
        super().__init__()
        self.modelo = modelo

    def forward(self, lote):
        logits = self.modelo(input_ids=lote[:, :-1], use_cache=False).logits
        return F.cross_entropy(logits.float().flatten(0, 1), lote[:, 1:].flatten())


def optimizadores(modelo, a: argparse.Namespace):
    """Muon para las matrices internas; AdamW para embeddings y normas."""
    matrices = [
        p for n, p in modelo.named_parameters() if p.ndim == 2 and "embed" not in n
    ]
    otros = [p for n, p in modelo.named_parameters() if p.ndim != 2 or "embed" in n]
    return [
        torch.optim.Muon(
            matrices, lr=a.tasa, weight_decay=0.1, adjust_lr_fn="match_rms_adamw"
        ),
        torch.optim.AdamW(otros, lr=a.tasa, betas=(0.9, 0.95), weight_decay=0.0),
    ]


def factor(paso: int, pasos: int, enfriado: float, repaso: int) -> float:
    """Factor de la tasa: sube 100 pasos, se mantiene, baja en línea recta a 0.

    En el repaso, que viene después, vale seis décimos y en su segunda mitad baja a 0.
    """
    if paso >= pasos:
        return 0.6 * min(1.0, 2 * (1 - (paso - pasos) / repaso))
    bajada = max(1, int(pasos * enfriado))
    return min(1.0, (paso + 1) / 100, (pasos - paso) / bajada)


def guardar_punto(salida: Path, paso: int, modelo, opts, segundos: float) -> None:
    """Escribe el punto de control entero y solo entonces sustituye al anterior."""
    estado = {
        "paso": paso,
        "modelo": modelo.state_dict(),
        "optimizadores": [o.state_dict() for o in opts],
        "segundos": segundos,
    }
    provisional = salida / "punto.tmp"
    torch.save(estado, provisional)
    os.replace(provisional, salida / "punto.pt")


def entrenar(a, filas: Filas, modelo, apartados, tok) -> float:
    """Recorre los pasos que falten; devuelve los segundos acumulados."""
    dispositivo = "cuda" if torch.cuda.is_available() else "cpu"
    modelo.to(dispositivo).train()
    opts = optimizadores(modelo, a)
    principal = math.ceil(a.tokens / (a.lote * a.largo))
    pasos = principal + a.repaso
    historial = a.salida / "historial.jsonl"
    inicio, segundos = 0, 0.0
    if (a.salida / "punto.pt").exists():
        punto = torch.load(
            a.salida / "punto.pt", map_location=dispositivo, weights_only=True
        )
        modelo.load_state_dict(punto["modelo"])
        for o, estado in zip(opts, punto["optimizadores"], strict=True):
            o.load_state_dict(estado)
        inicio, segundos = punto["paso"], punto["segundos"]
        antes = [
            x
            for x in historial.read_text().splitlines()
            if json.loads(x)["paso"] < inicio
        ]
        historial.write_text("".join(x + "\n" for x in antes))
        print(f"Reanudo en el paso {inicio} de {pasos}.", flush=True)
    compilable = shutil.which("g++") or shutil.which("clang++")
    perdida_de = Perdida(modelo)
    if compilable and not a.sin_compilar:
        perdida_de = torch.compile(perdida_de)
    reloj = time.perf_counter()
    barra = tqdm(
        range(inicio, pasos), initial=inicio, total=pasos, unit="paso", mininterval=5
    )
    for paso in barra:
        lote = torch.from_numpy(filas.paso(paso, paso >= principal)).to(dispositivo)
        for o in opts:
            for grupo in o.param_groups:
                grupo["lr"] = a.tasa * factor(paso, principal, a.enfriado, a.repaso)
        with torch.autocast(dispositivo, torch.bfloat16):
            perdida = perdida_de(lote)
        perdida.backward()
        torch.nn.utils.clip_grad_norm_(modelo.parameters(), 1.0)
        for o in opts:
            o.step()
            o.zero_grad(set_to_none=True)
        registro = {"paso": paso, "perdida": round(perdida.item(), 5)}
        barra.set_postfix(perdida=registro["perdida"])
        ultimo = paso + 1 == pasos
        if ultimo or (paso + 1) % (4 * a.cada) == 0:
            muestra = {f: [t[:20_000] for t in ts[:4]] for f, ts in apartados.items()}
            registro["apartados"] = bits_por_caracter(modelo, tok, muestra)[
                "por_fuente"
            ]
            modelo.train()
        # primero el historial: si se corta en medio, el punto nunca va por delante
        with historial.open("a") as f:
            f.write(json.dumps(registro, ensure_ascii=False) + "\n")
        if ultimo or (paso + 1) % a.cada == 0:
            total = segundos + time.perf_counter() - reloj
            guardar_punto(a.salida, paso + 1, modelo, opts, total)
    return segundos + time.perf_counter() - reloj


def main() -> None:
    """Prepara los datos, entrena y, si se pide, instala y evalúa."""
    a = argumentos()
    tok, vector, entrenamiento, apartados = preparar_datos(a)
    modelo = construir(a)
    n = sum(p.numel() for p in modelo.parameters())
    print(f"{n:,} parámetros · {len(vector):,} tokens de texto", flush=True)
    # si se reanuda, lo heredado queda tapado por el último punto de control
    pasos, previos = heredar(modelo, tok, a.desde) if a.desde else (0, 0.0)
    filas = Filas(
        vector,
        entrenamiento,
        tok,
        lote=a.lote,
        largo=a.largo,
        tareas=a.tareas,
        semilla=a.semilla,
        infinitivos=a.infinitivos,
    )
    segundos = previos + entrenar(a, filas, modelo, apartados, tok)
    destino, resultados = a.salida / "modelo", a.salida / "semilla.json"
    if a.instalar:
        destino = SEMILLA
        resultados = RESULTADOS / "semilla.json"
    exportar(modelo, tok, destino)
    nombres = (
        "tokens repaso vocabulario ancho intermedio capas lote largo tareas "
        "infinitivos tasa enfriado semilla copias"
    )
    ajustes = {k: getattr(a, k) for k in nombres.split()} | {"pasos_heredados": pasos}
    evaluar(destino, resultados, apartados, entrenamiento, ajustes, segundos)


if __name__ == "__main__":
    main()
