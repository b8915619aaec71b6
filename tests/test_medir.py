"""medidas/medir.py: lo que se puede comprobar sin GPU, con modelos mínimos."""

import json
import math
import os
import subprocess
import sys

import pytest
import torch
from programas import correr_aqui

from herramientas.archivos import RAIZ, RESULTADOS
from herramientas.medidas import medir, medir_fila

pytestmark = [pytest.mark.lento, pytest.mark.usefixtures("un_hilo")]
ARQUITECTURAS = ("llama-3.1-8b", "qwen3-0.6b", "smollm3-3b")
TARJETA = {
    "nombre": "NVIDIA Tarjeta-1 16GB",
    "memoria_bytes": 16 * 2**30,
    "memoria_libre_bytes": 15 * 2**30,
    "capacidad": [7, 5],
    "controlador": "1.2",
    "cuda": "13.0",
}


def crear(modelo: str, metodo: str):
    config = medir_fila.configurar(medir_fila.FORMAS[modelo], miniatura=True)
    return medir_fila.crear_modelo(config, metodo, "cpu", torch.bfloat16)


def pedido(**cambios) -> dict:
    base = {"modelo": "qwen3-0.6b", "metodo": "lora", "miniatura": True, "pasos": 3}
    base |= {"dispositivo": "cpu", "precision": "bfloat16", "lote": 1, "largo": 32}
    return base | {"plazo_s": 60} | cambios


def medida(**cambios) -> dict:
    cifras = {"estado": "medido", "detalle": None, "entrenables": 7}
    cifras |= {"pico_asignado_bytes": 2**30, "pico_reservado_bytes": 2**31}
    return cifras | {"tokens_por_segundo": 123.4} | cambios


@pytest.fixture
def con_tarjeta(monkeypatch, tmp_path):
    """Hace creer a medir.py que hay una tarjeta; devuelve la carpeta de resultados y
    la lista de pedidos que reciben los procesos hijos."""
    pedidos, respuestas = [], {}

    def lanzar(p, plazo_s):
        if p.get("tarea") == "tarjeta":
            return TARJETA
        pedidos.append(p | {"plazo_s": plazo_s})
        respuesta = respuestas.get((p["modelo"], p["metodo"]), medida())
        if isinstance(respuesta, BaseException):
            raise respuesta
        return respuesta

    monkeypatch.setattr(medir, "hay_gpu", lambda: True)
    monkeypatch.setattr(medir, "lanzar", lanzar)
    monkeypatch.setattr(medir, "RESULTADOS", tmp_path / "resultados")
    monkeypatch.setattr(medir.signal, "signal", lambda *_: None)
    return tmp_path / "resultados", pedidos, respuestas


# --- La fila: modelos, bytes y entrenamiento ---


@pytest.mark.parametrize("nombre", medir_fila.FORMAS)
def test_las_formas_tienen_los_parametros_publicados(nombre):
    forma = medir_fila.FORMAS[nombre]
    assert (
        medir_fila.contar_parametros(medir_fila.configurar(forma)) == forma.parametros
    )


def test_las_formas_van_de_menor_a_mayor():
    cuentas = [f.parametros for f in medir_fila.FORMAS.values()]
    assert cuentas == sorted(cuentas)


@pytest.mark.parametrize("metodo", medir_fila.METODOS)
@pytest.mark.parametrize("modelo", ARQUITECTURAS)
def test_un_modelo_minimo_se_crea_y_entrena(modelo, metodo):
    m = crear(modelo, metodo)
    antes = {n: p.detach().clone() for n, p in m.named_parameters()}
    optimizador = medir_fila.crear_optimizador(m, metodo, "cpu")
    escalador = torch.amp.GradScaler("cpu", enabled=False)
    entradas = torch.randint(512, (2, 32))
    perdidas = [
        medir_fila.paso(m, optimizador, escalador, entradas, torch.bfloat16)
        for _ in range(4)
    ]
    assert perdidas[0] == pytest.approx(math.log(512), abs=0.5)  # pesos al azar
    assert perdidas[-1] < perdidas[0]
    cambiaron = {n for n, p in m.named_parameters() if not torch.equal(p, antes[n])}
    entrenables = {n for n, p in m.named_parameters() if p.requires_grad}
    assert cambiaron == entrenables
    if metodo != "completo":  # solo los adaptadores, en las siete capas lineales
        assert all("lora_" in n for n in entrenables)
        assert len(entrenables) == 2 * 7 * 2
    assert {p.dtype for p in m.parameters() if p.requires_grad} == {torch.float32}
    capas = m.get_base_model().model.layers if metodo != "completo" else m.model.layers
    assert all(capa.gradient_checkpointing for capa in capas)


@pytest.mark.parametrize("modelo", ARQUITECTURAS)
def test_bytes_de_cada_componente(modelo):
    cuentas = {t: medir_fila.contar_bytes(crear(modelo, t)) for t in medir_fila.METODOS}
    lineales = 2 * (128 * (128 + 64 + 64 + 128) + 3 * 128 * 256)  # dos capas
    r, a = 16, 2 * (2 * (128 + 128) + 2 * (128 + 64) + 3 * (128 + 256))
    for metodo, por_peso in {"completo": 4, "lora": 2, "qlora": 0.5}.items():
        c = cuentas[metodo]
        assert c["lineales"] == lineales * por_peso
        ancho = 4 if metodo == "completo" else 2
        assert c["embeddings"] == 512 * 128 * ancho
        assert c["cabeza"] == (c["embeddings"] if "llama" in modelo else 0)
        assert c["adaptadores"] == (0 if metodo == "completo" else r * a * 4)
    assert cuentas["lora"]["escalas_nf4"] == 0
    # Una constante de 8 bits por cada 64 pesos, más tablas fijas de cada capa.
    minimo = lineales / 64
    assert minimo < cuentas["qlora"]["escalas_nf4"] < minimo + 2 * 7 * 1200


def test_qlora_cuantiza_todas_las_capas_menos_la_cabeza():
    from bitsandbytes.nn import Linear4bit

    m = crear("llama-3.1-8b", "qlora")
    capas = [c for c in m.modules() if isinstance(c, Linear4bit)]
    assert len(capas) == 2 * 7
    assert all(c.weight.quant_state.quant_type == "nf4" for c in capas)
    assert all(c.weight.quant_state.nested for c in capas)
    assert type(m.get_base_model().lm_head) is torch.nn.Linear


@pytest.mark.parametrize("modelo", ARQUITECTURAS)
def test_nada_queda_sin_memoria_y_el_inicio_es_el_de_transformers(modelo):
    from transformers import AutoModelForCausalLM

    m = crear(modelo, "completo")
    tensores = [*m.parameters(), *m.buffers()]
    assert all(t.device.type == "cpu" for t in tensores)
    config = medir_fila.configurar(medir_fila.FORMAS[modelo], miniatura=True)
    patron = AutoModelForCausalLM.from_config(config)
    torch.testing.assert_close(
        m.model.rotary_emb.inv_freq, patron.model.rotary_emb.inv_freq
    )
    assert torch.equal(m.model.norm.weight, patron.model.norm.weight)
    assert m.model.layers[0].mlp.up_proj.weight.std().item() == pytest.approx(0.02, 0.1)
    compartida = m.lm_head.weight is m.model.embed_tokens.weight
    assert compartida == config.tie_word_embeddings


@pytest.mark.parametrize("metodo", medir_fila.METODOS)
def test_entrenar_en_fp16_con_escalador(metodo):
    """El camino de una T4: lo entrenable en float32, fp16 y pérdida escalada."""
    fila = medir_fila.entrenar(pedido(metodo=metodo, precision="float16", pasos=5))
    assert fila["perdida_final"] < fila["perdida_inicial"]
    assert len(fila["segundos_pasos"]) == 5
    mediana = sorted(fila["segundos_pasos"])[2]
    assert fila["segundos_por_paso"] == mediana
    assert fila["tokens_por_segundo"] == pytest.approx(32 / mediana)
    assert fila["pico_asignado_bytes"] is None  # en CPU no se inventa un pico
    assert set(fila) | {"segundos_totales"} == set(medir.CIFRAS) | {"parametros"}


def test_con_poco_plazo_se_queda_con_tres_pasos():
    fila = medir_fila.entrenar(pedido(pasos=50, plazo_s=0))
    assert len(fila["segundos_pasos"]) == 3


def test_si_la_arquitectura_cambia_no_se_mide(monkeypatch):
    monkeypatch.setattr(medir_fila, "contar_parametros", lambda _: 1)
    fila = medir_fila.atender(pedido(miniatura=False))
    assert fila["estado"] == "falló"


@pytest.mark.parametrize(
    ("error", "estado"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to…"), "no cabe"),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED"), "no cabe"),
        (RuntimeError("otra cosa"), "falló"),
        (ImportError("falta bitsandbytes"), "falló"),
    ],
)
def test_memoria_agotada_y_otros_errores(monkeypatch, error, estado):
    def fallar(_):
        raise error

    monkeypatch.setattr(medir_fila, "entrenar", fallar)
    fila = medir_fila.atender(pedido())
    assert fila["estado"] == estado
    assert type(error).__name__ in fila["detalle"]
    assert "tokens_por_segundo" not in fila


@pytest.mark.parametrize(
    ("programa", "estado"),
    [
        ("import os; os._exit(9)", "falló"),
        ("import sys; sys.exit('Error out of memory at line 5')", "no cabe"),
        ("import time; time.sleep(30)", "omitido"),
        ("print('ruido'); print('FILA-JSON {\"estado\": \"medido\"}')", "medido"),
    ],
)
def test_un_proceso_que_cae_o_tarda_no_tumba_a_los_demas(
    monkeypatch, tmp_path, programa, estado
):
    hijo = tmp_path / "hijo.py"
    hijo.write_text(programa, encoding="utf-8")
    monkeypatch.setattr(medir, "FILA", (str(hijo),))
    plazo = 1 if estado == "omitido" else 30
    assert medir.lanzar({}, plazo)["estado"] == estado


# --- El informe ---


@pytest.mark.parametrize(
    ("capacidad", "precision"),
    [
        ((6, 1), "float16"),
        ((7, 5), "float16"),
        ((8, 0), "bfloat16"),
        ((12, 0), "bfloat16"),
    ],
)
def test_la_precision_depende_de_la_capacidad(capacidad, precision):
    elegida, razon = medir.elegir_precision(capacidad)
    assert elegida == precision
    assert razon.startswith(precision)


def test_informe_completo(con_tarjeta, capsys):
    carpeta, pedidos, respuestas = con_tarjeta
    respuestas["llama-3.1-8b", "completo"] = {"estado": "no cabe", "detalle": "x"}
    assert medir.principal([]) == 0
    (ruta,) = carpeta.iterdir()
    informe = json.loads(ruta.read_text(encoding="utf-8"))
    assert ruta.name == f"gpu-tarjeta-1-16gb-{informe['fecha'][:10]}.json"
    claves = "esquema programa fecha completo tarjeta versiones ajustes filas"
    assert list(informe) == claves.split()
    assert informe["completo"] is True
    assert informe["tarjeta"] == TARJETA
    assert set(informe["versiones"]) == {"python", *medir.PAQUETES}
    ajustes = informe["ajustes"]
    assert ajustes["precision"] == "float16" and ajustes["razon_precision"]
    assert ajustes["lora"]["r"] == 16 and ajustes["lora"]["lora_alpha"] == 32
    assert {"lote", "largo", "puntos_de_control_del_gradiente", "optimizador"} <= set(
        ajustes
    )
    pares = [(f["modelo"], f["metodo"]) for f in informe["filas"]]
    assert pares == [(m, t) for m in medir.FORMAS for t in medir.METODOS]
    fijas = {"modelo", "hub", "parametros", "metodo", "estado", "detalle"}
    for fila in informe["filas"]:
        assert set(fila) == fijas | set(medir.CIFRAS)
        if fila["estado"] != "medido":
            assert all(fila[c] is None for c in medir.CIFRAS[:-1])
    assert all(p["dispositivo"] == "cuda" and not p["miniatura"] for p in pedidos)
    salida = capsys.readouterr().out
    assert "float16" in salida and "no cabe" in salida


def test_sin_tiempo_las_filas_quedan_omitidas(con_tarjeta, monkeypatch):
    carpeta, pedidos, _ = con_tarjeta
    reloj = iter(range(0, 10_000, 11))  # cada consulta avanza once segundos
    monkeypatch.setattr(medir.time, "monotonic", lambda: next(reloj))
    assert medir.principal(["--minutos", "1", "--modelos", "qwen3-0.6b"]) == 0
    (ruta,) = carpeta.iterdir()
    filas = json.loads(ruta.read_text(encoding="utf-8"))["filas"]
    assert [f["estado"] for f in filas] == ["medido", "medido", "omitido"]
    assert len(pedidos) == 2 and all(p["plazo_s"] <= 60 for p in pedidos)


def test_interrumpido_conserva_lo_medido(con_tarjeta):
    carpeta, _, respuestas = con_tarjeta
    respuestas["qwen3-0.6b", "lora"] = KeyboardInterrupt()
    assert medir.principal([]) == 130
    (ruta,) = carpeta.iterdir()
    informe = json.loads(ruta.read_text(encoding="utf-8"))
    assert [f["metodo"] for f in informe["filas"]] == ["completo"]
    assert informe["completo"] is False


def test_nada_medido_sale_con_uno(con_tarjeta, monkeypatch):
    falla = {"estado": "falló", "detalle": "x"}
    monkeypatch.setattr(
        medir, "lanzar", lambda p, s: TARJETA if "tarea" in p else falla
    )
    assert medir.principal(["--modelos", "qwen3-0.6b"]) == 1


def test_tarjeta_que_no_responde(con_tarjeta, monkeypatch, capsys):
    carpeta, *_ = con_tarjeta
    monkeypatch.setattr(medir, "lanzar", lambda *_: {"estado": "falló", "detalle": "x"})
    assert medir.principal([]) == 3
    assert "no responde" in capsys.readouterr().err
    assert not carpeta.exists()


def test_una_segunda_medida_del_dia_no_pisa_la_primera(tmp_path):
    primera = medir.nombrar("Tesla T4", "2026-11-23T10:00:00", tmp_path)
    assert primera.name == "gpu-tesla-t4-2026-11-23.json"
    primera.touch()
    segunda = medir.nombrar("Tesla T4", "2026-11-23T11:00:00", tmp_path)
    assert segunda.name == "gpu-tesla-t4-2026-11-23-2.json"


# --- La línea de órdenes ---


@pytest.mark.parametrize(
    ("argumentos", "frase"),
    [
        (["--modelos", "gpt-9"], "no conozco «gpt-9»"),
        (["--metodos", ","], "no hay ningún nombre"),
        (["--lote", "0"], "entero entre 1 y 256"),
        (["--lote", "1.5"], "entero entre 1 y 256"),
        (["--largo", "mucho"], "recibí «mucho»"),
        (["--pasos", "2"], "entre 3 y 200"),
        (["--minutos", "nan"], "entre 0.5 y 600"),
        (["--salida", "no-existe/a.json"], "--salida debe ser"),
        (["--salida", __file__], "--salida debe ser"),
        (["--lotes", "3"], "No conozco «--lotes»"),
        (["--lote"], "le falta su valor"),
    ],
)
def test_opciones_malas(argumentos, frase, capsys):
    assert medir.principal(argumentos) == 2
    assert frase in capsys.readouterr().err


def test_la_prueba_no_escribe_en_resultados(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(medir, "RESULTADOS", tmp_path)
    assert medir.principal(["--prueba", "--salida", str(tmp_path / "a.json")]) == 2
    assert "resultados/" in capsys.readouterr().err


def test_sin_tarjeta_lo_dice_y_no_cambia_nada(monkeypatch, capsys):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    antes = sorted(RESULTADOS.iterdir())
    assert correr_aqui("herramientas.medidas.medir") == 3
    dicho = capsys.readouterr()
    assert dicho.err.startswith("No hay una GPU NVIDIA")
    assert len(dicho.err.strip().splitlines()) == 1 and dicho.out == ""
    assert sorted(RESULTADOS.iterdir()) == antes


def test_el_modo_de_prueba_recorre_todo_el_camino():
    antes = sorted(RESULTADOS.iterdir())
    opciones = "--prueba --modelos qwen3-0.6b --metodos qlora --pasos 3 --largo 32"
    # En otro proceso y sin GPU, para que las filas que él abre tampoco la vean.
    fin = subprocess.run(
        [sys.executable, "-m", "herramientas.medidas.medir", *opciones.split()],
        env=os.environ | {"CUDA_VISIBLE_DEVICES": "", "PYTHONUTF8": "1"},
        cwd=RAIZ,
        capture_output=True,
        encoding="utf-8",
        timeout=170,
    )
    assert fin.returncode == 0, fin.stderr
    informe = json.loads(fin.stdout.splitlines()[-1])
    assert informe["completo"] and informe["tarjeta"] is None
    (fila,) = informe["filas"]
    assert fila["estado"] == "prueba", fila["detalle"]  # nunca «medido»
    assert fila["pico_asignado_bytes"] is None
    assert sorted(RESULTADOS.iterdir()) == antes


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no hay GPU NVIDIA")
@pytest.mark.parametrize("metodo", medir_fila.METODOS)
def test_en_una_gpu_el_pico_incluye_los_pesos(metodo):
    fila = medir_fila.entrenar(pedido(metodo=metodo, dispositivo="cuda"))
    pesos = sum(fila["bytes_pesos"].values())
    assert fila["pico_reservado_bytes"] >= fila["pico_asignado_bytes"] > pesos
