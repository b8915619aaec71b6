"""La página «Cuando algo va mal»: sus enlaces, y cada revisión con la falla puesta.

Las fallas que aquí no se provocan las provoca la lección que la fila enlaza, con un
assert o a la vista en su salida.
"""

import gc
import re
import unicodedata

import pytest

from herramientas.archivos import RAIZ
from herramientas.cuadernos.leer import encabezados, leer

torch = pytest.importorskip("torch")
PAGINA = (RAIZ / "book" / "cuando_algo_va_mal.md").read_text("utf-8")
FILAS = [
    [celda.strip() for celda in linea.strip("|").split(" | ")]
    for linea in PAGINA.splitlines()
    if linea.startswith("| ") and "ipynb" in linea
]


def _revision(sintoma):
    """La primera revisión de la fila que empieza así."""
    halladas = [f[1] for f in FILAS if f[0].startswith(sintoma)]
    assert len(halladas) == 1, (sintoma, len(halladas))
    return halladas[0]


def _codigo(sintoma, comienzo):
    """El trozo de código de esa revisión que empieza así."""
    trozos = re.findall(r"`([^`]+)`", _revision(sintoma))
    return next(t for t in trozos if t.startswith(comienzo))


@pytest.fixture(scope="module")
def semilla():
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from taller.recursos import ruta_semilla

    modelo = AutoModelForCausalLM.from_pretrained(ruta_semilla(), dtype=torch.float32)
    return modelo.eval(), AutoTokenizer.from_pretrained(ruta_semilla())


CHARLA = [{"role": "user", "content": "Repite: sol"}]
CHARLA += [{"role": "assistant", "content": "sol"}]


def _lote(tokenizador, **opciones):
    """Una charla con sus etiquetas, como en la lección 09."""
    dado = tokenizador.apply_chat_template(
        CHARLA, return_dict=True, return_assistant_tokens_mask=True, **opciones
    )
    pares = zip(dado["input_ids"], dado["assistant_masks"], strict=True)
    etiquetas = [i if cuenta else -100 for i, cuenta in pares]
    return {
        "input_ids": torch.tensor([dado["input_ids"]]),
        "labels": torch.tensor([etiquetas]),
    }


def test_hay_bastantes_y_cada_una_lleva_a_una_seccion_que_existe():
    assert len(FILAS) >= 20
    assert all(len(fila) == 3 and all(fila) for fila in FILAS)
    vistas = {}
    for *_, donde in FILAS:
        lugares = re.findall(
            r"\[(\d\d), sección (\d+)\]\(\.\./(notebooks/\S+)\)", donde
        )
        assert lugares or "[museo, sala " in donde, donde
        for numero, seccion, ruta in lugares:
            assert ruta.startswith(f"notebooks/{numero}_"), donde
            if ruta not in vistas:
                celdas = leer(RAIZ / ruta).cells
                vistas[ruta] = [t for c in celdas for _, t in encabezados(c)]
            hay = [t for t in vistas[ruta] if t.startswith(f"{seccion}. ")]
            assert len(hay) == 1, f"{ruta} no tiene la sección {seccion}"


def test_la_pagina_esta_en_el_indice_y_se_enlaza_desde_como_usar():
    assert "book/cuando_algo_va_mal" in (RAIZ / "_toc.yml").read_text("utf-8")
    guia = (RAIZ / "book" / "como_usar.md").read_text("utf-8")
    assert "(cuando_algo_va_mal.md)" in guia


def test_nan_es_una_fila_sin_etiquetas(semilla):
    modelo, tokenizador = semilla
    lote = _lote(tokenizador)
    cuenta = _codigo("La pérdida es `nan`", "(lote")
    assert 0 not in eval(cuenta, {"lote": lote})
    lote["labels"][:] = -100
    assert modelo(**lote).loss.isnan()
    assert 0 in eval(cuenta, {"lote": lote})


def test_no_se_mueve_lo_que_no_se_entrena(semilla):
    modelo, tokenizador = semilla
    cuenta = _codigo("La pérdida no se mueve", "sum(")
    modelo.requires_grad_(False)
    assert eval(cuenta, {"modelo": modelo}) == 0
    with pytest.raises(RuntimeError, match="does not require grad"):
        modelo(**_lote(tokenizador)).loss.backward()
    modelo.requires_grad_(True)
    assert eval(cuenta, {"modelo": modelo}) > 0


def test_un_adaptador_cargado_para_usarlo_viene_quieto():
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    from taller.recursos import ruta_adaptador, ruta_semilla

    cuenta = _codigo("La pérdida no se mueve", "sum(")
    cura = _codigo("`element 0", "PeftModel")
    for codigo, quieto in ((cura, False), (cura.replace("True", "False"), True)):
        base = AutoModelForCausalLM.from_pretrained(ruta_semilla())
        entorno = {"PeftModel": PeftModel, "base": base, "carpeta": ruta_adaptador()}
        adaptado = eval(codigo, entorno)
        assert (eval(cuenta, {"modelo": adaptado}) == 0) == quieto
    assert adaptado.active_adapters == ["default"]  # la fila de la copia
    base = adaptado.peft_config["default"].base_model_name_or_path
    assert base  # la fila de lo recargado


def test_lo_que_cuenta_es_la_respuesta_y_su_fin(semilla):
    tokenizador = semilla[1]
    lee = _codigo("La pérdida es muy baja", "tokenizador")
    fin = _codigo("No se calla", "tokenizador")
    lote = _lote(tokenizador)
    entorno = {"tokenizador": tokenizador, "lote": lote}
    assert eval(lee, entorno) == " sol<|fin|>" and eval(fin, entorno)
    lote["labels"] = lote["input_ids"]  # cuenta todo
    assert "Repite" in eval(lee, entorno)
    lote["labels"] = _lote(tokenizador)["labels"][:, :-1]  # sin el fin
    assert not eval(fin, entorno)


def test_la_plantilla_sin_generation(semilla):
    from importlib.resources import files

    tokenizador = semilla[1]
    tiene = _codigo("`ValueError`", '"endgeneration')
    assert eval(tiene, {"tokenizador": tokenizador})
    original = tokenizador.chat_template
    ruta = files("trl") / "chat_templates/llama3_1.jinja"
    try:
        tokenizador.chat_template = ruta.read_text("utf-8")
        assert not eval(tiene, {"tokenizador": tokenizador})
    finally:
        tokenizador.chat_template = original


def test_el_pedido_es_el_comienzo_de_lo_que_se_entreno(semilla):
    tokenizador = semilla[1]

    def ids(charla, **opciones):
        return tokenizador.apply_chat_template(charla, **opciones)["input_ids"]

    prefijo = _codigo("Responde en otro idioma", "toda")
    final = _codigo("La respuesta sale vacía", "tokenizador")
    toda = ids(CHARLA, return_dict=True)
    pedido = ids(CHARLA[:1], add_generation_prompt=True, return_dict=True)
    cerrado = ids(CHARLA[:1], return_dict=True)
    entorno = {"tokenizador": tokenizador, "toda": toda}
    assert eval(prefijo, entorno | {"pedido": pedido})
    assert eval(final, entorno | {"pedido": pedido}).endswith("<|asistente|>")
    assert not eval(final, entorno | {"pedido": cerrado}).endswith("<|asistente|>")
    # se pregunta con un bloque de razonar que al entrenar no estaba
    otra = tokenizador.chat_template + "{{- ' <think>' -}}"
    opciones = {"chat_template": otra, "add_generation_prompt": True}
    pedido = ids(CHARLA[:1], return_dict=True, **opciones)
    assert not eval(prefijo, entorno | {"pedido": pedido})


def test_la_parada_del_modelo_es_el_fin_de_turno(semilla):
    modelo, tokenizador = semilla
    parada = eval(
        _codigo("Cierra, reabre", "modelo.generation_config"), {"modelo": modelo}
    )
    paradas = parada if isinstance(parada, list) else [parada]
    assert tokenizador.eos_token_id in paradas
    assert _lote(tokenizador)["input_ids"][0, -1] == tokenizador.eos_token_id


def test_generar_con_y_sin_sorteo(semilla):
    modelo, tokenizador = semilla
    entrada = tokenizador("La casa", return_tensors="pt", add_special_tokens=False)
    entrada = {k: entrada[k] for k in ("input_ids", "attention_mask")}

    def decir(**opciones):
        salida = modelo.generate(**entrada, max_new_tokens=12, **opciones)
        return salida[0].tolist()

    assert decir(do_sample=False) == decir(do_sample=False)
    assert len({tuple(decir(do_sample=True, top_k=0)) for _ in range(4)}) > 1
    corta = decir(do_sample=False)  # la fila de la respuesta cortada
    assert corta[-1] != tokenizador.eos_token_id
    assert eval(_codigo("Generar se hace", "modelo"), {"modelo": modelo}) is True


def test_dos_formas_de_la_misma_palabra():
    compara = _codigo("Cuenta como error", "unicodedata")
    a, b = "tenés", unicodedata.normalize("NFD", "tenés")
    assert a != b and eval(compara, {"unicodedata": unicodedata, "a": a, "b": b})


def test_tildes_rotas_y_bytes_sueltos():
    import ftfy

    assert b"\xc3".decode(errors="replace") == "�"
    assert b"\xc3\xa1".decode() == "á"
    assert "ftfy.fix_text" in _revision("Salen signos")
    assert ftfy.fix_text("maÃ±ana") == "mañana"


def test_el_lote_de_evaluar_no_baja_solo():
    from trl import SFTConfig

    config = SFTConfig("x", per_device_train_batch_size=1, bf16=False, report_to="none")
    assert config.per_device_eval_batch_size == 8
    assert "es 8 si no lo pones" in _revision("Entrena y falla al evaluar")


def test_un_nombre_basta_para_retener_un_modelo(semilla):
    import copy

    from transformers import PreTrainedModel

    vivos = _codigo("No cabe un segundo", "sum(")
    entorno = {"gc": gc, "PreTrainedModel": PreTrainedModel}
    antes = eval(vivos, entorno)
    otro = copy.deepcopy(semilla[0])
    pesos = list(otro.modules())[-1]
    cuantos = eval(vivos, entorno) - antes
    assert cuantos >= 1
    del otro, pesos
    gc.collect()
    assert eval(vivos, entorno) == antes


def test_dos_inicios_al_pasar_dos_veces_por_el_tokenizador(semilla):
    """Lo que hace que otro programa vea otros números."""
    from tokenizers.processors import TemplateProcessing
    from transformers import AutoTokenizer

    from taller.recursos import ruta_semilla

    otro = AutoTokenizer.from_pretrained(ruta_semilla())
    otro.backend_tokenizer.post_processor = TemplateProcessing(
        single="<|inicio|> $A", special_tokens=[("<|inicio|>", otro.bos_token_id)]
    )
    assert otro("sol")["input_ids"] != semilla[1]("sol")["input_ids"]
    assert "dos inicios" in _revision("Empeora en otro programa")
