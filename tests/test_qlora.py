"""QLoRA de verdad sobre `semilla`: el gradiente en 4 bits y la receta publicada."""

import pytest
import torch

import taller

pytestmark = pytest.mark.lento  # ajusta el modelo semilla

TEXTO = "Vos dudás si conviene salir antes de que llueva."


@pytest.fixture
def base():
    """`semilla` en NF4, recién cargada, y su tokenizador."""
    from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

    perfil = taller.elegir_perfil("semilla")
    nf4 = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_compute_dtype=torch.float32,
        bnb_4bit_use_double_quant=True,
    )
    modelo = AutoModelForCausalLM.from_pretrained(
        perfil.modelo, quantization_config=nf4, dtype=torch.float32
    )
    return modelo, AutoTokenizer.from_pretrained(perfil.modelo)


def con_lora(modelo, **cambios):
    """El modelo con un adaptador cuya B no es cero: así el gradiente llega a A."""
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(3)
    ajustes = {"r": 8, "target_modules": "all-linear", "task_type": "CAUSAL_LM"}
    modelo = get_peft_model(modelo, LoraConfig(**(ajustes | cambios)))
    for nombre, p in modelo.named_parameters():
        if "lora_B" in nombre:
            torch.nn.init.normal_(p, std=0.02)
    return modelo


def gradiente(modelo, ids):
    """Gradiente de la pérdida respecto de todo el adaptador, en un solo vector."""
    modelo.train()
    modelo.zero_grad()
    modelo(input_ids=ids, labels=ids).loss.backward()
    piezas = [p.grad.flatten() for p in modelo.parameters() if p.requires_grad]
    return torch.cat(piezas).clone()


def coseno_tras_evaluar(modelo, tokenizador) -> float:
    """Parecido entre el gradiente de antes y el de después de una evaluación."""
    ids = tokenizador(TEXTO, return_tensors="pt")["input_ids"]
    antes = gradiente(modelo, ids)
    modelo.eval()
    with torch.no_grad():
        modelo(input_ids=ids)
    return torch.cosine_similarity(antes, gradiente(modelo, ids), dim=0).item()


def test_el_gradiente_no_cambia_tras_una_evaluacion(base):
    modelo, tokenizador = base
    capas = taller.proteger_gradiente_4bit(modelo)
    assert capas == 7 * modelo.config.num_hidden_layers
    assert coseno_tras_evaluar(con_lora(modelo), tokenizador) > 0.999


def test_sin_la_proteccion_el_gradiente_si_cambia(base):
    """Si esto deja de fallar, bitsandbytes se arregló y la protección sobra."""
    from bitsandbytes.functional import has_avx512bf16

    if not has_avx512bf16():
        pytest.skip("esta CPU no tiene AVX512-BF16: aquí el fallo no ocurre")
    modelo, tokenizador = base
    assert coseno_tras_evaluar(con_lora(modelo), tokenizador) < 0.999


def test_la_receta_publicada_corre_hoy(base):
    """r=16, alfa 32, q_proj y v_proj, dropout 0,05: la página de la colaboración."""
    from peft import LoraConfig, get_peft_model

    modelo, tokenizador = base
    taller.proteger_gradiente_4bit(modelo)
    receta = LoraConfig(
        r=16,
        lora_alpha=32,
        target_modules=["q_proj", "v_proj"],
        lora_dropout=0.05,
        bias="none",
        task_type="CAUSAL_LM",
    )
    modelo = get_peft_model(modelo, receta)
    entrenables = [n for n, p in modelo.named_parameters() if p.requires_grad]
    assert entrenables
    assert all("q_proj" in n or "v_proj" in n for n in entrenables)
    ids = tokenizador(TEXTO, return_tensors="pt")["input_ids"]
    opt = torch.optim.AdamW([p for p in modelo.parameters() if p.requires_grad], 1e-2)
    perdidas = []
    for _ in range(8):
        perdida = modelo(input_ids=ids, labels=ids).loss
        perdida.backward()
        opt.step()
        opt.zero_grad()
        perdidas.append(perdida.item())
    assert perdidas[-1] < perdidas[0]


def test_el_argumento_de_antes_ya_no_existe():
    from transformers import AutoModelForCausalLM

    with pytest.raises(TypeError, match="load_in_4bit"):
        AutoModelForCausalLM.from_pretrained(
            taller.elegir_perfil("semilla").modelo, load_in_4bit=True
        )
