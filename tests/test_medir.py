"""medidas/medir.py: lo que se puede comprobar sin GPU, con modelos mínimos."""

import errno
import json
import math
import os
import subprocess
import sys

import pytest
import torch
from programas import correr_aqui

from herramientas.archivos import RAIZ, RESULTADOS
from herramientas.medidas import formas, medir, medir_fila, medir_trl
from herramientas.medidas.celdas import Leccion
from taller import ErrorDelTaller
from taller.perfil import EN_EL_HUB

sys.path.insert(0, str(RAIZ / "book" / "_ext"))
cifras = pytest.importorskip("cifras")
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
    base = {"clase": "metodo", "modelo": "qwen3-0.6b", "metodo": "lora"}
    base |= {"miniatura": True, "pasos": 3}
    base |= {"dispositivo": "cpu", "precision": "bfloat16", "lote": 1, "largo": 32}
    return base | {"plazo_s": 60} | cambios


def medida(**cambios) -> dict:
    cifras = {"estado": "medido", "detalle": None, "entrenables": 7}
    cifras |= {"pico_asignado_bytes": 2**30, "pico_reservado_bytes": 2**31}
    cifras |= {"pasos": 10, "lote": 8, "acumulacion": 2, "segundos_por_paso": 0.5}
    return cifras | {"tokens_por_segundo": 123.4} | cambios


@pytest.fixture
def con_tarjeta(monkeypatch, tmp_path):
    """Hace creer a medir.py que hay una tarjeta; devuelve la carpeta de resultados y
    la lista de pedidos que reciben los procesos hijos."""
    pedidos, respuestas = [], {}

    def lanzar(p, plazo_s):
        if p.get("tarea") == "tarjeta":
            return TARJETA | {"bitsandbytes": None}
        pedidos.append(p | {"plazo_s": plazo_s})
        respuesta = respuestas.get(p["punto"], medida())
        if isinstance(respuesta, BaseException):
            raise respuesta
        return respuesta

    monkeypatch.setattr(medir, "hay_gpu", lambda: True)
    monkeypatch.setattr(medir, "lanzar", lanzar)
    monkeypatch.setattr(medir, "sellar", lambda: {"programa": "este"})
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
        ("import time; time.sleep(30)", "sin tiempo"),
        ("print('ruido'); print('FILA-JSON {\"estado\": \"medido\"}')", "medido"),
    ],
)
def test_un_proceso_que_cae_o_tarda_no_tumba_a_los_demas(
    monkeypatch, tmp_path, programa, estado
):
    hijo = tmp_path / "hijo.py"
    hijo.write_text(programa, encoding="utf-8")
    monkeypatch.setattr(medir, "FILA", (str(hijo),))
    plazo = 1 if estado == "sin tiempo" else 30
    assert medir.lanzar({}, plazo)["estado"] == estado


def test_la_leccion_que_no_cabe_tampoco_es_una_falla(monkeypatch):
    """La lección envuelve la falta de memoria en su propia frase."""

    def fallar(_):
        raise ErrorDelTaller("No cabe y el lote…") from torch.OutOfMemoryError("x")

    monkeypatch.setattr(medir_fila, "entrenar", fallar)
    assert medir_fila.atender(pedido())["estado"] == "no cabe"


# --- Lo que se arma y TRL ---


def test_lo_armado_es_como_lo_cargado(tmp_path):
    """Los mismos tensores, tipos y señales que deja `from_pretrained` en NF4."""
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    config = formas.configurar(formas.FORMAS["qwen2.5-7b"], miniatura=True)
    AutoModelForCausalLM.from_config(config).save_pretrained(tmp_path)
    nf4 = BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_compute_dtype=torch.float16, **formas.NF4
    )
    cargado = AutoModelForCausalLM.from_pretrained(
        tmp_path, quantization_config=nf4, dtype=torch.float16, device_map="cpu"
    )
    armado = formas.armar(config, torch.float16, "cpu", nf4)

    def ver(modelo):
        tensores = [*modelo.named_parameters(), *modelo.named_buffers()]
        return {n: (type(t), t.shape, t.dtype) for n, t in tensores}

    assert ver(armado) == ver(cargado)
    for senal in ("is_quantized", "is_loaded_in_4bit", "quantization_method"):
        assert getattr(armado, senal) == getattr(cargado, senal)
    assert armado.hf_quantizer.is_trainable and not armado.training
    assert medir_fila.contar_bytes(armado) == medir_fila.contar_bytes(cargado)


def test_las_filas_al_azar_miden_lo_pedido():
    fijas = medir_trl.filas_al_azar(8, 40, 500, varian=False)["input_ids"]
    assert {len(f) for f in fijas} == {40}
    varias = medir_trl.filas_al_azar(80, 400, 500, varian=True)["input_ids"]
    assert sum(len(f) <= 100 for f in varias) >= 60 and max(map(len, varias)) > 300
    assert max(max(f) for f in varias) < 500


@pytest.mark.parametrize("empaqueta", [False, True])
def test_unos_pasos_de_trl(empaqueta):
    punto = POR_NOMBRE["ritmo-trl-empaquetado" if empaqueta else "ritmo-trl"]
    fila = medir_fila.atender(
        medir.en_miniatura(punto)
        | {"miniatura": True, "dispositivo": "cpu", "precision": "bfloat16"}
        | {"plazo_s": 300}
    )
    assert fila["estado"] == "prueba", fila["detalle"]
    assert fila["pasos"] == 5 and fila["tokens_por_segundo"] > 0


# --- El plan ---

POR_NOMBRE = {p["punto"]: p for p in medir.PLAN}


def test_el_plan_va_de_lo_mas_a_lo_menos_importante():
    nombres = list(POR_NOMBRE)
    assert len(nombres) == len(medir.PLAN)
    lecciones = ["leccion-t4-semilla", "leccion-t4", "leccion-grande"]
    assert nombres[:3] == lecciones
    grupos = [n.split("-")[0] for n in nombres]
    orden = list(dict.fromkeys(grupos))
    assert orden == ["leccion", "publicado", "ritmo", "setenta", "metodo"]
    assert grupos == sorted(grupos, key=orden.index)
    con_reglas = {n for n, p in POR_NOMBRE.items() if p["reglas"] == "t4"}
    suyos = {n for n in nombres if n.startswith("publicado-")}
    assert con_reglas == {*lecciones[:2], *suyos}


def test_las_formas_de_la_leccion_son_las_de_los_perfiles():
    """Si cambia el modelo de un perfil, hay que medir el nuevo."""
    for perfil, (_, principal, _) in EN_EL_HUB.items():
        assert formas.FORMAS[POR_NOMBRE[f"leccion-{perfil}"]["modelo"]].hub == principal


def test_lo_que_no_se_puede_medir_lo_dice(monkeypatch):
    monkeypatch.setattr(medir, "find_spec", lambda nombre: None)
    assert (
        medir.impedimento(POR_NOMBRE["ritmo-unsloth"], TARJETA) == "no está instalado"
    )
    assert medir.impedimento(POR_NOMBRE["ritmo-trl"], TARJETA) is None
    dicho = medir.impedimento(POR_NOMBRE["setenta"], TARJETA)
    assert "tiene 15 GiB libres" in dicho
    grande = TARJETA | {"memoria_libre_bytes": 79 * 2**30}
    assert medir.impedimento(POR_NOMBRE["setenta"], grande) is None


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


def leer_unico(carpeta) -> tuple:
    (ruta,) = carpeta.iterdir()
    return ruta, json.loads(ruta.read_text(encoding="utf-8"))


def test_informe_completo(con_tarjeta, capsys):
    carpeta, pedidos, respuestas = con_tarjeta
    respuestas["publicado-qwen3-14b"] = {"estado": "no cabe", "detalle": "x"}
    assert medir.principal([]) == 0
    ruta, informe = leer_unico(carpeta)
    assert ruta.name == f"gpu-tarjeta-1-16gb-{informe['fecha'][:10]}.json"
    assert informe["tarjeta"] == TARJETA and informe["pendientes"] == []
    assert {"python", "torch", "trl", "unsloth"} <= set(informe["versiones"])
    filas = {f["punto"]: f for f in informe["filas"]}
    assert list(filas) == list(POR_NOMBRE)
    assert filas["publicado-qwen3-14b"]["estado"] == "no cabe"
    assert filas["publicado-qwen3-8b"]["publicado"] == {"TRL": 12.8}
    assert filas["setenta"]["estado"] == "sin medir"  # en 16 GB
    assert filas["ritmo-trl"]["estado"] == "medido"
    assert all(p["dispositivo"] == "cuda" and not p["miniatura"] for p in pedidos)
    assert "setenta" not in {p["punto"] for p in pedidos}
    salida = capsys.readouterr().out
    assert "float16" in salida and "no cabe" in salida and "quedan" in salida


def test_sin_tiempo_se_detiene_y_la_segunda_vez_sigue(con_tarjeta, monkeypatch, capsys):
    carpeta, pedidos, _ = con_tarjeta
    reloj = iter(range(0, 10**9, 11))  # cada consulta avanza once segundos
    monkeypatch.setattr(medir.time, "monotonic", lambda: next(reloj))
    opciones = ["--solo", "metodo-qwen3", "--minutos", "1.2"]
    assert medir.principal(opciones) == 0
    assert "la misma orden sigue" in capsys.readouterr().out
    ruta, informe = leer_unico(carpeta)
    hechas = [f["punto"] for f in informe["filas"]]
    suyas = [n for n in POR_NOMBRE if n.startswith("metodo-qwen3")]
    assert 0 < len(hechas) < 3 and hechas == suyas[: len(hechas)]
    assert suyas[-1] in informe["pendientes"]
    assert all(p["plazo_s"] <= 72 for p in pedidos)
    for _ in range(3):
        medir.principal(opciones)
    assert leer_unico(carpeta)[0] == ruta  # el mismo archivo
    assert [p["punto"] for p in pedidos] == suyas  # ninguno dos veces


def test_un_punto_al_que_no_le_alcanza_el_tiempo_queda_pendiente(con_tarjeta):
    carpeta, _, respuestas = con_tarjeta
    respuestas["leccion-t4"] = {"estado": "sin tiempo", "detalle": "Sin terminar."}
    medir.principal(["--minutos", "3", "--solo", "leccion-t4"])
    _, informe = leer_unico(carpeta)
    assert [f["punto"] for f in informe["filas"]] == ["leccion-t4-semilla"]
    assert "leccion-t4" in informe["pendientes"]
    # Con todo su tiempo y sin terminar, es una falla: no se intenta para siempre.
    assert medir.principal(["--minutos", "9", "--solo", "leccion-t4"]) == 1
    _, informe = leer_unico(carpeta)
    assert informe["filas"][1]["estado"] == "falló"


def test_interrumpido_conserva_lo_medido_y_sigue(con_tarjeta, capsys):
    carpeta, pedidos, respuestas = con_tarjeta
    respuestas["leccion-grande"] = KeyboardInterrupt()
    assert medir.principal([]) == 130
    ruta, informe = leer_unico(carpeta)
    assert [f["punto"] for f in informe["filas"]] == list(POR_NOMBRE)[:2]
    respuestas.clear()
    pedidos.clear()
    assert medir.principal([]) == 0
    assert leer_unico(carpeta)[0] == ruta
    assert pedidos[0]["punto"] == "leccion-grande"
    assert f"Sigo {ruta.name}, que trae 2 puntos" in capsys.readouterr().out


def test_lo_que_fallo_se_repite_al_final(con_tarjeta):
    carpeta, pedidos, respuestas = con_tarjeta
    respuestas["leccion-t4"] = {"estado": "falló", "detalle": "x"}
    respuestas["leccion-grande"] = KeyboardInterrupt()
    medir.principal([])
    respuestas.clear()
    pedidos.clear()
    assert medir.principal([]) == 0
    nombres = [p["punto"] for p in pedidos]
    assert nombres[0] == "leccion-grande" and nombres[-1] == "leccion-t4"
    _, informe = leer_unico(carpeta)
    assert {f["estado"] for f in informe["filas"]} <= {"medido", "sin medir"}


def test_no_mezcla_medidas_de_programas_o_tarjetas_distintos(con_tarjeta, monkeypatch):
    carpeta, _, _ = con_tarjeta
    medir.principal(["--solo", "setenta"])
    primera, _ = leer_unico(carpeta)
    monkeypatch.setattr(medir, "sellar", lambda: {"programa": "otro"})
    medir.principal(["--solo", "setenta"])
    monkeypatch.setitem(TARJETA, "controlador", "9.9")
    medir.principal(["--solo", "setenta"])
    medir.principal(["--solo", "setenta", "--de-nuevo"])
    assert len(list(carpeta.iterdir())) == 4
    salida = str(primera)
    assert medir.principal(["--solo", "setenta", "--salida", salida]) == 2


def test_el_sello_cambia_con_cualquiera_de_sus_programas(monkeypatch):
    de_hoy = medir.sellar()
    assert set(de_hoy) == {"programa", "celdas", "datos", "pesos"}
    monkeypatch.setattr(medir, "PROGRAMAS", medir.PROGRAMAS[:-1])
    otro = medir.sellar()
    assert otro["programa"] != de_hoy["programa"]
    assert otro["celdas"] == de_hoy["celdas"]


def test_un_punto_que_falla_sale_con_uno(con_tarjeta, capsys):
    _, _, respuestas = con_tarjeta
    respuestas["ritmo-trl"] = {"estado": "falló", "detalle": "x"}
    assert medir.principal(["--solo", "ritmo-trl"]) == 1
    assert "Fallaron: ritmo-trl." in capsys.readouterr().out


def test_tarjeta_que_no_responde(con_tarjeta, monkeypatch, capsys):
    carpeta, *_ = con_tarjeta
    monkeypatch.setattr(medir, "lanzar", lambda *_: {"estado": "falló", "detalle": "x"})
    assert medir.principal([]) == 3
    assert "no responde" in capsys.readouterr().err
    assert not carpeta.exists()


def test_bitsandbytes_sin_cuda(con_tarjeta, monkeypatch, capsys):
    carpeta, *_ = con_tarjeta
    rota = TARJETA | {"bitsandbytes": "RuntimeError: sin binario"}
    monkeypatch.setattr(medir, "lanzar", lambda *_: rota)
    assert medir.principal([]) == 3
    dicho = capsys.readouterr().err
    assert dicho.startswith("bitsandbytes no puede usar esta GPU") and "CUDA" in dicho
    assert not carpeta.exists()


def test_probar_bitsandbytes():
    assert medir_fila.probar_bitsandbytes("cpu") is None
    assert medir_fila.probar_bitsandbytes("no-existe")


def test_sin_disco_lo_dice_y_conserva_lo_anterior(con_tarjeta, monkeypatch, capsys):
    carpeta, *_ = con_tarjeta
    medir.principal(["--solo", "leccion-grande"])
    lleno = OSError(errno.ENOSPC, "No space left on device")

    def sin_espacio(*_):
        raise lleno

    monkeypatch.setattr(medir, "guardar_json", sin_espacio)
    assert medir.principal([]) == 1
    assert "no queda espacio en el disco" in capsys.readouterr().err
    assert len(leer_unico(carpeta)[1]["filas"]) == 1


def test_salida_que_no_se_puede_escribir(con_tarjeta, capsys, tmp_path):
    _, pedidos, _ = con_tarjeta
    (tmp_path / "archivo").write_text("")
    assert medir.principal(["--salida", str(tmp_path / "archivo" / "a.json")]) == 1
    assert "No se puede escribir" in capsys.readouterr().err
    assert pedidos == []


def test_una_segunda_medida_del_dia_no_pisa_la_primera(tmp_path):
    primera = medir.nombrar("Tesla T4", "2026-11-23T10:00:00", tmp_path)
    assert primera.name == "gpu-tesla-t4-2026-11-23.json"
    primera.touch()
    segunda = medir.nombrar("Tesla T4", "2026-11-23T11:00:00", tmp_path)
    assert segunda.name == "gpu-tesla-t4-2026-11-23-2.json"


def test_el_libro_lee_lo_que_se_escribe(con_tarjeta):
    """Con cifras inventadas, en una carpeta temporal: la mitad queda sin medir."""
    carpeta, _, respuestas = con_tarjeta
    p = {"n": 700, "exacto": 0.51, "bajo": 0.47, "alto": 0.55}
    respuestas["leccion-t4-semilla"] = medida(aciertos={"prueba": p})
    respuestas["publicado-qwen3-14b"] = {"estado": "no cabe", "detalle": "x"}
    respuestas["ritmo-trl"] = KeyboardInterrupt()
    assert medir.principal([]) == 130
    _, informe = leer_unico(carpeta)
    lineas = cifras.filas_qlora_gpu(informe)
    assert lineas[0].startswith("**NVIDIA Tarjeta-1 16GB**, 16,0 GiB, controlador 1.2")
    assert f"torch {informe['versiones']['torch']}" in lineas[0]
    (semilla,) = (x for x in lineas if x.startswith("| `semilla`"))
    assert semilla.endswith("| 1,00 | 0,50 | 123 | 51,0 % [47,0, 55,0] |")
    tabla = "\n".join(cifras.filas_gpu(informe))
    assert "| qwen3-14b | no cabe |  |  | TRL 14,1, Unsloth 13,0 |" in tabla
    assert "| qwen3-8b | 1,00 | 2,00 | 0,50 | TRL 12,8 |" in tabla
    assert "| TRL, empaquetado | sin medir |  |" in tabla
    assert "| smollm3-3b | QLoRA (NF4) | sin medir |  |" in tabla
    for i, linea in enumerate(tabla.splitlines()[1:], start=1):
        anterior = tabla.splitlines()[i - 1]
        if linea.startswith("|") and anterior.startswith("|"):
            assert linea.count("|") == anterior.count("|"), linea


def test_la_leccion_12_lee_lo_que_se_escribe(con_tarjeta, capsys):
    carpeta, _, respuestas = con_tarjeta
    respuestas["metodo-smollm3-3b-completo"] = {"estado": "no cabe", "detalle": "x"}
    medir.principal([])
    capsys.readouterr()
    codigo = dict(Leccion("12_finanzas", solo="medidas").celdas())["12-medidas"]
    exec(
        codigo,
        {"RESULTADOS": carpeta, "json": json, "METODOS": ("completo", "LoRA", "QLoRA")},
    )
    dicho = capsys.readouterr().out
    assert dicho.count("1.0 GB de pico y 0.50 s por paso") == 8
    assert "no cabe" in dicho and "sin medir" not in dicho


# --- La línea de órdenes ---


@pytest.mark.parametrize(
    ("argumentos", "frase"),
    [
        (["--solo", "gpt-9"], "Ningún punto empieza por «gpt-9»"),
        (["--minutos", "nan"], "entre 0.5 y 600"),
        (["--minutos", "pocos"], "recibí «pocos»"),
        (["--salida", "a.txt"], "--salida debe ser"),
        (["--lotes", "3"], "No conozco «--lotes»"),
        (["--minutos"], "le falta su valor"),
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


def test_muerto_a_medias_pierde_a_lo_sumo_un_punto(tmp_path):
    """De verdad: otro proceso, en CPU y en miniatura, al que se mata sin aviso."""
    antes, salida = sorted(RESULTADOS.iterdir()), tmp_path / "a.json"
    orden = [sys.executable, "-m", "herramientas.medidas.medir", "--prueba"]
    orden += ["--solo", "metodo-qwen3", "--salida", str(salida)]
    entorno = os.environ | {"CUDA_VISIBLE_DEVICES": "", "PYTHONUTF8": "1"}
    abierto = {"cwd": RAIZ, "env": entorno, "encoding": "utf-8"}
    with subprocess.Popen(orden, stdout=subprocess.PIPE, **abierto) as proceso:
        for linea in proceso.stdout:
            if linea.startswith("[2/3]"):  # el primero ya está guardado
                proceso.kill()
                break
    filas = json.loads(salida.read_text("utf-8"))["filas"]
    assert [f["metodo"] for f in filas] == ["completo"]
    assert filas[0]["estado"] == "prueba", filas[0]["detalle"]  # nunca «medido»
    fin = subprocess.run(orden, capture_output=True, timeout=600, **abierto)
    assert fin.returncode == 0, fin.stderr
    assert "[1/2] metodo-qwen3-0.6b-lora" in fin.stdout
    informe = json.loads(salida.read_text("utf-8"))
    assert informe["filas"][0] == filas[0]  # no se midió otra vez
    assert [f["metodo"] for f in informe["filas"]] == list(medir.METODOS)
    assert informe["tarjeta"] is None
    assert sorted(RESULTADOS.iterdir()) == antes


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no hay GPU NVIDIA")
@pytest.mark.parametrize("metodo", medir_fila.METODOS)
def test_en_una_gpu_el_pico_incluye_los_pesos(metodo):
    fila = medir_fila.entrenar(pedido(metodo=metodo, dispositivo="cuda"))
    pesos = sum(fila["bytes_pesos"].values())
    assert fila["pico_reservado_bytes"] >= fila["pico_asignado_bytes"] > pesos
