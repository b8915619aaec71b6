"""El ensayo de las lecciones con un perfil de GPU, y que ve cada falla conocida."""

import gc
import json
from pathlib import Path

import pytest
import torch

from herramientas.ensayo import cuenta, modelos
from herramientas.ensayo.__main__ import elegir, guardar
from herramientas.ensayo.maquina import Fingido
from herramientas.medidas.formas import FORMAS, contar_parametros

SMOL = modelos.MODELOS["HuggingFaceTB/SmolLM3-3B"]
QWEN = modelos.MODELOS["Qwen/Qwen3-0.6B"]


@pytest.fixture(scope="session")
def miniaturas(tmp_path_factory) -> Path:
    carpeta = tmp_path_factory.mktemp("miniaturas")
    for modelo in modelos.del_perfil("t4"):
        modelos.guardar(modelo, carpeta)
    return carpeta


# --- Las miniaturas -----------------------------------------------------------------


@pytest.mark.parametrize(("piensa", "tokens"), [(True, 240), (False, 54)])
def test_la_cabecera_de_smollm3_mide_lo_que_la_publicada(piensa, tokens):
    tok = modelos.tokenizador(SMOL)
    texto = tok.apply_chat_template(
        [{"role": "user", "content": "Hola"}], tokenize=False, enable_thinking=piensa
    )
    cabecera, _, resto = texto.partition("<|im_start|>user")
    assert resto
    assert len(tok.encode(cabecera, add_special_tokens=False)) == tokens


@pytest.mark.parametrize("hub", list(modelos.MODELOS))
def test_la_plantilla_se_puede_entrenar(hub):
    """TRL la reconoce por su texto exacto, o ya trae la marca de lo generado."""
    from trl.chat_template_utils import get_training_chat_template

    tok = modelos.tokenizador(modelos.MODELOS[hub])
    assert "generation" in (get_training_chat_template(tok) or tok.chat_template)


@pytest.mark.parametrize("modelo", [QWEN, SMOL], ids=lambda m: m.nombre)
def test_las_cabezas_se_reparten_como_en_el_modelo_publicado(modelo):
    assert modelo.chicas["h"] == modelo.reales["h"]
    assert modelo.chicas["hk"] == modelo.reales["hk"] < modelo.reales["h"]
    assert all(modelo.chicas[k] % 64 == 0 for k in ("d", "q", "kv", "m"))


# --- La cuenta ----------------------------------------------------------------------


@pytest.fixture
def red_de_smol(miniaturas):
    from transformers import AutoModelForCausalLM

    ruta = miniaturas / SMOL.nombre
    return AutoModelForCausalLM.from_pretrained(ruta, dtype=torch.bfloat16)


def test_cada_tensor_se_lleva_al_tamano_publicado(red_de_smol):
    """Sumados, dan los parámetros del modelo entero, menos las normas."""
    total = 0.0
    for p in red_de_smol.parameters():
        if p.ndim == 2:
            elementos, chicas, reales = cuenta.real(tuple(p.shape), [SMOL])
            total += elementos * reales / chicas
    normas = (2 * SMOL.reales["n"] + 1) * SMOL.reales["d"]
    assert total + normas == FORMAS["smollm3-3b"].parametros


def test_lo_que_se_suelta_deja_de_contarse(red_de_smol):
    gc.collect()
    pesos = 2 * FORMAS["smollm3-3b"].parametros
    otra = type(red_de_smol)(red_de_smol.config).bfloat16()
    con_dos = cuenta.contar([SMOL], set())["16 bits"]
    del otra
    gc.collect()
    con_una = cuenta.contar([SMOL], set())["16 bits"]
    assert con_dos - con_una == pytest.approx(pesos, rel=0.01)
    assert con_una == pytest.approx(pesos, rel=0.01)


def test_el_estado_de_adam_y_los_gradientes_se_distinguen(red_de_smol):
    tabla = red_de_smol.get_input_embeddings().weight
    red_de_smol.requires_grad_(False)
    tabla.requires_grad_(True)
    adam = torch.optim.AdamW([tabla])
    tabla.grad = torch.ones_like(tabla)
    adam.step()
    partes = cuenta.contar([SMOL], set())
    uno = SMOL.reales["V"] * SMOL.reales["d"] * 2
    assert partes["gradientes"] == uno and partes["optimizador"] == 2 * uno


def test_los_parametros_de_qwen3_4b_son_los_publicados():
    """4,0 mil millones, según su ficha: 3,6 sin los embeddings."""
    from transformers import Qwen3Config

    total = contar_parametros(Qwen3Config(**modelos.QWEN3_4B))
    tabla = modelos.QWEN3_4B["vocab_size"] * modelos.QWEN3_4B["hidden_size"]
    assert round(total / 1e9, 1) == 4.0
    assert round((total - tabla) / 1e9, 1) == 3.6


def test_el_dispositivo_fingido_es_cuda_para_quien_pregunta():
    fingido = Fingido("cpu")
    assert fingido == "cuda" and not fingido == "cpu" and fingido != "cpu"
    assert torch.zeros(2, device=fingido).device.type == "cpu"


# --- La tabla -----------------------------------------------------------------------


def _fila(cuaderno: str, octetos: int) -> dict:
    partes = {"16 bits": octetos, "logits": 2**30}
    comun = {"fecha": "2026-01-01", "celda": "00-x", "motivo": "cargar"}
    return comun | {"cuaderno": cuaderno, "octetos": octetos + 2**30, "partes": partes}


def test_la_tabla_se_puede_cambiar_por_filas(tmp_path):
    primera = [_fila("04_generacion", 2**31), _fila("00_bienvenida", 2**30)]
    guardar("t4", primera, tmp_path)
    ruta = guardar("t4", [_fila("04_generacion", 2**32)], tmp_path)
    tabla = json.loads(ruta.read_text("utf-8"))
    assert [f["cuaderno"] for f in tabla["filas"]] == ["00_bienvenida", "04_generacion"]
    assert [f["octetos"] / 2**30 for f in tabla["filas"]] == [2, 5]


def test_una_leccion_que_no_existe_se_dice():
    with pytest.raises(SystemExit, match="No hay lección 99: 00, 01"):
        elegir(["99"])
