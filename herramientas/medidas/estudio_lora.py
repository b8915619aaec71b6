"""Estudia LoRA en la tarea de tratamientos: rango, alfa, capas y variantes.

    python -m herramientas.medidas.estudio_lora  # todo; se puede cortar y seguir
    python -m herramientas.medidas.estudio_lora --azar 7     # una repetición por punto

Cada ajuste es corto e igual para todos: PASOS pasos de LOTE pares, base en 32 bits
(sin cuantizar, para ir deprisa) y tasa lineal hasta cero. No llega al acierto de la
lección 10, que entrena más: aquí solo se comparan puntos entre sí.
"""

from __future__ import annotations

import random
from functools import cache

from tqdm.auto import tqdm

from herramientas.medidas.estudios import Estudio, estudiar, opciones
from taller.conjuntos.tratamientos import instruccion
from taller.recursos import ruta_semilla

PASOS, LOTE, TASA, TASA_COMPLETO, CALENTAR, N = 40, 16, 4e-3, 1e-3, 5, 344
ATENCION = ["q_proj", "k_proj", "v_proj", "o_proj"]
MLP = ["gate_proj", "up_proj", "down_proj"]
CAPAS = {
    "q y v": ["q_proj", "v_proj"],
    "atención": ATENCION,
    "MLP": MLP,
    "todas": ATENCION + MLP,
}


def puntos(rep: int) -> list[dict]:
    """Los ajustes del estudio con una semilla; `escala` es lo que multiplica a BA."""

    def punto(grupo, r, alfa, capas="todas", variante="LoRA"):
        raiz = variante == "rsLoRA"
        escala = alfa / (r**0.5 if raiz else r) if r else None
        p = {"grupo": grupo, "r": r, "alfa": alfa, "escala": escala}
        return p | {"capas": capas, "variante": variante, "rep": rep}

    lista = [punto("rango", r, 2 * r) for r in (16, 1, 64, 4)]
    lista += [punto("capas", 16, 32, capas) for capas in ("q y v", "atención", "MLP")]
    lista += [punto("alfa = r/2", r, r / 2) for r in (16, 4, 64)]
    lista += [punto("rsLoRA", r, 8, variante="rsLoRA") for r in (4, 64)]
    lista += [punto("DoRA", 16, 32, variante="DoRA")]
    lista += [punto("completo", 0, 0, variante="completo")]
    return lista


@cache
def material() -> tuple:
    """El tokenizador, los pares que se aprenden, ya en tokens, y los de validación."""
    from transformers import AutoTokenizer

    from taller import cargar_datos

    tokenizador = AutoTokenizer.from_pretrained(ruta_semilla())
    datos = cargar_datos("tratamientos").filter(
        lambda f: f["de"] == "tú" and f["a"] in ("vos", "usted")
    )
    aprende = [codificar(tokenizador, f) for f in datos["entrenamiento"]]
    return tokenizador, aprende, list(datos["validacion"])[:N]


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


def juntar(pares: list[tuple], relleno: int) -> dict:
    """Un lote con relleno a la derecha, en tensores."""
    import torch

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
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

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


def ajustar(modelo, pares: list, relleno: int, tasa: float, rep: int) -> float:
    """Entrena y devuelve la pérdida media de los últimos veinte pasos."""
    import torch

    azar = random.Random(rep)
    entrenables = [p for p in modelo.parameters() if p.requires_grad]
    optimizador = torch.optim.AdamW(entrenables, lr=tasa, weight_decay=0.0)
    perdidas = []
    modelo.train()
    for paso in tqdm(range(PASOS), leave=False, mininterval=5):
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


def perdida_en(modelo, pares: list, relleno: int) -> float:
    """Pérdida por token de las respuestas de `pares`."""
    import torch

    modelo.eval()
    suma = cuantos = 0
    for i in range(0, len(pares), 43):
        lote = juntar(pares[i : i + 43], relleno)
        n = (lote["labels"][:, 1:] != -100).sum().item()
        with torch.no_grad():
            suma, cuantos = suma + modelo(**lote).loss.item() * n, cuantos + n
    return suma / cuantos


def medir(p: dict) -> dict:
    """Entrena un punto; mide la pérdida y el acierto exacto."""
    import torch

    from taller import generar, intervalo

    tokenizador, aprende, jurado = material()
    torch.manual_seed(p["rep"])
    modelo = preparar(p)
    tasa = TASA_COMPLETO if p["variante"] == "completo" else TASA
    relleno = tokenizador.pad_token_id
    al_final = ajustar(modelo, aprende, relleno, tasa, p["rep"])
    pedidos = [[{"role": "user", "content": instruccion(f)}] for f in jurado]
    respuestas = generar(modelo, tokenizador, pedidos, max_tokens=40)
    aciertos = sum(r == f["destino"] for r, f in zip(respuestas, jurado, strict=True))
    exacto, bajo, alto = map(float, intervalo(aciertos, len(jurado)))
    pares = [codificar(tokenizador, f) for f in jurado]
    return {
        "parametros": sum(q.numel() for q in modelo.parameters() if q.requires_grad),
        "perdida_entrenamiento": round(al_final, 4),
        "perdida_prueba": round(perdida_en(modelo, pares, relleno), 4),
        "aciertos": aciertos,
        "n": len(jurado),
        "exacto": round(exacto, 4),
        "bajo": round(bajo, 4),
        "alto": round(alto, 4),
    }


ESTUDIO = Estudio(
    programa="estudio_lora",
    puntos=puntos,
    clave=("variante", "capas", "r", "alfa", "rep"),
    medir=medir,
    datos={"tratamientos": ("entrenamiento", "validacion")},
    ajustes=lambda: {
        "pasos": PASOS,
        "lote": LOTE,
        "tasa": TASA,
        "tasa_completo": TASA_COMPLETO,
        "base": "float32, sin cuantizar",
    },
)

if __name__ == "__main__":
    estudiar(ESTUDIO, **vars(opciones(__doc__).parse_args()))
