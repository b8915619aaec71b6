"""Los avisos para otras bibliotecas: su programa corre y dice lo que se cuenta."""

import re
import subprocess
import sys

import pytest

from herramientas.archivos import RAIZ

INFORMES = sorted((RAIZ / "herramientas" / "informes").glob("*.md"))

pytestmark = pytest.mark.lento  # cada programa carga torch


def salida_de(informe, tmp_path) -> str:
    """Lo que imprime el único programa de un aviso."""
    (codigo,) = re.findall(r"```python\n(.*?)```", informe.read_text("utf-8"), re.S)
    programa = tmp_path / "reproduce.py"
    programa.write_text(codigo, encoding="utf-8")
    hecho = subprocess.run(
        [sys.executable, str(programa)],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert hecho.returncode == 0, hecho.stderr[-800:]
    return hecho.stdout


@pytest.mark.parametrize("informe", INFORMES, ids=lambda ruta: ruta.stem)
def test_cada_aviso_dice_a_quien_va_y_como_curarlo(informe):
    texto = informe.read_text("utf-8")
    assert re.search(r"\*\*For:\*\* [\w-]+/[\w-]+\.", texto)
    assert re.search(r"\*\*State:\*\* (not sent|https://\S+)", texto)
    assert "Workaround:" in texto


def test_el_gradiente_tras_una_evaluacion(tmp_path):
    (informe,) = [i for i in INFORMES if i.stem == "bitsandbytes_gradiente"]
    salida = salida_de(informe, tmp_path)
    con, dice = re.search(r"BF16: (\w+)\n(.*)", salida).groups()
    coseno = re.search(r"gradients: (-?[\d.]+)", dice)
    if con in ("0", "False"):
        assert float(coseno[1]) == 1  # en esta CPU el fallo no ocurre
    elif coseno:
        assert float(coseno[1]) < 0.999, "ya no se reproduce: la protección sobra"
    else:
        assert "no gradient reaches the input" in dice


def test_trl_pasa_los_adaptadores_a_bf16(tmp_path):
    (informe,) = [i for i in INFORMES if i.stem == "trl_bf16"]
    salida = salida_de(informe, tmp_path)
    assert "asked for bf16: False; trainable weights: torch.bfloat16" in salida


def test_un_optimizador_de_8_bits_deja_vivos_los_embeddings(tmp_path):
    (informe,) = [i for i in INFORMES if i.stem == "transformers_8bit"]
    assert "still alive: 3 of 3" in salida_de(informe, tmp_path), "ya se sueltan"
