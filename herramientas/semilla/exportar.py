"""Evalúa y exporta `semilla`: bits por carácter, copias y archivos."""

from __future__ import annotations

import json
import math
import os
import random
import shutil
import time
from datetime import date
from pathlib import Path

import torch
from torch.nn import functional as F
from tqdm import tqdm
from transformers import AutoModelForCausalLM, GenerationConfig, PreTrainedTokenizerFast

from herramientas.archivos import guardar_json, razon, reemplazar_carpeta, sello
from herramientas.semilla.datos import (
    ESPECIALES,
    FIN,
    INICIO,
    PALABRAS_DE_COPIA,
    RELLENO,
)

# la respuesta empieza con espacio: así su primera palabra se parte en los mismos
# tokens que dentro de un pedido («Repite: casa»)
PLANTILLA = (
    "{%- for m in messages -%}"
    "{%- if m['role'] == 'system' -%}{{ '<|sistema|>' + m['content'] + '<|fin|>' }}"
    "{%- elif m['role'] == 'user' -%}{{ '<|usuario|>' + m['content'] + '<|fin|>' }}"
    "{%- elif m['role'] == 'assistant' -%}{{ '<|asistente|>' }}"
    "{%- generation -%}{{ ' ' + m['content'] + '<|fin|>' }}{%- endgeneration -%}"
    "{%- else -%}{{ raise_exception('Papel desconocido: ' + m['role']) }}{%- endif -%}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{ '<|asistente|>' }}{%- endif -%}"
)


@torch.no_grad()
def bits_por_caracter(modelo, tok, textos: dict[str, list[str]]) -> dict:
    """Bits por carácter de cada fuente y del total (bits totales / caracteres totales).

    Cada documento se recorre con ventanas del largo del contexto que avanzan medio
    contexto; de cada ventana solo cuenta lo que la anterior no cubrió.
    """
    modelo.eval()
    dispositivo = modelo.device
    contexto = modelo.config.max_position_embeddings
    por_fuente, bits_total, caracteres_total = {}, 0.0, 0
    for fuente, documentos in textos.items():
        ventanas = []
        for c in tok.encode_batch(documentos):
            ids = [INICIO, *c.ids]
            for i in range(0, max(1, len(ids) - contexto // 2), contexto // 2):
                nuevo = 1 if i == 0 else contexto // 2
                trozo = ids[i : i + contexto]
                if len(trozo) > nuevo:
                    ventanas.append((trozo, nuevo))
        ventanas.sort(key=lambda v: len(v[0]))
        bits = 0.0
        for k in range(0, len(ventanas), 8):
            grupo = ventanas[k : k + 8]
            largo = max(len(t) for t, _ in grupo)
            ids = torch.full((len(grupo), largo), RELLENO)
            objetivo = torch.full((len(grupo), largo), -100)
            for j, (trozo, nuevo) in enumerate(grupo):
                ids[j, : len(trozo)] = torch.tensor(trozo)
                objetivo[j, nuevo : len(trozo)] = ids[j, nuevo : len(trozo)]
            logits = modelo(
                input_ids=ids.to(dispositivo), use_cache=False
            ).logits.float()
            perdida = F.cross_entropy(
                logits[:, :-1].flatten(0, 1),
                objetivo[:, 1:].flatten().to(dispositivo),
                reduction="sum",
            )
            bits += perdida.item() / math.log(2)
        caracteres = sum(len(d) for d in documentos)
        por_fuente[fuente] = {
            "documentos": len(documentos),
            "caracteres": caracteres,
            "bits_por_caracter": round(bits / caracteres, 4),
        }
        bits_total += bits
        caracteres_total += caracteres
    return {"total": round(bits_total / caracteres_total, 4), "por_fuente": por_fuente}


def fragmentos_apartados(
    textos: dict[str, list[str]], n: int, semilla: int
) -> list[str]:
    """`n` fragmentos apartados de 5 a 20 palabras, repartidos por fuente."""
    azar, fuentes, salida = random.Random(semilla), sorted(textos), []
    while len(salida) < n:
        documento = azar.choice(textos[fuentes[len(salida) % len(fuentes)]])
        palabras = documento.split()
        largo = azar.randint(5, PALABRAS_DE_COPIA)
        if len(palabras) > largo:
            i = azar.randrange(len(palabras) - largo)
            salida.append(" ".join(palabras[i : i + largo]))
    return salida


@torch.no_grad()
def copias_exactas(modelo, tokenizador, fragmentos: list[str]) -> float:
    """Fracción de «Repite: …» respondidos letra por letra (codiciosa)."""
    modelo.eval()
    aciertos = 0
    orden = sorted(fragmentos, key=len)
    for i in range(0, len(orden), 50):
        grupo = orden[i : i + 50]
        charlas = [[{"role": "user", "content": f"Repite: {f}"}] for f in grupo]
        entrada = tokenizador.apply_chat_template(
            charlas,
            add_generation_prompt=True,
            padding=True,
            return_tensors="pt",
            return_dict=True,
        ).to(modelo.device)
        largo = entrada["input_ids"].shape[1]
        salida = modelo.generate(**entrada, do_sample=False, max_new_tokens=largo + 8)
        dichos = tokenizador.batch_decode(salida[:, largo:], skip_special_tokens=True)
        aciertos += sum(d.strip() == f for d, f in zip(dichos, grupo, strict=True))
    return aciertos / len(fragmentos)


def hacer_tokenizador(tok, contexto: int) -> PreTrainedTokenizerFast:
    """El tokenizador de `transformers`, con tokens especiales y plantilla de chat."""
    t = PreTrainedTokenizerFast(
        tokenizer_object=tok,
        bos_token="<|inicio|>",
        eos_token="<|fin|>",
        pad_token="<|relleno|>",
        additional_special_tokens=ESPECIALES[3:],
        model_max_length=contexto,
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )
    t.chat_template = PLANTILLA
    return t


def huellas(carpeta: Path) -> dict[str, str]:
    """SHA-256 de cada archivo de una carpeta, menos el propio registro de huellas."""
    return {
        f.name: sello(f)
        for f in sorted(carpeta.iterdir())
        if f.is_file() and f.name != "huellas.json"
    }


def exportar(modelo, tok, destino: Path) -> None:
    """Guarda en `destino` los pesos en 16 bits, el tokenizador y sus huellas.

    Escribe en una carpeta provisional y solo al final la pone en lugar de la anterior.
    Termina con una frase si no se puede; la anterior queda como estaba.
    """
    provisional = destino.with_name(destino.name + ".tmp")
    shutil.rmtree(provisional, ignore_errors=True)
    modelo.generation_config = GenerationConfig(
        bos_token_id=INICIO, eos_token_id=FIN, pad_token_id=RELLENO
    )
    try:
        _escribir(modelo.to(torch.float16), tok, provisional)
        reemplazar_carpeta(provisional, destino)
    except Exception as causa:  # safetensors y tokenizers no lanzan OSError
        shutil.rmtree(provisional, ignore_errors=True)
        raise SystemExit(
            f"No se pudo guardar el modelo en {destino}: {razon(causa)}. Lo que había "
            "ahí sigue entero; repite la orden."
        ) from causa


def _escribir(modelo, tok, carpeta: Path) -> None:
    carpeta.mkdir(parents=True)
    modelo.save_pretrained(carpeta)
    tokenizador = hacer_tokenizador(tok, modelo.config.max_position_embeddings)
    tokenizador.save_pretrained(carpeta)
    registro = json.dumps(huellas(carpeta), indent=1) + "\n"
    (carpeta / "huellas.json").write_text(registro)


def evaluar(
    destino: Path, resultados: Path, apartados, entrenamiento, ajustes, segundos
) -> None:
    """Mide los pesos ya exportados y escribe el archivo de resultados."""
    dispositivo = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    reloj = time.perf_counter()
    modelo = AutoModelForCausalLM.from_pretrained(destino, dtype=torch.float32)
    tokenizador = PreTrainedTokenizerFast.from_pretrained(destino)
    carga = time.perf_counter() - reloj
    modelo.to(dispositivo)
    print("Evalúo en los documentos apartados…", flush=True)
    bits = bits_por_caracter(
        modelo, tokenizador.backend_tokenizer, tqdm_dict(apartados)
    )
    fragmentos = fragmentos_apartados(apartados, ajustes["copias"], ajustes["semilla"])
    copias = copias_exactas(modelo, tokenizador, fragmentos)
    nombre = torch.cuda.get_device_name() if dispositivo.type == "cuda" else "cpu"
    informe = {
        "fecha": date.today().isoformat(),
        "programa": "herramientas/semilla/preentrenar.py",
        "parametros": sum(p.numel() for p in modelo.parameters()),
        "octetos_pesos": (destino / "model.safetensors").stat().st_size,
        "octetos_carpeta": sum(f.stat().st_size for f in destino.iterdir()),
        "segundos_de_carga": round(carga, 3),
        "ajustes": ajustes,
        "entrenamiento": {
            "segundos": round(segundos),
            "dispositivo": nombre,
            "nucleos": os.cpu_count(),
            "torch": torch.__version__.split("+")[0],
            "documentos": {f: len(ts) for f, ts in entrenamiento.items()},
            "caracteres": {f: sum(map(len, ts)) for f, ts in entrenamiento.items()},
        },
        "bits_por_caracter": bits["total"],
        "bits_por_caracter_por_fuente": bits["por_fuente"],
        "copias": {
            "n": len(fragmentos),
            "exactas": round(copias, 4),
            "palabras": "5-20",
        },
    }
    guardar_json(resultados, informe)
    print(
        f"Bits por carácter: {bits['total']} · copias exactas: {copias:.1%}", flush=True
    )


def tqdm_dict(textos: dict[str, list[str]]) -> dict[str, list[str]]:
    """El mismo diccionario, con barra de progreso por fuente al recorrerlo."""

    class ConBarra(dict):
        def items(self):
            return tqdm(list(super().items()), desc="evaluar", unit="fuente")

    return ConBarra(textos)
