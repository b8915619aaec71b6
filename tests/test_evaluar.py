"""El programa de evaluación: corre con cualquier carpeta y cuenta bien."""

import json
import subprocess
import sys

import pytest
import torch

from herramientas.archivos import RAIZ
from herramientas.medidas import evaluar  # noqa: E402


def correr(*argumentos):
    return subprocess.run(
        [sys.executable, "-m", "herramientas.medidas.evaluar", *map(str, argumentos)],
        cwd=RAIZ,
        capture_output=True,
        text=True,
        timeout=400,
    )


@pytest.fixture(scope="module")
def carpeta(tmp_path_factory):
    """Un Qwen3 diminuto de pesos al azar con el tokenizador de semilla."""
    from transformers import AutoTokenizer, Qwen3Config, Qwen3ForCausalLM

    destino = tmp_path_factory.mktemp("qwen") / "qwen3-al-azar"
    torch.manual_seed(0)
    tok = AutoTokenizer.from_pretrained(evaluar.SEMILLA)
    tok.chat_template = None  # como un modelo base
    tok.save_pretrained(destino)
    config = Qwen3Config(
        vocab_size=len(tok),
        hidden_size=64,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=32,
        max_position_embeddings=256,
        eos_token_id=tok.eos_token_id,
        pad_token_id=tok.pad_token_id,
        bos_token_id=tok.bos_token_id,
    )
    Qwen3ForCausalLM(config).save_pretrained(destino)
    return destino


@pytest.mark.lento
def test_evalua_una_carpeta_cualquiera(carpeta, tmp_path):
    salida = tmp_path / "cifras.json"
    fin = correr("--modelo", carpeta, "--limite", 40, "--salida", salida)
    assert fin.returncode == 0, fin.stderr[-800:]
    informe = json.loads(salida.read_text())
    assert informe["modelo"] == "qwen3-al-azar" and informe["precision"] == "float32"
    conjuntos = {f["conjunto"].split(",")[0] for f in informe["filas"]}
    assert conjuntos == {"registros", "variedades", "tratamientos", "finanzas"}
    for f in informe["filas"]:
        assert f["n"] > 0 and f["bajo"] <= f["valor"] <= f["alto"], f
    exactos = [f for f in informe["filas"] if f["medida"] == "acierto exacto"]
    assert exactos and all(f["valor"] == 0 for f in exactos), "pesos al azar"


def test_un_modelo_que_no_existe_lo_dice_y_no_escribe(tmp_path):
    salida = tmp_path / "cifras.json"
    fin = correr("--modelo", tmp_path / "nada", "--salida", salida)
    assert fin.returncode != 0 and "No se pudo cargar" in fin.stderr
    assert not salida.exists()


def test_las_ventanas_cuentan_cada_token_una_vez(carpeta):
    """Con contexto de sobra, las ventanas dan lo mismo que una sola pasada."""
    modelo, tok = evaluar.cargar(str(carpeta), False)
    ids = tok.encode("Llegó la lluvia y el río creció hasta la orilla.")
    entrada = torch.tensor([[tok.bos_token_id, *ids]])
    with torch.no_grad():
        logps = modelo(entrada).logits.log_softmax(-1)
    directo = logps[0, :-1].gather(1, entrada[0, 1:, None]).sum().item()
    for contexto in (64, 2 * len(ids) + 4):
        suma = evaluar.sum_por_ventanas(modelo, tok, ids, contexto)
        assert suma == pytest.approx(directo, abs=1e-3)


def test_normalizar_iguala_lo_que_no_importa():
    assert evaluar.normalizar(" El 5 %, ¡sí! ") == "el 5% si"
    assert evaluar.normalizar("Índice de Precios") == "indice de precios"
