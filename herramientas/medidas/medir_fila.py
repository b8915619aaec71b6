"""Atiende un pedido de medir.py en su propio proceso: describe la tarjeta o mide algo.

Lo llama medir.py, un proceso por punto, con `-m` y el pedido en JSON. Responde con una
línea `FILA-JSON {…}` en la salida estándar. Aquí están la tarjeta, las reglas de una T4
y un bucle propio que compara métodos; lo demás, en medir_leccion.py y medir_trl.py.
Sin probar en GPU.
"""

import json
import math
import os
import statistics
import subprocess
import sys
import threading
import time

from herramientas.medidas.formas import (
    FORMAS,
    NF4,
    SinMedir,
    armar,
    configurar,
    contar_parametros,
)

METODOS = ("completo", "lora", "qlora")
LORA = {"r": 16, "lora_alpha": 32, "lora_dropout": 0.0, "target_modules": "all-linear"}
CALENTAMIENTO = 3  # pasos sin cronómetro: crean el estado del optimizador
MARCA = "FILA-JSON "


# --- El bucle propio que compara métodos ---


def crear_modelo(config, metodo: str, dispositivo: str, dtype):
    """Modelo con pesos al azar, listo para entrenar con uno de los METODOS.

    `dtype` es el de los pesos congelados; lo entrenable va en float32.
    """
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import BitsAndBytesConfig

    nf4 = None
    if metodo == "qlora":
        nf4 = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_compute_dtype=dtype, **NF4)
    base = torch.float32 if metodo == "completo" else dtype
    modelo = armar(config, base, dispositivo, nf4)
    if metodo != "completo":
        modelo = get_peft_model(modelo, LoraConfig(task_type="CAUSAL_LM", **LORA))
    # Los puntos de control del gradiente cambiaron de nombre en transformers 5.
    activar = getattr(modelo, "activation_checkpointing_enable", None)
    (activar or modelo.gradient_checkpointing_enable)({"use_reentrant": False})
    return modelo.train()


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


# --- La tarjeta y las reglas de una T4 ---


def imponer_t4(dispositivo: str) -> None:
    """Deja la tarjeta como una T4: fp16, sin atención flash y con su memoria.

    Así se ve en cualquier tarjeta lo que cabe en una T4; el tiempo sigue siendo el de
    la tarjeta que hay. En CPU no cambia nada.
    """
    if dispositivo != "cuda":
        return
    import torch

    import taller.perfil as modulo
    from herramientas.ensayo.maquina import TARJETAS

    _, memoria, nombre = TARJETAS["t4"]
    razon = f"se mide con las reglas de una {nombre}, que no tiene unidades bf16."
    modulo._precision = lambda _: (torch.float16, razon)
    torch.backends.cuda.enable_flash_sdp(False)
    torch.backends.cuda.enable_cudnn_sdp(False)
    total = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction(min(1.0, memoria / total))


def describir_tarjeta() -> dict:
    """Nombre, memoria (bytes), capacidad y controlador de la GPU.

    `bitsandbytes` es None o por qué no puede cuantizar en ella.
    """
    import torch

    libre, total = torch.cuda.mem_get_info()
    orden = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        salida = subprocess.run(
            orden, capture_output=True, encoding="utf-8", timeout=20
        )
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
        "bitsandbytes": probar_bitsandbytes("cuda"),
    }


def probar_bitsandbytes(dispositivo: str) -> str | None:
    """None si bitsandbytes cuantiza en ese dispositivo; si no, lo que dice."""
    import torch

    try:
        from bitsandbytes.functional import quantize_4bit

        quantize_4bit(torch.ones(64, 64, device=dispositivo), quant_type="nf4")
    except Exception as error:  # cada instalación rota lanza una distinta
        return corta(error)
    return None


# --- Atender ---


def es_falta_de_memoria(texto: str) -> bool:
    """¿El mensaje dice que la tarjeta se quedó sin memoria? (PyTorch, cuBLAS o bnb)"""
    senales = ("out of memory", "cublas_status_alloc_failed", "memoryallocation")
    return any(s in texto.lower() for s in senales)


def corta(error: BaseException) -> str:
    """La clase de un error y la primera línea de su mensaje."""
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"[:300]


def medir(pedido: dict) -> dict:
    """Las cifras de un pedido, según su clase."""
    if pedido.get("reglas") == "t4":
        imponer_t4(pedido["dispositivo"])
    if pedido["clase"] == "leccion":
        from herramientas.medidas.medir_leccion import medir_leccion

        return medir_leccion(pedido)
    if pedido["clase"] == "metodo":
        return entrenar(pedido)
    from herramientas.medidas.medir_trl import medir_trl

    return medir_trl(pedido)


def atender(pedido: dict) -> dict:
    """Describe la tarjeta o mide un punto. No lanza: el error vuelve como estado."""
    try:
        if pedido.get("tarea") == "tarjeta":
            return describir_tarjeta()
        estado = "prueba" if pedido["miniatura"] else "medido"
        return {"estado": estado, "detalle": None} | medir(pedido)
    except SinMedir as razon:
        return {"estado": "sin medir", "detalle": str(razon)}
    except Exception as error:  # un punto que falla no puede tumbar a los demás
        causas = (error, error.__cause__)  # la lección envuelve la suya
        lleno = any(
            type(c).__name__ == "OutOfMemoryError"
            or (isinstance(c, RuntimeError) and es_falta_de_memoria(str(c)))
            for c in causas
        )
        return {"estado": "no cabe" if lleno else "falló", "detalle": corta(error)}


def morir_con(padre: int) -> None:
    """Acaba si muere el programa que abrió este: nadie más espera la respuesta."""
    while os.getppid() == padre:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=morir_con, args=[os.getppid()], daemon=True).start()
    print(MARCA + json.dumps(atender(json.loads(sys.argv[1])), allow_nan=False))
