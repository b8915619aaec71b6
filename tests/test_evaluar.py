"""El programa de evaluación: corre con cualquier carpeta, cuenta bien y antes mira."""

import json
import shutil
import sys
from pathlib import Path

import pytest
import torch
from programas import correr_aqui
from safetensors.torch import load_file, save_file

from herramientas.archivos import ADAPTADOR, sello
from herramientas.medidas import comprobar, evaluar
from taller.conjuntos import jsonl

pytestmark = [pytest.mark.lento, pytest.mark.usefixtures("un_hilo")]
PROGRAMA = "herramientas.medidas.evaluar"


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


def test_evalua_una_carpeta_cualquiera(carpeta, tmp_path):
    salida = tmp_path / "cifras.json"
    pedido = ("--modelo", carpeta, "--limite", 40, "--salida", salida)
    assert correr_aqui(PROGRAMA, *pedido) is None
    informe = json.loads(salida.read_text())
    assert informe["modelo"] == "qwen3-al-azar" and informe["precision"] == "float32"
    conjuntos = {f["conjunto"].split(",")[0] for f in informe["filas"]}
    assert conjuntos == {"registros", "variedades", "tratamientos", "finanzas"}
    for f in informe["filas"]:
        assert f["n"] > 0 and f["bajo"] <= f["valor"] <= f["alto"], f
    exactos = [f for f in informe["filas"] if f["medida"] == "acierto exacto"]
    assert exactos and all(f["valor"] == 0 for f in exactos), "pesos al azar"
    assert informe["hilos"] >= 1 and informe["versiones"]["torch"]
    assert not {"pesos", "adaptador"} & informe.keys()  # no son los del paquete


def test_un_modelo_que_no_existe_lo_dice_y_no_escribe(tmp_path):
    salida = tmp_path / "cifras.json"
    fin = correr_aqui(PROGRAMA, "--modelo", tmp_path / "nada", "--salida", salida)
    assert "No se pudo cargar" in fin
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


def test_una_pregunta_vale_con_cualquiera_de_sus_nombres(monkeypatch):
    """La respuesta, un alias o la misma cifra en letras; otra cosa, no."""
    filas = [
        {
            "pregunta": "¿Qué índice?",
            "respuesta": "índice de precios",
            "alias": ["IPC"],
        },
        {"pregunta": "¿Cuánto?", "respuesta": "4 millones", "alias": []},
        {"pregunta": "¿Cuándo?", "respuesta": "2019", "alias": []},
    ]
    dichos = [" Ipc. ", "cuatro millones", "2020"]
    monkeypatch.setattr(evaluar, "cargar_datos", lambda _: {"prueba": filas})
    monkeypatch.setattr(evaluar, "preguntar", lambda *_: dichos)
    (medida,) = evaluar.medir_preguntas(None, None, 10)
    assert (medida["valor"], medida["n"]) == (pytest.approx(2 / 3, abs=1e-3), 3)


def test_solo_cambia_las_filas_de_un_conjunto(tmp_path):
    """Lo demás se conserva, en su lugar, y no se mezclan medidas de otros pesos."""

    def filas(*nombres):
        return [{"conjunto": c, "parte": p} for c, p in nombres]

    ruta = tmp_path / "cifras.json"
    comun = dict.fromkeys(evaluar.LO_MISMO, "lo mismo") | {"segundos": 9}
    viejas = filas(("registros", "a"), ("variedades, b", "c"), ("tratamientos", "d"))
    ruta.write_text(json.dumps(comun | {"fecha": "ayer", "filas": viejas}))
    nuevas = filas(("variedades, b", "e"), ("variedades, f", "g"))
    informe = comun | {"fecha": "hoy", "segundos": 1, "filas": nuevas}
    junto = evaluar.juntar(informe, ruta, "variedades")
    assert [f["parte"] for f in junto["filas"]] == ["a", "e", "g", "d"]
    assert junto["fecha"] == "hoy" and junto["segundos"] == 9
    with pytest.raises(SystemExit, match="se midió con otro pesos"):
        evaluar.juntar(informe | {"pesos": "otros"}, ruta, "variedades")
    assert {n for v in evaluar.DE_CONJUNTO.values() for n in v} == set(evaluar.MEDIDAS)


# --- Lo que se mira antes de medir --------------------------------------------------


@pytest.fixture
def sin_medir(monkeypatch):
    """Corre el programa aquí mismo; si llega a cargar un modelo para medir, falla."""

    def no_se_carga(*_):
        raise AssertionError("llegó a medir")

    def correr_aqui(*argumentos) -> str:
        monkeypatch.setattr(evaluar, "cargar", no_se_carga)
        monkeypatch.setattr(sys, "argv", ["x", *map(str, argumentos)])
        with pytest.raises(SystemExit) as fin:
            evaluar.main()
        frase = str(fin.value.code)
        assert frase.endswith(".") and "\n" not in frase, frase
        return frase

    return correr_aqui


@pytest.fixture
def adaptador(tmp_path):
    return Path(shutil.copytree(ADAPTADOR, tmp_path / "adaptador"))


@pytest.fixture
def sin_registro(adaptador):
    """Un adaptador hecho por otra persona: sin huellas."""
    (adaptador / "huellas.json").unlink()
    return adaptador


@pytest.mark.parametrize("limite", ["0", "-3", "2.5", "muchas", ""])
def test_el_limite_es_un_entero_positivo(sin_medir, limite):
    assert "hace falta un entero de 1 o más" in sin_medir(f"--limite={limite}")


def test_la_salida_se_prueba_antes(sin_medir, tmp_path):
    (tmp_path / "archivo").write_text("soy un archivo")
    assert "es una carpeta" in sin_medir("--salida", tmp_path)
    for salida in (tmp_path / "archivo" / "x.json", "/proc/x.json"):
        assert "No se puede escribir" in sin_medir("--salida", salida)
    assert [p.name for p in tmp_path.iterdir()] == ["archivo"]


def test_con_solo_se_mira_antes_que_se_pueda_juntar(sin_medir, tmp_path, monkeypatch):
    """Se sabe antes de medir que el resultado guardado es de otra medida."""
    monkeypatch.setenv("TALLER_HILOS", "1")
    for nombre in ("comprobar_semilla", "comprobar_adaptador", "cargar_datos"):
        monkeypatch.setattr(evaluar, nombre, lambda *_: None)  # tienen sus pruebas
    salida = tmp_path / "cifras.json"
    pedido = ("--solo", "variedades", "--limite", 7, "--salida", salida)
    monkeypatch.setattr(sys, "argv", ["x", *map(str, pedido)])
    guardado = evaluar.con_que(evaluar.argumentos()) | {"filas": []}
    for campo in evaluar.LO_MISMO:
        salida.write_text(json.dumps(guardado | {campo: "otro"}), "utf-8")
        assert f"se midió con otro {campo}" in sin_medir(*pedido)
    salida.write_text('{"modelo": ', "utf-8")
    assert "está dañado: mide todo, sin --solo" in sin_medir(*pedido)
    salida.write_text(json.dumps(guardado), "utf-8")
    with pytest.raises(AssertionError, match="llegó a medir"):
        sin_medir(*pedido)


def _cambiar_un_octeto(ruta):
    octetos = bytearray(ruta.read_bytes())
    octetos[-1] ^= 1
    ruta.write_bytes(octetos)


def test_los_pesos_de_semilla_se_comprueban(sin_medir, tmp_path, monkeypatch):
    copia = Path(shutil.copytree(evaluar.SEMILLA, tmp_path / "semilla"))
    _cambiar_un_octeto(copia / "model.safetensors")
    monkeypatch.setattr(evaluar, "SEMILLA", copia)
    salida = tmp_path / "cifras.json"
    assert "model.safetensors del modelo semilla está dañado" in sin_medir(
        "--salida", salida
    )
    assert "dañado" in sin_medir("--modelo", copia, "--salida", salida)
    assert not salida.exists()


def test_el_adaptador_del_paquete_se_comprueba(
    sin_medir, adaptador, tmp_path, monkeypatch
):
    monkeypatch.setattr(evaluar, "ADAPTADOR", adaptador)
    salida = ("--salida", tmp_path / "cifras.json")
    _cambiar_un_octeto(adaptador / "adapter_model.safetensors")
    frase = "adapter_model.safetensors del adaptador está dañado"
    assert frase in sin_medir(*salida)
    monkeypatch.setattr(comprobar, "ADAPTADOR", adaptador)
    (adaptador / "huellas.json").unlink()
    assert "Falta el adaptador" in sin_medir(*salida)


def _cortar(ruta):
    ruta.write_bytes(ruta.read_bytes()[:1000])


def _a_pickle(ruta):
    torch.save(load_file(ruta), ruta.with_suffix(".bin"))
    ruta.unlink()


def _otros_nombres(ruta):
    pesos = {n.replace("self_attn", "attn"): t for n, t in load_file(ruta).items()}
    save_file(pesos, ruta)


def _otra_forma(ruta):
    save_file({n: t[:, :8].contiguous() for n, t in load_file(ruta).items()}, ruta)


def _falta_uno(ruta):
    save_file(dict(list(load_file(ruta).items())[1:]), ruta)


def _sobra_uno(ruta):
    pesos = load_file(ruta)
    uno = next(iter(pesos))
    otro = uno.replace("layers.0.", "layers.99.")
    save_file(pesos | {otro: pesos[uno].clone()}, ruta)


@pytest.mark.parametrize(
    ("dano", "frase"),
    [
        (_cortar, "adapter_model.safetensors está dañado"),
        (lambda r: r.write_bytes(b""), "adapter_model.safetensors está dañado"),
        (lambda r: r.unlink(), "Falta adapter_model.safetensors"),
        (_a_pickle, "Falta adapter_model.safetensors"),
        (_otros_nombres, "se ajustó sobre otra base"),
        (_otra_forma, "se ajustó sobre otra base"),
        (_falta_uno, "se ajustó sobre otra base"),
        (_sobra_uno, "layers.99."),
    ],
)
def test_un_adaptador_malo_no_se_mide(sin_medir, sin_registro, tmp_path, dano, frase):
    salida = tmp_path / "cifras.json"
    dano(sin_registro / "adapter_model.safetensors")
    assert frase in sin_medir("--adaptador", sin_registro, "--salida", salida)
    assert not salida.exists()


@pytest.mark.parametrize(
    "ajustes", ["", "[]", "{}", '{"peft_type": "LORA", "r": "x"}', None]
)
def test_unos_ajustes_malos_no_se_miden(sin_medir, sin_registro, tmp_path, ajustes):
    ruta = sin_registro / "adapter_config.json"
    ruta.unlink()
    if ajustes is not None:
        ruta.write_text(ajustes)
    salida = ("--salida", tmp_path / "cifras.json")
    assert "adapter_config.json" in sin_medir("--adaptador", sin_registro, *salida)


def test_el_adaptador_de_semilla_no_entra_en_otra_base(sin_medir, carpeta, tmp_path):
    salida = ("--salida", tmp_path / "cifras.json")
    base = ("--modelo", carpeta, *salida)
    assert "se ajustó sobre otra base" in sin_medir(*base, "--adaptador", ADAPTADOR)
    assert "No existe la carpeta" in sin_medir(*base, "--adaptador", tmp_path / "nada")


def test_un_conjunto_danado_se_dice_antes(sin_medir, tmp_path, monkeypatch):
    def sin_permiso(_):
        raise PermissionError(13, "x")

    monkeypatch.setattr(jsonl.Path, "read_bytes", sin_permiso)
    monkeypatch.setattr(evaluar, "comprobar_semilla", lambda _: None)
    monkeypatch.setattr(evaluar, "comprobar_adaptador", lambda *_: None)
    assert "No tienes permiso" in sin_medir("--salida", tmp_path / "cifras.json")


def test_unos_pesos_cortados_se_dicen(carpeta, tmp_path):
    copia = Path(shutil.copytree(carpeta, tmp_path / "copia"))
    _cortar(copia / "model.safetensors")
    with pytest.raises(SystemExit, match="están dañados"):
        evaluar.cargar(str(copia), False)


def test_el_informe_lleva_los_sellos(monkeypatch, carpeta, tmp_path):
    """El de semilla dice qué pesos y qué adaptador midió, con qué hilos y versiones."""
    pasos, salida = [], tmp_path / "cifras.json"
    monkeypatch.delenv("TALLER_HILOS", raising=False)

    def medir(modelo, tok, rotulo, limite, solo):
        assert not solo
        pasos.append(rotulo)
        valores = {"valor": 0.5, "bajo": 0.4, "alto": 0.6, "n": 9}
        return [{"conjunto": "c", "parte": "p", "medida": "m"} | valores]

    monkeypatch.setattr(evaluar, "medir", medir)
    monkeypatch.setattr(sys, "argv", ["x", "--limite", "7", "--salida", str(salida)])
    evaluar.main()
    assert pasos == ["semilla", "semilla ajustado"]
    informe = json.loads(salida.read_text())
    assert informe["pesos"] == sello(evaluar.SEMILLA / "model.safetensors")
    assert informe["adaptador"] == sello(ADAPTADOR / "adapter_model.safetensors")
    assert informe["hilos"] == 2 and informe["limite"] == 7
    assert set(informe["versiones"]) == {
        "torch",
        "transformers",
        "peft",
        "bitsandbytes",
    }
    assert informe["filas"][0]["despues"]["valor"] == 0.5


def test_con_una_sola_fila_tambien_se_mide(carpeta):
    modelo, tok = evaluar.cargar(str(carpeta), False)
    filas = evaluar.medir_tratamientos(modelo, tok, 1)
    assert {f["n"] for f in filas} == {1}
