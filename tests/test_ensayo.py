"""El ensayo de las lecciones con un perfil de GPU, y que ve cada falla conocida."""

import gc
import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from herramientas.archivos import RAIZ
from herramientas.cuadernos.leer import leer, rutas
from herramientas.ensayo import cuenta, modelos
from herramientas.ensayo.__main__ import elegir, guardar, main
from herramientas.ensayo.ajustes import acortar
from herramientas.ensayo.maquina import Fingido
from herramientas.ensayo.recorrer import Recorrido, recorrer, trucos
from herramientas.medidas.formas import FORMAS, contar_parametros

SMOL = modelos.MODELOS["HuggingFaceTB/SmolLM3-3B"]
QWEN = modelos.MODELOS["Qwen/Qwen3-0.6B"]


@pytest.fixture(scope="session")
def miniaturas(tmp_path_factory) -> Path:
    carpeta = tmp_path_factory.mktemp("miniaturas")
    for modelo in modelos.del_perfil("t4"):
        modelos.guardar(modelo, carpeta)
    return carpeta


def _cuaderno(numero: str):
    (ruta,) = (r for r in rutas() if r.stem.startswith(numero))
    return ruta.stem, leer(ruta)


def _cambiar(cuaderno, *cambios: tuple[str, str, str]) -> None:
    """Cada cambio: celda, lo que dice y lo que decía antes de corregirla."""
    por_id = {c.id: c for c in cuaderno.cells}
    for ident, dice, decia in cambios:
        assert por_id[ident].source.count(dice) == 1, f"{ident} ya no dice {dice!r}"
        por_id[ident].source = por_id[ident].source.replace(dice, decia)


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


def test_se_eligen_por_su_numero_o_por_su_nombre():
    pedidas = ["10", "antes_de_entrenar"]
    assert [r.stem for r in elegir(pedidas)] == ["10_qlora_sft", "antes_de_entrenar"]
    assert elegir([]) == rutas()


def test_una_leccion_que_no_existe_se_dice():
    with pytest.raises(SystemExit, match="No hay lección 99: 00, 01"):
        elegir(["99"])


def test_si_falla_la_primera_celda_se_dice_que_fallo(monkeypatch, capsys):
    def falla_la_primera(nombre, *_, **__):
        return Recorrido(nombre, fallas=["00-instalar: no hay red"])

    programa = "herramientas.ensayo.__main__"
    monkeypatch.setattr(f"{programa}.recorrer", falla_la_primera)
    monkeypatch.setattr(f"{programa}.modelos.guardar", lambda *_: None)
    monkeypatch.setattr("sys.argv", ["ensayo", "t4", "00"])
    assert main() == 1
    dicho = capsys.readouterr().out
    assert "00_bienvenida        sin celdas" in dicho
    assert dicho.endswith("00_bienvenida.ipynb, 00-instalar: no hay red\n")


# --- Los cuadernos ------------------------------------------------------------------

# Copias que deben haber muerto al acabar una celda: las que nacieron en otras.
MUEREN = {
    "08-inicio": ("08-completo", "08-signo", "08-recortar"),
    "10-entrenar": ("10-comprobar",),
    "10-fusionar": ("10-comprobar", "10-guardar", "10-receta"),
    "10-misma-curva": ("10-guardar", "10-fusionar", "10-corte", "10-reanudar"),
}


# Las lecciones que entrenan, sin las celdas que gastan su tiempo en `semilla`: esas las
# ejecuta nbval. `make ensayo-t4` recorre los cuadernos enteros.
ENTRENAN = {
    "09": "09-lado 09-tres 09-relleno 09-parada",
    "10": "",
    "12": "12-tiempos 12-ahorro 12-control 12-estudio-figura",
}


def _mueren(hecho) -> None:
    for celda in hecho.celdas:
        nacidos = " ".join(celda["vivos"])
        for origen in MUEREN.get(celda["celda"], ()):
            assert f"({origen})" not in nacidos, f"{celda['celda']}: sigue vivo"


@pytest.mark.lento
@pytest.mark.parametrize("numero", ENTRENAN)
def test_t4(numero, miniaturas):
    """Cada celda corre con el perfil t4 y cabe en una T4, según la predicción."""
    nombre, cuaderno = _cuaderno(numero)
    tras, sin = trucos(cuaderno), ENTRENAN[numero]
    hecho = recorrer(nombre, cuaderno, "t4", miniaturas, tras=tras, sin=sin)
    assert hecho.fallas == []
    _mueren(hecho)
    if numero == "10":
        (entrena,) = (c for c in hecho.celdas if c["celda"] == "10-entrenar")
        pedido = {"optimizador paged_adamw_8bit", "fp16", "pico a cero"}
        assert pedido <= set(entrena["sucesos"])


@pytest.mark.lento
def test_08_suelta_sus_copias(miniaturas):
    nombre, cuaderno = _cuaderno("08")
    saltadas = "08-energia 08-recortar-figura 08-control"
    hecho = recorrer(
        nombre, cuaderno, "t4", miniaturas, hasta="08-inicio", sin=saltadas
    )
    assert hecho.fallas == [] and hecho.celdas[-1]["celda"] == "08-inicio"
    _mueren(hecho)


@pytest.mark.lento
def test_ve_que_la_primera_celda_no_quite_torchao(miniaturas):
    nombre, cuaderno = _cuaderno("11")
    _cambiar(cuaderno, ("11-instalar", "completar()", "pass"))
    hecho = recorrer(nombre, cuaderno, "t4", miniaturas, hasta="11-modelos")
    (falla,) = hecho.fallas
    assert falla.startswith("11-modelos: ") and "torchao. Found version 0.10" in falla


SOLO_AJUSTAR = """12-reparto 12-leer-etiqueta 12-sencillas 12-memoria 12-recordar
12-reglas 12-copiar 12-remuestreo"""


@pytest.mark.lento
@pytest.mark.parametrize(
    ("largo", "razon"), [("256", "pierden la respuesta"), ("512", "no es el comienzo")]
)
def test_ve_que_12_aprenda_con_el_razonamiento_encendido(miniaturas, largo, razon):
    nombre, cuaderno = _cuaderno("12")
    _cambiar(
        cuaderno,
        ("12-cargar", ', "chat_template_kwargs": sin_pensar', ""),
        ("12-config", "256 if SEMILLA else 512", largo),
        ("12-config", "(8, 150, 2e-4)", "(8, 20, 2e-4)"),
    )
    hecho = recorrer(
        nombre, cuaderno, "t4", miniaturas, hasta="12-entrenar", sin=SOLO_AJUSTAR
    )
    (falla,) = hecho.fallas
    assert falla.startswith("12-entrenar: ") and razon in falla


def test_acortado_guarda_cada_vez_que_mide():
    """El Trainer exige que coincidan si al final devuelve el mejor punto."""
    pedido = {"max_steps": 32, "save_steps": 4, "eval_steps": 4}
    corto = acortar(pedido | {"load_best_model_at_end": True})
    assert corto["save_steps"] == corto["eval_steps"] < corto["max_steps"] < 32
    assert acortar(pedido)["eval_steps"] == 4


POCOS_PASOS = ("10-ajustes", '"t4": (200,', '"t4": (25,')


@pytest.mark.lento
def test_ve_que_10_fusione_en_32_bits_con_lo_demas_vivo(miniaturas):
    nombre, cuaderno = _cuaderno("10")
    _cambiar(
        cuaderno,
        ("10-entrenar", "modelo = entrenador = ajustado = capa = None", "pass"),
        ("10-fusionar", "recargado = None", "pass"),
        ("10-fusionar", "16 if cuda else 32", "32"),
        POCOS_PASOS,
    )
    saltadas = """10-control 10-acumular 10-curva 10-memoria 10-por-clase 10-errores
    10-punto 10-receta 10-ablacion"""
    hecho = recorrer(
        nombre, cuaderno, "t4", miniaturas, hasta="10-fusionar", sin=saltadas
    )
    (falla,) = hecho.fallas
    assert falla.startswith("10-fusionar: ") and "el tope es 13,5" in falla


@pytest.mark.lento
def test_ve_que_10_no_reanude(miniaturas):
    nombre, cuaderno = _cuaderno("10")
    _cambiar(
        cuaderno,
        (
            "10-sin-memoria",
            "resume_from_checkpoint=punto",
            "resume_from_checkpoint=None",
        ),
        POCOS_PASOS,
    )
    saltadas = "10-control 10-acumular"
    hecho = recorrer(
        nombre,
        cuaderno,
        "t4",
        miniaturas,
        hasta="10-entrenar",
        sin=saltadas,
        tras=trucos(cuaderno),
    )
    (falla,) = hecho.fallas
    assert falla.startswith("ensayo-reanudada: ") and "reanudó en los pasos []" in falla


@pytest.mark.lento
def test_ve_que_08_copie_un_modelo_de_hub_con_lo_demas_vivo(miniaturas):
    nombre, cuaderno = _cuaderno("08")
    _cambiar(
        cuaderno,
        ("08-importar", 'elegir_perfil("semilla")', "elegir_perfil()"),
        ("08-completo", "pasos=30", "pasos=8"),
        ("08-signo", "del unico, gradiente", "pass"),
    )
    hecho = recorrer(
        nombre, cuaderno, "t4", miniaturas, hasta="08-recortar", sin="08-energia"
    )
    celdas = [falla.split(":")[0] for falla in hecho.fallas]
    assert "08-recortar" in celdas


FINGE = """
import sys
from herramientas.ensayo.maquina import fingir
fingir(sys.argv[1], {}, print)
from transformers import TrainingArguments
TrainingArguments(output_dir=sys.argv[2], bf16=True)
"""


@pytest.mark.lento
@pytest.mark.parametrize(("perfil", "deja"), [("grande", True), ("t4", False)])
def test_solo_la_tarjeta_nueva_deja_entrenar_en_bf16(perfil, deja, tmp_path):
    orden = [sys.executable, "-c", FINGE, perfil, str(tmp_path)]
    hecho = subprocess.run(orden, cwd=RAIZ, capture_output=True, encoding="utf-8")
    assert (hecho.returncode == 0) is deja, hecho.stderr
    assert deja or "bf16" in hecho.stderr
