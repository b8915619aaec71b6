"""Entrena unos pasos de un modelo con pesos al azar y cuenta su memoria: una fila.

Lo llama medir.py, en un proceso por fila: `python medir_fila.py '<pedido en JSON>'`.
Responde con una línea `FILA-JSON {…}` en la salida estándar. Sin probar en GPU.
"""

import json
import math
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

METODOS = ("completo", "lora", "qlora")
LORA = {"r": 16, "lora_alpha": 32, "lora_dropout": 0.0, "target_modules": "all-linear"}
NF4 = {"bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": True}
CALENTAMIENTO = 3  # pasos sin cronómetro: crean el estado del optimizador
MARCA = "FILA-JSON "


@dataclass(frozen=True)
class Forma:
    """Arquitectura de un modelo: su clase de configuración, medidas y parámetros."""

    hub: str
    clase: str
    medidas: dict
    parametros: int


# Fuente: la configuración publicada de cada modelo, contrastada con copias en
# repositorios públicos. Una prueba vuelve a calcular las cuentas de parámetros.
QWEN3 = {"vocab_size": 151936, "num_hidden_layers": 28, "num_attention_heads": 16}
QWEN3 |= {"num_key_value_heads": 8, "head_dim": 128, "tie_word_embeddings": True}
QWEN3_06 = QWEN3 | {"hidden_size": 1024, "intermediate_size": 3072}
QWEN3_17 = QWEN3 | {"hidden_size": 2048, "intermediate_size": 6144}
SMOLLM3 = {"vocab_size": 128256, "num_hidden_layers": 36, "num_attention_heads": 16}
SMOLLM3 |= {"num_key_value_heads": 4, "tie_word_embeddings": True}
SMOLLM3 |= {"hidden_size": 2048, "intermediate_size": 11008}
LLAMA = {"vocab_size": 128256, "num_hidden_layers": 32, "num_attention_heads": 32}
LLAMA |= {"num_key_value_heads": 8, "tie_word_embeddings": False}
LLAMA |= {"hidden_size": 4096, "intermediate_size": 14336}
FORMAS = {  # de menor a mayor: en ese orden se miden
    "qwen3-0.6b": Forma("Qwen/Qwen3-0.6B", "Qwen3Config", QWEN3_06, 596_049_920),
    "qwen3-1.7b": Forma("Qwen/Qwen3-1.7B", "Qwen3Config", QWEN3_17, 1_720_574_976),
    "smollm3-3b": Forma(
        "HuggingFaceTB/SmolLM3-3B", "SmolLM3Config", SMOLLM3, 3_075_098_624
    ),
    "llama-3.1-8b": Forma(
        "meta-llama/Llama-3.1-8B", "LlamaConfig", LLAMA, 8_030_261_248
    ),
}


def configurar(forma: Forma, miniatura: bool = False):
    """Configuración de transformers de una forma. En miniatura: la misma clase, con 2
    capas y anchos múltiplos de 64, porque bitsandbytes lo exige en CPU."""
    import transformers

    medidas = forma.medidas | {"use_cache": False}
    if miniatura:
        medidas |= {"vocab_size": 512, "hidden_size": 128, "intermediate_size": 256}
        medidas |= {"num_hidden_layers": 2, "num_attention_heads": 2}
        medidas |= {"num_key_value_heads": 1, "head_dim": 64}
    nulos = dict.fromkeys(("pad_token_id", "bos_token_id", "eos_token_id"))
    return getattr(transformers, forma.clase)(**medidas, **nulos)


def modelo_vacio(config, dtype):
    """Modelo sin memoria asignada (dispositivo meta): solo formas y nombres."""
    import torch
    from transformers import AutoModelForCausalLM

    with torch.device("meta"):
        return AutoModelForCausalLM.from_config(config, dtype=dtype)


def contar_parametros(config) -> int:
    """Número de parámetros de la arquitectura; lo compartido se cuenta una vez."""
    import torch

    return sum(p.numel() for p in modelo_vacio(config, torch.float32).parameters())


def crear_modelo(config, metodo: str, dispositivo: str, dtype):
    """Modelo con pesos al azar, listo para entrenar con uno de los METODOS.

    Se llena módulo por módulo en `dispositivo`: en NF4 nunca hay más de una capa sin
    cuantizar. `dtype` es el de los pesos congelados; lo entrenable va en float32.
    """
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import BitsAndBytesConfig
    from transformers.integrations.bitsandbytes import replace_with_bnb_linear

    base = torch.float32 if metodo == "completo" else dtype
    modelo = modelo_vacio(config, base)
    if metodo == "qlora":
        nf4 = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_compute_dtype=dtype, **NF4)
        modelo = replace_with_bnb_linear(modelo, ["lm_head"], nf4)
        modelo.is_loaded_in_4bit = True  # así PEFT pone sus capas de 4 bits
    for nombre, modulo in modelo.named_modules():
        if nombre == "lm_head" and config.tie_word_embeddings:
            continue  # comparte su matriz con los embeddings
        llenar(modelo, modulo, dispositivo, base)
    modelo.tie_weights()
    if metodo != "completo":
        modelo = get_peft_model(modelo, LoraConfig(task_type="CAUSAL_LM", **LORA))
    # Los puntos de control del gradiente cambiaron de nombre en transformers 5.
    activar = getattr(modelo, "activation_checkpointing_enable", None)
    (activar or modelo.gradient_checkpointing_enable)({"use_reentrant": False})
    return modelo.train()


def llenar(modelo, modulo, dispositivo: str, dtype) -> None:
    """Da memoria y valores al azar a los tensores propios de un módulo que está en
    meta; una capa de 4 bits se cuantiza en ese momento."""
    import torch
    from bitsandbytes.nn import Linear4bit

    if isinstance(modulo, Linear4bit):
        vacio = modulo.weight
        pesos = torch.empty(vacio.shape, device=dispositivo, dtype=dtype)
        pesos.normal_(0.0, modelo.config.initializer_range)
        cuantizado = type(vacio)(pesos, requires_grad=False, **vacio.__dict__)
        modulo.weight = cuantizado.to(dispositivo)
    elif [*modulo.parameters(recurse=False), *modulo.buffers(recurse=False)]:
        modulo.to_empty(device=dispositivo, recurse=False)
        with torch.no_grad():
            modelo._init_weights(modulo)  # el inicio que usa transformers


def crear_optimizador(modelo, metodo: str, dispositivo: str):
    """AdamW sobre lo entrenable: de 32 bits en el ajuste completo, de 8 bits en LoRA y
    QLoRA. No paginado: esa memoria queda fuera de la cuenta de PyTorch."""
    import torch

    entrenables = [p for p in modelo.parameters() if p.requires_grad]
    if dispositivo == "cuda" and metodo != "completo":
        from bitsandbytes.optim import AdamW8bit

        return AdamW8bit(entrenables, lr=1e-4)
    return torch.optim.AdamW(entrenables, lr=1e-4, fused=dispositivo == "cuda")


def paso(modelo, optimizador, escalador, entradas, dtype) -> float:
    """Un paso de entrenamiento con `entradas` (lote, largo); devuelve la pérdida."""
    import torch

    with torch.autocast(entradas.device.type, dtype=dtype):
        perdida = modelo(input_ids=entradas, labels=entradas).loss
    escalador.scale(perdida).backward()
    escalador.step(optimizador)
    escalador.update()
    optimizador.zero_grad(set_to_none=True)
    return perdida.item()


def contar_bytes(modelo) -> dict[str, int]:
    """Bytes de los pesos por componente; lo compartido se cuenta una vez. `escalas_nf4`
    son las constantes de cuantización, que `parameters()` no muestra."""
    partes = {"lora_": "adaptadores", "embed_tokens": "embeddings"}
    partes |= {"lm_head": "cabeza", "norm": "normas"}
    cuenta = dict.fromkeys((*partes.values(), "lineales", "escalas_nf4"), 0)
    for nombre, p in modelo.named_parameters():
        clase = next((c for parte, c in partes.items() if parte in nombre), "lineales")
        cuenta[clase] += p.nbytes
        estado = getattr(p, "quant_state", None)
        for e in filter(None, (estado, getattr(estado, "state2", None))):
            escalas = (t for t in (e.absmax, e.code, e.offset) if t is not None)
            cuenta["escalas_nf4"] += sum(t.nbytes for t in escalas)
    return cuenta


def entrenar(pedido: dict) -> dict:
    """Construye el modelo de un pedido, da los pasos y devuelve las cifras de su fila.

    `pedido`: modelo, metodo, miniatura, dispositivo, precision, lote, largo, pasos y
    plazo_s (pasado el 80 % se detiene, si ya hay tres pasos medidos).
    """
    import torch

    inicio, dispositivo = time.monotonic(), pedido["dispositivo"]
    dtype, cuda = getattr(torch, pedido["precision"]), dispositivo == "cuda"
    forma, metodo = FORMAS[pedido["modelo"]], pedido["metodo"]
    config = configurar(forma, pedido["miniatura"])
    parametros = contar_parametros(config)
    if not pedido["miniatura"] and parametros != forma.parametros:
        raise ValueError(f"transformers construye {parametros} parámetros, no la forma")
    torch.manual_seed(0)
    modelo = crear_modelo(config, metodo, dispositivo, dtype)
    optimizador = crear_optimizador(modelo, metodo, dispositivo)
    # Una escala inicial modesta: con la usual, fp16 descarta los primeros pasos.
    fp16 = dtype == torch.float16
    escalador = torch.amp.GradScaler(dispositivo, init_scale=1024.0, enabled=fp16)
    tamano = (pedido["lote"], pedido["largo"])
    entradas = torch.randint(config.vocab_size, tamano, device=dispositivo)
    if cuda:  # el pico es el de entrenar, no el de construir
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    tiempos, perdidas = [], []
    for i in range(CALENTAMIENTO + pedido["pasos"]):
        antes = time.perf_counter()
        perdidas.append(paso(modelo, optimizador, escalador, entradas, dtype))
        if cuda:
            torch.cuda.synchronize()
        if i >= CALENTAMIENTO:
            tiempos.append(time.perf_counter() - antes)
        if len(tiempos) >= 3 and time.monotonic() - inicio > 0.8 * pedido["plazo_s"]:
            break
    if not all(map(math.isfinite, perdidas)) or not optimizador.state:
        raise ArithmeticError("el entrenamiento no fue válido: pérdida no finita")
    mediana = statistics.median(tiempos)
    return {
        "parametros": parametros,
        "entrenables": sum(p.numel() for p in modelo.parameters() if p.requires_grad),
        "bytes_pesos": contar_bytes(modelo),
        "pico_asignado_bytes": torch.cuda.max_memory_allocated() if cuda else None,
        "pico_reservado_bytes": torch.cuda.max_memory_reserved() if cuda else None,
        "segundos_por_paso": mediana,
        "tokens_por_segundo": entradas.numel() / mediana,
        "segundos_pasos": tiempos,
        "perdida_inicial": perdidas[0],
        "perdida_final": perdidas[-1],
        "optimizador": type(optimizador).__name__,
        "atencion": config._attn_implementation,
    }


def describir_tarjeta() -> dict:
    """Nombre, memoria (bytes), capacidad y controlador de la GPU."""
    import torch

    libre, total = torch.cuda.mem_get_info()
    orden = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        salida = subprocess.run(orden, capture_output=True, text=True, timeout=20)
        controlador = (salida.stdout.split() or [None])[0]
    except (OSError, subprocess.SubprocessError):
        controlador = None
    return {
        "nombre": torch.cuda.get_device_name(),
        "memoria_bytes": total,
        "memoria_libre_bytes": libre,
        "capacidad": list(torch.cuda.get_device_capability()),
        "controlador": controlador,
        "cuda": torch.version.cuda,
    }


def es_falta_de_memoria(texto: str) -> bool:
    """¿El mensaje dice que la tarjeta se quedó sin memoria? (PyTorch, cuBLAS o bnb)"""
    senales = ("out of memory", "cublas_status_alloc_failed", "memoryallocation")
    return any(s in texto.lower() for s in senales)


def atender(pedido: dict) -> dict:
    """Describe la tarjeta o mide una fila. No lanza: el error vuelve como estado."""
    try:
        if pedido.get("tarea") == "tarjeta":
            return describir_tarjeta()
        estado = "prueba" if pedido["miniatura"] else "medido"
        return {"estado": estado, "detalle": None} | entrenar(pedido)
    except Exception as error:  # una fila que falla no puede tumbar a las demás
        lleno = isinstance(error, RuntimeError) and es_falta_de_memoria(str(error))
        detalle = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
        return {"estado": "no cabe" if lleno else "falló", "detalle": detalle[:300]}


if __name__ == "__main__":
    print(MARCA + json.dumps(atender(json.loads(sys.argv[1])), allow_nan=False))
