"""La forma de los modelos que se miden, y cómo armarlos con pesos al azar.

Un modelo con pesos al azar ocupa y tarda lo mismo que el publicado, pero no hay que
descargarlo; lo que escribe es ruido. Nada se importa hasta que hace falta: Unsloth pide
que lo importen antes que a transformers.
"""

from __future__ import annotations

from dataclasses import dataclass

NF4 = {"bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": True}


class SinMedir(RuntimeError):
    """El punto no se puede medir aquí; el mensaje dice por qué."""


@dataclass(frozen=True)
class Forma:
    """Arquitectura de un modelo: su clase de configuración, medidas y parámetros."""

    hub: str
    clase: str
    medidas: dict
    parametros: int


def _medidas(vocabulario, ancho, capas, cabezas, claves, mlp, atada, **mas) -> dict:
    return {
        "vocab_size": vocabulario,
        "hidden_size": ancho,
        "num_hidden_layers": capas,
        "num_attention_heads": cabezas,
        "num_key_value_heads": claves,
        "intermediate_size": mlp,
        "tie_word_embeddings": atada,
    } | mas


# Fuente: la configuración publicada de cada modelo, contrastada con copias en
# repositorios públicos. Una prueba vuelve a calcular las cuentas de parámetros.
QWEN3_4B = _medidas(151936, 2560, 36, 32, 8, 9728, True, head_dim=128)
FORMAS = {
    "qwen3-0.6b": Forma(
        "Qwen/Qwen3-0.6B",
        "Qwen3Config",
        _medidas(151936, 1024, 28, 16, 8, 3072, True, head_dim=128),
        596_049_920,
    ),
    "qwen3-1.7b": Forma(
        "Qwen/Qwen3-1.7B",
        "Qwen3Config",
        _medidas(151936, 2048, 28, 16, 8, 6144, True, head_dim=128),
        1_720_574_976,
    ),
    "smollm3-3b": Forma(
        "HuggingFaceTB/SmolLM3-3B",
        "SmolLM3Config",
        _medidas(128256, 2048, 36, 16, 4, 11008, True),
        3_075_098_624,
    ),
    "llama-3.2-3b": Forma(
        "meta-llama/Llama-3.2-3B",
        "LlamaConfig",
        _medidas(128256, 3072, 28, 24, 8, 8192, True, head_dim=128),
        3_212_749_824,
    ),
    "granite-4.0-micro": Forma(
        "ibm-granite/granite-4.0-micro",
        "GraniteConfig",  # sus cuarenta capas son de atención, como en Granite 3
        _medidas(100352, 2560, 40, 40, 8, 8192, True),
        3_402_836_480,
    ),
    "gemma-3-4b": Forma(
        "google/gemma-3-4b-it",
        "Gemma3TextConfig",  # sin su parte de imagen
        _medidas(262208, 2560, 34, 8, 4, 10240, True, head_dim=256),
        3_880_263_168,
    ),
    "qwen3-4b": Forma(
        "Qwen/Qwen3-4B-Instruct-2507", "Qwen3Config", QWEN3_4B, 4_022_468_096
    ),
    "qwen2.5-7b": Forma(
        "Qwen/Qwen2.5-7B",
        "Qwen2Config",
        _medidas(152064, 3584, 28, 28, 4, 18944, False),
        7_615_616_512,
    ),
    "llama-3.1-8b": Forma(
        "meta-llama/Llama-3.1-8B",
        "LlamaConfig",
        _medidas(128256, 4096, 32, 32, 8, 14336, False),
        8_030_261_248,
    ),
    "qwen3-8b": Forma(
        "Qwen/Qwen3-8B",
        "Qwen3Config",
        _medidas(151936, 4096, 36, 32, 8, 12288, False, head_dim=128),
        8_190_735_360,
    ),
    "qwen3-14b": Forma(
        "Qwen/Qwen3-14B",
        "Qwen3Config",
        _medidas(151936, 5120, 40, 40, 8, 17408, False, head_dim=128),
        14_768_307_200,
    ),
    "llama-3.1-70b": Forma(
        "latam-gpt/Llama-3.1-70B-LatamGPT-SFT-1.0",  # suponemos la forma de Llama
        "LlamaConfig",
        _medidas(128256, 8192, 80, 64, 8, 28672, False),
        70_553_706_496,
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


def octetos_en_nf4(forma: Forma) -> float:
    """Lo que ocupan los pesos: NF4 con sus escalas, y las tablas en 16 bits."""
    medidas = forma.medidas
    tabla = medidas["vocab_size"] * medidas["hidden_size"]
    tabla *= 1 if medidas["tie_word_embeddings"] else 2
    return (forma.parametros - tabla) * 0.516 + 2 * tabla


def armar(config, dtype, dispositivo: str, nf4=None):
    """Modelo con pesos al azar, como lo dejaría `from_pretrained`.

    Argumentos: `dtype`, el de lo que no se cuantiza; `nf4`, un BitsAndBytesConfig, o
    nada para no cuantizar. Se llena módulo por módulo en `dispositivo`: en NF4 nunca
    hay más de una capa sin cuantizar.
    """
    modelo = modelo_vacio(config, dtype)
    if nf4 is not None:
        from transformers.quantizers.auto import AutoHfQuantizer

        cuantizador = AutoHfQuantizer.from_config(nf4, pre_quantized=False)
        cuantizador.preprocess_model(modelo, device_map={"": dispositivo})
    for nombre, modulo in modelo.named_modules():
        if nombre == "lm_head" and config.tie_word_embeddings:
            continue  # comparte su matriz con los embeddings
        llenar(modelo, modulo, dispositivo, dtype)
    modelo.tie_weights()
    if nf4 is not None:
        cuantizador.postprocess_model(modelo)
        modelo.hf_quantizer = cuantizador
    return modelo.eval()


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
        if modulo.bias is not None:
            cero = torch.zeros(modulo.bias.shape, device=dispositivo, dtype=dtype)
            modulo.bias = torch.nn.Parameter(cero)
    elif [*modulo.parameters(recurse=False), *modulo.buffers(recurse=False)]:
        modulo.to_empty(device=dispositivo, recurse=False)
        with torch.no_grad():
            modelo._init_weights(modulo)  # el inicio que usa transformers
