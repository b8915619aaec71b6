"""Mide QLoRA con el SFTTrainer de TRL, y con Unsloth, en una GPU. Sin probar en GPU.

Lo usa medir.py. Los pesos y los tokens son al azar: valen la memoria y la velocidad.
Las filas tienen todas el largo pedido o, en los puntos de ritmo, largos repartidos como
los de una mezcla de oraciones cortas y charlas; así se ve qué ahorra empaquetar.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from pathlib import Path

from herramientas.medidas.formas import (
    FORMAS,
    NF4,
    Forma,
    SinMedir,
    armar,
    configurar,
)
from herramientas.medidas.medir_leccion import cifras, cronometro

CAPAS = "q_proj k_proj v_proj o_proj gate_proj up_proj down_proj".split()


def filas_al_azar(cuantas: int, largo: int, vocabulario: int, varian: bool):
    """Un Dataset de tokens al azar, siempre el mismo.

    Argumentos: `largo`, el de todas o, si `varian`, el mayor: tres de cada cuatro miden
    entre un décimo y un cuarto de él.
    """
    from datasets import Dataset

    azar, filas = random.Random(7), []
    for i in range(cuantas):
        mide = largo
        if varian:
            corta = azar.randint(largo // 10, largo // 4)
            mide = azar.randint(largo // 4, largo) if i % 4 == 0 else corta
        filas.append([azar.randrange(vocabulario) for _ in range(mide)])
    return Dataset.from_dict({"input_ids": filas})


def con_unsloth(forma: Forma, pedido: dict, dtype, carpeta: Path):
    """El modelo con adaptador, cargado por Unsloth desde pesos al azar en el disco."""
    import torch
    from unsloth import FastLanguageModel

    hacen_falta = 2.2 * forma.parametros
    if not pedido["miniatura"] and shutil.disk_usage(carpeta).free < hacen_falta:
        raise SinMedir(f"hacen falta {hacen_falta / 2**30:.0f} GiB de disco")
    entero = armar(configurar(forma, pedido["miniatura"]), dtype, "cuda")
    entero.save_pretrained(carpeta / "modelo", max_shard_size="2GB")
    tokenizador().save_pretrained(carpeta / "modelo")
    del entero
    torch.cuda.empty_cache()
    modelo, _ = FastLanguageModel.from_pretrained(
        str(carpeta / "modelo"),
        max_seq_length=pedido["largo"],
        dtype=dtype,
        load_in_4bit=True,
    )
    return FastLanguageModel.get_peft_model(
        modelo,
        r=pedido["rango"],
        lora_alpha=2 * pedido["rango"],
        lora_dropout=0,
        target_modules=CAPAS,
        use_gradient_checkpointing="unsloth",
        random_state=0,
    )


def tokenizador():
    """El de `semilla`: TRL solo le pide el token de relleno."""
    from transformers import AutoTokenizer

    from herramientas.archivos import SEMILLA

    return AutoTokenizer.from_pretrained(SEMILLA)


def medir_trl(pedido: dict) -> dict:
    """Las cifras de unos pasos de QLoRA.

    `pedido`: modelo, rango, lote, largo, pasos, calentamiento, varian, empaqueta,
    liger, unsloth, precision, reglas, miniatura, dispositivo y plazo_s.
    """
    limite = time.monotonic() + 0.8 * pedido["plazo_s"]
    with tempfile.TemporaryDirectory(prefix="medir-") as carpeta:
        if pedido["unsloth"]:
            import unsloth  # noqa: F401  (antes que transformers y TRL)
        return _medir(pedido, Path(carpeta), limite)


def _medir(pedido: dict, carpeta: Path, limite: float) -> dict:
    import torch
    from peft import LoraConfig
    from transformers import BitsAndBytesConfig
    from trl import SFTConfig, SFTTrainer

    cuda, forma = pedido["dispositivo"] == "cuda", FORMAS[pedido["modelo"]]
    precision = "float16" if pedido["reglas"] == "t4" else pedido["precision"]
    precision = precision if cuda else "float32"
    dtype, rango, lora = getattr(torch, precision), pedido["rango"], None
    torch.manual_seed(0)
    config = configurar(forma, pedido["miniatura"])
    if pedido["unsloth"]:
        modelo = con_unsloth(forma, pedido, dtype, carpeta)
    else:
        nf4 = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_compute_dtype=dtype, **NF4)
        modelo = armar(config, dtype, pedido["dispositivo"], nf4)
        lora = LoraConfig(
            r=rango,
            lora_alpha=2 * rango,
            lora_dropout=0.0,
            target_modules="all-linear",
            task_type="CAUSAL_LM",
        )
    pasos = pedido["calentamiento"] + pedido["pasos"]
    # Al empaquetar caben varias filas en una: hacen falta más para los mismos pasos.
    cuantas = pasos * pedido["lote"] * (6 if pedido["empaqueta"] else 1)
    ajustes = SFTConfig(
        str(carpeta / "ajuste"),
        max_steps=pasos,
        per_device_train_batch_size=pedido["lote"],
        max_length=pedido["largo"],
        packing=pedido["empaqueta"],
        use_liger_kernel=pedido["liger"],
        learning_rate=1e-4,
        optim="adamw_8bit" if cuda else "adamw_torch",
        gradient_checkpointing=True,
        fp16=precision == "float16",
        bf16=precision == "bfloat16",
        use_cpu=not cuda,
        logging_steps=1,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        seed=7,
    )
    vocabulario = min(config.vocab_size, 4000)
    reloj = cronometro(None, limite, cuda)
    entrenador = SFTTrainer(
        modelo,
        ajustes,
        train_dataset=filas_al_azar(
            cuantas, pedido["largo"], vocabulario, pedido["varian"]
        ),
        processing_class=tokenizador(),
        peft_config=lora,
        callbacks=[reloj],
    )
    for p in entrenador.model.parameters():
        if p.requires_grad:  # el escalador de fp16 no admite otra cosa (lección 10)
            p.data = p.data.float()
    entrenador.train()
    suyas = {"rango": rango, "largo": pedido["largo"]}
    return cifras(reloj, entrenador, pedido["calentamiento"]) | suyas
