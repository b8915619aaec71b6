"""Estudia LoRA en la tarea de tratamientos: rango, alfa, capas y variantes.

    python -m herramientas.medidas.estudio_lora  # todo; se puede cortar y seguir
    python -m herramientas.medidas.estudio_lora --reps 7     # una repetición por punto

Cada ajuste es corto e igual para todos: PASOS pasos de LOTE pares, base en 32 bits
(sin cuantizar, para ir deprisa) y tasa lineal hasta cero. No llega al acierto de la
lección 10, que entrena más: aquí solo se comparan puntos entre sí. Tras cada ajuste
escribe resultados/estudio_lora.json; un punto que ya está no se repite. Al terminar
deja en taller/recursos/datos la copia que lee la lección 08.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
from datetime import date
from importlib.metadata import version
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from tqdm.auto import tqdm
from transformers import AutoModelForCausalLM, AutoTokenizer

from herramientas.archivos import RESULTADOS, guardar_json
from taller import cargar_datos, generar, intervalo
from taller.conjuntos.tratamientos import instruccion
from taller.recursos import ruta_semilla

RESULTADO = RESULTADOS / "estudio_lora.json"
PASOS, LOTE, TASA, TASA_COMPLETO, CALENTAR, N = 40, 16, 4e-3, 1e-3, 5, 344
REPETICIONES = (7, 8, 9)
ATENCION = ["q_proj", "k_proj", "v_proj", "o_proj"]
MLP = ["gate_proj", "up_proj", "down_proj"]
CAPAS = {
    "q y v": ["q_proj", "v_proj"],
    "atención": ATENCION,
    "MLP": MLP,
    "todas": ATENCION + MLP,
}


def puntos() -> list[dict]:
    """Los ajustes del estudio; `escala` es lo que multiplica a BA."""

    def punto(grupo, r, alfa, capas="todas", variante="LoRA"):
        raiz = variante == "rsLoRA"
        escala = alfa / (r**0.5 if raiz else r) if r else None
        p = {"grupo": grupo, "r": r, "alfa": alfa, "escala": escala}
        return p | {"capas": capas, "variante": variante}

    lista = [punto("rango", r, 2 * r) for r in (16, 1, 64, 4)]
    lista += [punto("capas", 16, 32, capas) for capas in ("q y v", "atención", "MLP")]
    lista += [punto("alfa = r/2", r, r / 2) for r in (16, 4, 64)]
    lista += [punto("rsLoRA", r, 8, variante="rsLoRA") for r in (4, 64)]
    lista += [punto("DoRA", 16, 32, variante="DoRA")]
    lista += [punto("completo", 0, 0, variante="completo")]
    return lista


def codificar(tokenizador, fila: dict) -> tuple[list[int], list[int]]:
    """Tokens de un par y, en lo que no es respuesta, -100 como etiqueta."""
    charla = [
        {"role": "user", "content": instruccion(fila)},
        {"role": "assistant", "content": fila["destino"]},
    ]
    todo = tokenizador.apply_chat_template(
        charla, return_dict=True, return_assistant_tokens_mask=True
    )
    ids, mascara = todo["input_ids"], todo["assistant_masks"]
    return ids, [i if m else -100 for i, m in zip(ids, mascara, strict=True)]


def juntar(pares: list[tuple], relleno: int) -> dict[str, torch.Tensor]:
    """Un lote con relleno a la derecha."""
    largo = max(len(ids) for ids, _ in pares)
    lote = {
        "input_ids": [ids + [relleno] * (largo - len(ids)) for ids, _ in pares],
        "labels": [et + [-100] * (largo - len(et)) for _, et in pares],
        "attention_mask": [
            [1] * len(ids) + [0] * (largo - len(ids)) for ids, _ in pares
        ],
    }
    return {clave: torch.tensor(filas) for clave, filas in lote.items()}


def preparar(p: dict):
    """La base en 32 bits, con el adaptador del punto o con todo por entrenar."""
    base = AutoModelForCausalLM.from_pretrained(ruta_semilla(), dtype=torch.float32)
    if p["variante"] == "completo":
        return base
    config = LoraConfig(
        r=p["r"],
        lora_alpha=p["alfa"],
        target_modules=CAPAS[p["capas"]],
        use_rslora=p["variante"] == "rsLoRA",
        use_dora=p["variante"] == "DoRA",
        task_type="CAUSAL_LM",
    )
    return get_peft_model(base, config)


def ajustar(modelo, pares: list, relleno: int, tasa: float, rep: int, rotulo: str):
    """Entrena y devuelve la pérdida media de los últimos veinte pasos."""
    azar = random.Random(rep)
    entrenables = [p for p in modelo.parameters() if p.requires_grad]
    optimizador = torch.optim.AdamW(entrenables, lr=tasa, weight_decay=0.0)
    perdidas = []
    modelo.train()
    for paso in tqdm(range(PASOS), desc=rotulo, leave=False, mininterval=5):
        subida = min(1, (paso + 1) / CALENTAR)
        for grupo in optimizador.param_groups:
            grupo["lr"] = tasa * min(subida, (PASOS - paso) / (PASOS - CALENTAR))
        perdida = modelo(**juntar(azar.sample(pares, LOTE), relleno)).loss
        perdida.backward()
        torch.nn.utils.clip_grad_norm_(entrenables, 1.0)
        optimizador.step()
        optimizador.zero_grad()
        perdidas.append(perdida.item())
    return sum(perdidas[-20:]) / 20


@torch.no_grad()
def perdida_en(modelo, pares: list, relleno: int) -> float:
    """Pérdida por token de las respuestas de `pares`."""
    modelo.eval()
    suma = cuantos = 0
    for i in range(0, len(pares), 43):
        lote = juntar(pares[i : i + 43], relleno)
        n = (lote["labels"][:, 1:] != -100).sum().item()
        suma, cuantos = suma + modelo(**lote).loss.item() * n, cuantos + n
    return suma / cuantos


def medir(p: dict, rep: int, tokenizador, aprende: list, prueba: list) -> dict:
    """Un punto con una repetición: entrena, mide la pérdida y el acierto exacto."""
    torch.manual_seed(rep)
    modelo = preparar(p)
    tasa = TASA_COMPLETO if p["variante"] == "completo" else TASA
    rotulo = f"{p['grupo']} r={p['r']} {p['capas']} rep {rep}"
    relleno = tokenizador.pad_token_id
    al_final = ajustar(modelo, aprende, relleno, tasa, rep, rotulo)
    pedidos = [[{"role": "user", "content": instruccion(f)}] for f in prueba]
    respuestas = generar(modelo, tokenizador, pedidos, max_tokens=40)
    aciertos = sum(r == f["destino"] for r, f in zip(respuestas, prueba, strict=True))
    exacto, bajo, alto = map(float, intervalo(aciertos, len(prueba)))
    pares = [codificar(tokenizador, f) for f in prueba]
    return p | {
        "rep": rep,
        "parametros": sum(q.numel() for q in modelo.parameters() if q.requires_grad),
        "perdida_entrenamiento": round(al_final, 4),
        "perdida_prueba": round(perdida_en(modelo, pares, relleno), 4),
        "aciertos": aciertos,
        "n": len(prueba),
        "exacto": round(exacto, 4),
        "bajo": round(bajo, 4),
        "alto": round(alto, 4),
    }


def clave(m: dict) -> tuple:
    """Lo que distingue una medida de otra."""
    return (m["variante"], m["capas"], m["r"], m["alfa"], m["rep"])


def main() -> None:
    """Mide lo que falta y guarda tras cada ajuste."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--reps", type=int, nargs="+", default=list(REPETICIONES))
    p.add_argument("--salida", type=Path, default=RESULTADO)
    a = p.parse_args()
    tokenizador = AutoTokenizer.from_pretrained(ruta_semilla())
    datos = cargar_datos("tratamientos").filter(
        lambda f: f["de"] == "tú" and f["a"] in ("vos", "usted")
    )
    aprende = [codificar(tokenizador, f) for f in datos["entrenamiento"]]
    prueba = list(datos["prueba"])[:N]
    pesos = hashlib.sha256((ruta_semilla() / "model.safetensors").read_bytes())
    informe = {
        "programa": "herramientas/medidas/estudio_lora.py",
        "pesos": pesos.hexdigest(),
        "pasos": PASOS,
        "lote": LOTE,
        "tasa": TASA,
        "tasa_completo": TASA_COMPLETO,
        "base": "float32, sin cuantizar",
        "nucleos": os.cpu_count(),
        "hilos": torch.get_num_threads(),
        "versiones": {n: version(n) for n in ("torch", "transformers", "peft")},
    }
    hechas = []
    if a.salida.exists():
        viejo = json.loads(a.salida.read_text(encoding="utf-8"))
        mismo = all(viejo.get(k) == informe[k] for k in ("pesos", "pasos", "lote"))
        hechas = viejo["medidas"] if mismo else []
    tareas = [(punto, rep) for rep in a.reps for punto in puntos()]
    listas = {clave(m) for m in hechas}
    faltan = [(q, rep) for q, rep in tareas if clave(q | {"rep": rep}) not in listas]
    print(f"{len(faltan)} ajustes por hacer de {len(tareas)}", flush=True)
    for q, rep in tqdm(faltan, desc="estudio", mininterval=5):
        hechas.append(medir(q, rep, tokenizador, aprende, prueba))
        todo = informe | {"fecha": date.today().isoformat(), "medidas": hechas}
        guardar_json(a.salida, todo)
        m = hechas[-1]
        print(
            f"\n{clave(m)}: {m['exacto']:.1%}, pérdida {m['perdida_prueba']:.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
