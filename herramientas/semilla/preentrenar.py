"""Entrena desde cero el tokenizador y el modelo `semilla`.

    python -m herramientas.semilla.preentrenar --corpus CARPETA            # *.jsonl.gz
    python -m herramientas.semilla.preentrenar --hub wikimedia/wikipedia:20231101.es

La misma orden sirve en CPU y en GPU y, si el entrenamiento se corta, repetirla lo
reanuda desde el último punto de control con la misma curva. La tasa de aprendizaje
sube, se mantiene y baja (WSD): mientras no empiece a bajar, `--tokens` se puede
cambiar sin alterar lo ya recorrido. Otro corpus u otro modelo piden otra `--salida`.
Con `--instalar` el resultado pasa a `taller`.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import sys
import time
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F
from tqdm import tqdm
from transformers import LlamaConfig, LlamaForCausalLM

from herramientas.archivos import (
    RAIZ,
    RESULTADOS,
    SEMILLA,
    escribir_texto,
    razon,
    recuperar_carpeta,
    sello,
)
from herramientas.medidas.comprobar import positivo
from herramientas.semilla.carpeta import (
    HISTORIAL,
    SELLO,
    TOKENIZADOR,
    TOKENS,
    comprobar_sello,
    danado,
    guardar_punto,
    guardar_tokens,
    leer_punto,
    leer_sello,
    leer_tokenizador,
    leer_tokens,
    recortar_historial,
    reservar,
    retomar,
    sellar,
    sello_del_corpus,
)
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
from herramientas.semilla.herencia import heredar, pesos_de

# Lo que no puede cambiar en una carpeta, y lo que puede mientras no baje la tasa.
AJUSTES = (
    "vocabulario ancho intermedio capas lote largo tareas infinitivos tasa semilla"
).split()
PLAN = ("tokens", "enfriado", "repaso")
DEL_INFORME = (
    "tokens repaso vocabulario ancho intermedio capas lote largo tareas "
    "infinitivos tasa enfriado semilla copias"
).split()


def de_ancho(texto: str) -> int:
    """Un ancho que se reparte en cabezas de 64, una de claves por cada dos."""
    ancho = positivo(texto)
    if ancho % 128:
        raise SystemExit(f"--ancho {texto} no sirve: hace falta un múltiplo de 128.")
    return ancho


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
    p.add_argument("--vocabulario", type=positivo, default=4096)
    p.add_argument("--ancho", type=de_ancho, default=256)
    p.add_argument("--intermedio", type=positivo, default=704)
    p.add_argument("--capas", type=positivo, default=6)
    p.add_argument("--lote", type=positivo, default=32, help="filas por paso")
    p.add_argument("--largo", type=positivo, default=256, help="tokens por fila")
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
        "--cada", type=positivo, default=250, help="pasos entre puntos de control"
    )
    p.add_argument("--semilla", type=int, default=2026)
    p.add_argument(
        "--repaso", type=int, default=0, help="pasos finales, 75 %% de tareas"
    )
    p.add_argument(
        "--desde", type=Path, help="entrenamiento anterior cuyos pesos se heredan"
    )
    p.add_argument(
        "--copias", type=positivo, default=1000, help="copias que se prueban"
    )
    p.add_argument("--sin-compilar", action="store_true", help="no usar torch.compile")
    p.add_argument(
        "--instalar", action="store_true", help="copiar el resultado a taller/"
    )
    return p.parse_args()


def describir(a: argparse.Namespace) -> dict:
    """Lo que decide el contenido de la carpeta de salida: lo que sella carpeta.json."""
    corpus = {"hub": a.hub, "caracteres": a.caracteres_hub}
    ajustes = {nombre: getattr(a, nombre) for nombre in AJUSTES}
    return {
        "corpus": sello_del_corpus(a.corpus) if a.corpus else corpus,
        "ajustes": ajustes | {"desde": sello(pesos_de(a.desde)) if a.desde else None},
        "plan": {nombre: getattr(a, nombre) for nombre in PLAN},
    }


def preparar_datos(a: argparse.Namespace, viejo: dict | None, hay_punto: bool):
    """Lee, aparta y tokeniza; reutiliza lo ya hecho en la carpeta de salida.

    Argumentos: `viejo`, su sello; sin él, solo reutiliza si hay un punto de control y
    los tokens salen de este corpus.
    Devuelve (tokenizador, tokens, entrenamiento, apartados).
    """
    lector = (
        leer_carpeta(a.corpus) if a.corpus else leer_hub(a.hub, int(a.caracteres_hub))
    )
    documentos = list(tqdm(lector, desc="leer", unit="doc"))
    entrenamiento, apartados = apartar(documentos, a.semilla)
    tok = vector = None
    if viejo or hay_punto:
        sellos = viejo["archivos"] if viejo else {}
        tok = leer_tokenizador(a.salida, sellos.get(TOKENIZADOR))
        vector = leer_tokens(a.salida, sellos.get(TOKENS)) if tok else None
    if hay_punto and not viejo:
        comprobar_tokens(a.salida, tok, vector, entrenamiento)
    if tok is None:
        print("Entreno el tokenizador (alrededor de un minuto)…", flush=True)
        tok = entrenar_tokenizador(entrenamiento, a.vocabulario)
        escribir_texto(a.salida / TOKENIZADOR, tok.to_str(pretty=True))
    if vector is None:
        vector = tokenizar(tok, entrenamiento)
        guardar_tokens(a.salida, vector)
    return tok, vector, entrenamiento, apartados


def comprobar_tokens(salida: Path, tok, vector, entrenamiento) -> None:
    """Termina con una frase si una carpeta sin sello no se hizo con este corpus."""
    print(
        f"{salida} es de antes de {SELLO}: vuelvo a tokenizar para comprobar que se "
        "hizo con este corpus.",
        flush=True,
    )
    if tok is None or vector is None:
        raise SystemExit(
            f"A {salida} le falta {TOKENS if tok else TOKENIZADOR}: no se puede saber "
            "de qué corpus es. Elige otra --salida."
        )
    if not np.array_equal(tokenizar(tok, entrenamiento), vector):
        raise SystemExit(
            f"{salida} se hizo con otro corpus u otra --semilla. Elige otra --salida."
        )


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


def duracion(plan: dict, a: argparse.Namespace) -> tuple[int, int]:
    """(pasos hasta el repaso, pasos en total) de un plan con las filas de `a`."""
    principal = math.ceil(plan["tokens"] / (a.lote * a.largo))
    return principal, principal + plan["repaso"]


def comprobar_plan(a: argparse.Namespace, viejo: dict | None, hechos: int) -> None:
    """Termina con una frase si el plan de ahora no cuadra con los pasos ya hechos.

    Argumentos: `viejo`, el plan con que se hicieron, si se sabe. Se puede cambiar
    mientras los pasos hechos hubieran sido los mismos con el nuevo.
    """
    nuevo = {nombre: getattr(a, nombre) for nombre in PLAN}
    if viejo and viejo.keys() != nuevo.keys():
        raise danado(a.salida / SELLO)
    if hechos > duracion(nuevo, a)[1]:
        raise SystemExit(
            f"{a.salida} ya va en el paso {hechos} y esta orden pide "
            f"{duracion(nuevo, a)[1]}: sube --tokens o elige otra --salida."
        )

    def recorrido(plan: dict) -> list[tuple[float, bool]]:
        principal, _ = duracion(plan, a)
        return [
            (factor(p, principal, plan["enfriado"], plan["repaso"]), p >= principal)
            for p in range(hechos)
        ]

    if viejo and recorrido(viejo) != recorrido(nuevo):
        antes = ", ".join(f"--{nombre} {viejo[nombre]:g}" for nombre in PLAN)
        raise SystemExit(
            f"En {a.salida} la tasa ya empezó a bajar y su plan no puede cambiar: "
            f"repite con {antes}, o elige otra --salida."
        )


def preparar_modelo(modelo, a: argparse.Namespace, punto: dict | None):
    """Lleva el modelo a la GPU, si hay, y retoma el punto de control, si hay.

    Devuelve (optimizadores, función de pérdida, paso en que empieza, segundos).
    """
    modelo.to("cuda" if torch.cuda.is_available() else "cpu").train()
    opts, inicio, segundos = optimizadores(modelo, a), 0, 0.0
    if punto:
        retomar(punto, modelo, opts, a.salida)
        inicio, segundos = punto["paso"], punto["segundos"]
        total = duracion(vars(a), a)[1]
        print(f"Reanudo en el paso {inicio} de {total}.", flush=True)
    recortar_historial(a.salida, inicio)
    perdida_de = Perdida(modelo)
    if (shutil.which("g++") or shutil.which("clang++")) and not a.sin_compilar:
        perdida_de = torch.compile(perdida_de)
    return opts, perdida_de, inicio, segundos


@cache
def _cpu_con_bf16() -> bool:
    from bitsandbytes.functional import has_avx512bf16

    return bool(has_avx512bf16())


def a_16_bits(modelo) -> bool:
    """Si conviene multiplicar en bf16: una CPU sin esas unidades lo emula muy lento."""
    return modelo.device.type == "cuda" or _cpu_con_bf16()


def dar_paso(perdida_de, opts, lote: np.ndarray, tasa: float) -> float:
    """Un paso de entrenamiento con esa tasa; devuelve la pérdida del lote."""
    modelo = perdida_de.modelo
    for o in opts:
        for grupo in o.param_groups:
            grupo["lr"] = tasa
    with torch.autocast(modelo.device.type, torch.bfloat16, enabled=a_16_bits(modelo)):
        perdida = perdida_de(torch.from_numpy(lote).to(modelo.device))
    perdida.backward()
    torch.nn.utils.clip_grad_norm_(modelo.parameters(), 1.0)
    for o in opts:
        o.step()
        o.zero_grad(set_to_none=True)
    return perdida.item()


def entrenar(a, filas: Filas, modelo, apartados, tok, punto: dict | None) -> float:
    """Recorre los pasos que falten; devuelve los segundos acumulados."""
    opts, perdida_de, inicio, segundos = preparar_modelo(modelo, a, punto)
    principal, pasos = duracion(vars(a), a)
    reloj = time.perf_counter()
    barra = tqdm(
        range(inicio, pasos), initial=inicio, total=pasos, unit="paso", mininterval=5
    )
    for paso in barra:
        tasa = a.tasa * factor(paso, principal, a.enfriado, a.repaso)
        perdida = dar_paso(perdida_de, opts, filas.paso(paso, paso >= principal), tasa)
        registro = {"paso": paso, "perdida": round(perdida, 5)}
        barra.set_postfix(perdida=registro["perdida"])
        ultimo = paso + 1 == pasos
        if ultimo or (paso + 1) % (4 * a.cada) == 0:
            muestra = {f: [t[:20_000] for t in ts[:4]] for f, ts in apartados.items()}
            registro["apartados"] = bits_por_caracter(modelo, tok, muestra)[
                "por_fuente"
            ]
            modelo.train()
        # primero el historial: si se corta en medio, el punto nunca va por delante
        with (a.salida / HISTORIAL).open("a", encoding="utf-8") as f:
            f.write(json.dumps(registro, ensure_ascii=False) + "\n")
        if ultimo or (paso + 1) % a.cada == 0:
            total = segundos + time.perf_counter() - reloj
            guardar_punto(a.salida, paso + 1, modelo, opts, total)
    return segundos + time.perf_counter() - reloj


def recorrer(a: argparse.Namespace) -> None:
    """Prepara los datos, entrena, exporta y mide; sigue lo que haya en la carpeta."""
    destino, resultados = a.salida / "modelo", a.salida / "semilla.json"
    if a.instalar:
        destino, resultados = SEMILLA, RESULTADOS / "semilla.json"
    recuperar_carpeta(destino)
    viejo, nuevo = leer_sello(a.salida), describir(a)
    if viejo:
        comprobar_sello(a.salida, viejo, nuevo)
    modelo = construir(a)
    punto = leer_punto(a.salida, modelo)
    comprobar_plan(a, viejo and viejo["plan"], punto["paso"] if punto else 0)
    tok, vector, entrenamiento, apartados = preparar_datos(a, viejo, bool(punto))
    sellar(a.salida, nuevo, viejo if punto else None)
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
    segundos = previos + entrenar(a, filas, modelo, apartados, tok, punto)
    exportar(modelo, tok, destino)
    ajustes = {k: getattr(a, k) for k in DEL_INFORME} | {"pasos_heredados": pasos}
    evaluar(destino, resultados, apartados, entrenamiento, ajustes, segundos)


def main() -> None:
    """Entrena; si se corta o el disco falla, lo dice en una frase."""
    a = argumentos()
    try:
        with reservar(a.salida):
            recorrer(a)
    except KeyboardInterrupt:
        print(
            f"\nInterrumpido. {a.salida} guarda lo hecho hasta el último punto de "
            "control: repite la orden y sigue desde ahí.",
            file=sys.stderr,
        )
        sys.exit(130)
    except OSError as causa:
        if causa.errno is None:  # no es del disco
            raise
        raise SystemExit(
            f"No se pudo usar {causa.filename or a.salida}: {razon(causa)}. Lo ya "
            f"guardado en {a.salida} sigue entero; arréglalo y repite la orden."
        ) from causa


if __name__ == "__main__":
    main()
