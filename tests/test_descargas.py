"""De dónde salen los pesos, y qué se lee cuando el hub falla: con uno de mentira."""

import errno
import json
import shutil
import socket
import struct
from importlib.metadata import version
from inspect import signature
from pathlib import Path

import pytest
import torch
from hub_de_mentira import SHA, Hub
from huggingface_hub import constants

import taller
from taller import ErrorDelTaller, descargas
from taller.perfil import Perfil
from taller.recursos import ruta_semilla

MODELO = "casa/Diminuto"
PESOS = "model.safetensors"


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """Un modelo de verdad, diminuto, con el tokenizador de semilla."""
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    carpeta = tmp_path_factory.mktemp("original")
    tokenizador = AutoTokenizer.from_pretrained(ruta_semilla())
    tokenizador.save_pretrained(carpeta)
    torch.manual_seed(0)
    forma = {"num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    config = LlamaConfig(vocab_size=len(tokenizador), hidden_size=32, **forma)
    LlamaForCausalLM(config).save_pretrained(carpeta)
    (carpeta / "pytorch_model.bin").write_bytes(b"no se baja")
    (carpeta / "modeling_raro.py").write_text("raise SystemExit")
    return carpeta


@pytest.fixture
def siestas(monkeypatch):
    """Los segundos que se habrían esperado: nadie espera de verdad."""
    hechas = []
    monkeypatch.setattr("time.sleep", hechas.append)
    return hechas


@pytest.fixture
def hub(original, tmp_path, monkeypatch, siestas):
    """El hub de mentira, con una caché vacía y medio segundo por respuesta."""
    for nombre in ("TALLER_MODELOS", "TALLER_ESPERA", "HF_TOKEN"):
        monkeypatch.delenv(nombre, raising=False)
    monkeypatch.setattr(descargas, "DRIVE", tmp_path / "drive")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    monkeypatch.setattr(constants, "HF_HUB_DOWNLOAD_TIMEOUT", 0.5)
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 4096)
    # El hub pregunta a huggingface.co, y no al espejo, qué agentes conoce: ya lo sabe.
    conocidos = tmp_path / "agentes.json"
    conocidos.write_text('{"standardEnvVars": [], "harnesses": {}}')
    monkeypatch.setattr(
        constants, "AGENT_HARNESSES_PATH", str(conocidos), raising=False
    )
    recordados = descargas.pesos
    recordados.cache_clear()
    with Hub(original, MODELO) as servidor:
        monkeypatch.setenv("HF_ENDPOINT", servidor.direccion)
        yield servidor
    recordados.cache_clear()


def pedir(modelo=MODELO):
    return descargas.pesos(modelo)


def frase(modelo=MODELO):
    """La frase con la que falla, que es una sola línea y no trae inglés del hub."""
    with pytest.raises(ErrorDelTaller) as caso:
        pedir(modelo)
    texto = str(caso.value)
    assert "\n" not in texto and "Error" not in texto.replace("ErrorDelTaller", "")
    return texto


def contestando(estado, solo="/api/models/", **cabeceras):
    """Una avería que contesta siempre lo mismo a lo que empiece así."""

    def averia(peticion):
        if solo in peticion.path:
            peticion.contestar(estado, **cabeceras)
            return True

    return averia


# --- Los lugares, en orden ----------------------------------------------------------


def test_descarga_dice_el_tamano_y_de_donde(hub, capsys):
    carpeta = Path(pedir())
    dicho = capsys.readouterr().out
    assert f"se descargan desde el espejo {hub.direccion}" in dicho
    assert "HF_ENDPOINT" in dicho
    assert " MB)" in dicho or "menos de 1 MB" in dicho
    bajados = {r.name for r in carpeta.iterdir()}
    assert {PESOS, "config.json", "tokenizer.json"} <= bajados
    assert not {"pytorch_model.bin", "modeling_raro.py"} & bajados
    assert hub.enviados[PESOS] == (hub.carpeta / PESOS).stat().st_size


def test_la_segunda_vez_sale_de_la_cache_sin_red(hub, capsys):
    primera = pedir()
    descargas.pesos.cache_clear()
    hub.vistas.clear()
    capsys.readouterr()
    assert pedir() == primera and hub.vistas == []
    assert "de la caché de este equipo" in capsys.readouterr().out


def test_sin_tamanos_dice_sin_medir(hub, capsys):
    hub.con_tamanos = False
    pedir()
    assert "tamaño sin medir" in capsys.readouterr().out


@pytest.mark.parametrize("como", [MODELO, "Diminuto", "casa--Diminuto"])
def test_una_carpeta_va_antes_que_el_hub(hub, tmp_path, monkeypatch, capsys, como):
    usb = tmp_path / "usb"
    shutil.copytree(hub.carpeta, usb / como)
    monkeypatch.setenv("TALLER_MODELOS", str(usb))
    assert pedir() == str(usb / como) and hub.vistas == []
    assert "de TALLER_MODELOS" in capsys.readouterr().out


@pytest.mark.parametrize("dentro", ["", "hub"])
def test_vale_una_copia_de_la_cache(hub, tmp_path, monkeypatch, dentro):
    pedir()
    usb = tmp_path / "usb"
    shutil.move(tmp_path / "cache", usb / dentro)
    monkeypatch.setenv("TALLER_MODELOS", str(usb))
    descargas.pesos.cache_clear()
    hub.vistas.clear()
    assert str(usb) in pedir() and hub.vistas == []


def test_drive_va_despues_de_la_carpeta(hub, tmp_path, monkeypatch, capsys):
    for lugar in ("drive", "usb"):
        shutil.copytree(hub.carpeta, tmp_path / lugar / MODELO)
    monkeypatch.setenv("TALLER_MODELOS", str(tmp_path / "usb"))
    assert pedir() == str(tmp_path / "usb" / MODELO)
    descargas.pesos.cache_clear()
    monkeypatch.delenv("TALLER_MODELOS")
    assert pedir() == str(tmp_path / "drive" / MODELO) and hub.vistas == []
    assert "de Google Drive" in capsys.readouterr().out


def _cortar(carpeta):
    pesos = carpeta / PESOS
    pesos.write_bytes(pesos.read_bytes()[:-100])


def _con_cabecera(carpeta, cabecera):
    (carpeta / PESOS).write_bytes(struct.pack("<Q", len(cabecera)) + cabecera)


def _con_un_indice_vacio(carpeta):
    (carpeta / f"{PESOS}.index.json").write_text('{"weight_map": {}}')
    (carpeta / PESOS).unlink()


def _sin_tokenizador(carpeta):
    (carpeta / "tokenizer.json").unlink()


def _sin_un_trozo(carpeta):
    indice = {"weight_map": {"a": PESOS, "b": "model-2.safetensors"}}
    (carpeta / f"{PESOS}.index.json").write_text(json.dumps(indice))


@pytest.mark.parametrize(
    ("romper", "falta"),
    [
        (_cortar, f"{PESOS} está cortado o dañado"),
        (_sin_tokenizador, "falta el tokenizador"),
        (_sin_un_trozo, "falta model-2.safetensors"),
        (lambda c: (c / "config.json").unlink(), "falta config.json"),
        (lambda c: (c / PESOS).write_bytes(b"\xff" * 9), "cortado o dañado"),
        (lambda c: (c / f"{PESOS}.index.json").write_text("{"), "no se pudo leer"),
        (
            lambda c: _con_cabecera(c, b'{"a": {"data_offsets": [0]}}'),
            "cortado o dañado",
        ),
        (lambda c: _con_cabecera(c, b"[" * 100_000), "cortado o dañado"),
        (_con_un_indice_vacio, f"falta {PESOS}"),
    ],
)
def test_una_copia_a_medias_se_dice_y_se_sigue(
    hub, tmp_path, monkeypatch, capsys, romper, falta
):
    copia = shutil.copytree(hub.carpeta, tmp_path / "usb" / MODELO)
    romper(copia)
    monkeypatch.setenv("TALLER_MODELOS", str(tmp_path / "usb"))
    assert str(tmp_path / "cache") in pedir()
    assert falta in capsys.readouterr().out


def test_una_carpeta_que_no_existe_se_dice(hub, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TALLER_MODELOS", str(tmp_path / "nada"))
    pedir()
    assert f"{tmp_path / 'nada'}, que no es una carpeta" in capsys.readouterr().out


# --- Lo que responde mal ------------------------------------------------------------


@pytest.mark.parametrize(
    ("estado", "cabeceras", "token", "dice"),
    [
        (401, {}, None, "no existe en el hub o es privado (401)"),
        (401, {}, "hf_viejo", "no acepta tu token (401)"),
        (403, {"X_Error_Code": "GatedRepo"}, None, "pide aceptar su licencia (403)"),
        (403, {}, None, "niega el permiso (403)"),
        (404, {"X_Error_Code": "RepoNotFound"}, None, "(404)"),
        (418, {}, None, "algo inesperado (418)"),
    ],
)
def test_cada_negativa_con_su_causa(hub, monkeypatch, estado, cabeceras, token, dice):
    if token:
        monkeypatch.setenv("HF_TOKEN", token)
    hub.averia = contestando(estado, **cabeceras)
    texto = frase()
    assert dice in texto and 'elegir_perfil("semilla")' in texto
    assert token is None or token not in texto
    assert descargas.alcance(MODELO) in texto


@pytest.mark.parametrize("solo", ["/api/models/", "/tree/", f"/resolve/{SHA}/{PESOS}"])
def test_429_largo_no_espera_y_dice_cuanto(hub, siestas, solo):
    hub.averia = contestando(429, solo, Retry_After=600)
    assert "limita las descargas desde esta red (429) y pide esperar 10 min" in frase()
    assert siestas == []


def test_429_con_fecha(hub, siestas):
    hub.averia = contestando(429, Retry_After="Wed, 01 Jan 2094 00:00:00 GMT")
    assert "pide esperar" in frase() and siestas == []


@pytest.mark.parametrize(
    "cabecera", [{"Retry_After": 3}, {"RateLimit": '"api";r=0;t=3'}]
)
@pytest.mark.parametrize("solo", ["/api/models/", "/tree/", f"/resolve/{SHA}/{PESOS}"])
def test_429_corto_cuenta_atras_y_sigue(hub, siestas, capsys, solo, cabecera):
    negadas = []

    def averia(peticion):
        if solo in peticion.path and not negadas:
            negadas.append(peticion.path)
            peticion.contestar(429, **cabecera)
            return True

    hub.averia = averia
    pedir()
    dicho = capsys.readouterr().out
    assert "limita las descargas (429): repito en   3 s" in dicho
    assert "repito en   1 s" in dicho and "repito ahora" in dicho
    assert 3 <= sum(siestas) <= 4


def test_la_espera_tiene_un_tope_que_se_cambia(hub, siestas, monkeypatch):
    monkeypatch.setenv("TALLER_ESPERA", "5")
    hub.averia = contestando(429, Retry_After=2)
    assert "(429)" in frase()
    assert 0 < sum(siestas) <= 8
    for mala in ("mucho", "nan", "inf"):
        monkeypatch.setenv("TALLER_ESPERA", mala)
        assert "TALLER_ESPERA debe ser un número" in frase()


@pytest.mark.parametrize("estado", [500, 502, 503])
def test_el_hub_roto_se_intenta_otra_vez_y_se_dice(hub, siestas, capsys, estado):
    hub.averia = contestando(estado)
    assert f"un error suyo ({estado}): no es tu red" in frase()
    assert f"falla por ahora ({estado}): repito" in capsys.readouterr().out
    assert sum(siestas) < 30


@pytest.mark.parametrize("solo", ["/api/models/", "/tree/", f"/resolve/{SHA}/{PESOS}"])
def test_si_calla_no_se_espera_siempre(hub, solo):
    def averia(peticion):
        if solo in peticion.path:
            hub.colgadas.wait(30)
            return True

    hub.averia = averia
    assert "no respondió en 0.5 s" in frase()
    assert len(hub.vistas) < 10


def test_un_portal_cautivo(hub):
    def averia(peticion):
        peticion.contestar(200, b"<html>Acepta las condiciones</html>")
        return True

    hub.averia = averia
    assert "quizá la red pide entrar con el navegador" in frase()


# --- Lo que llega a medias ----------------------------------------------------------


def _cortada(hub, en=20_000, veces=None, con_tramos=True):
    cortes = []

    def averia(peticion):
        if peticion.command != "GET" or not peticion.path.endswith(PESOS):
            return False
        if veces is not None and len(cortes) >= veces:
            return False
        cortes.append(peticion.headers.get("Range"))
        if not con_tramos:
            del peticion.headers["Range"]
        peticion.archivo(hub.carpeta / PESOS, hasta=en)
        return True

    hub.averia = averia
    return cortes


def test_una_descarga_cortada_sigue_donde_iba(hub):
    _cortada(hub, veces=1)
    pedir()
    tramos = [t for c, r, t in hub.vistas if c == "GET" and r.endswith(PESOS)]
    assert len(tramos) == 2 and tramos[0] is None and tramos[1].startswith("bytes=")


@pytest.mark.parametrize("con_tramos", [True, False])
def test_si_se_corta_siempre_se_rinde_y_lo_dice(hub, con_tramos):
    _cortada(hub, con_tramos=con_tramos)
    assert "se corta siempre en el mismo punto; lo bajado se conserva" in frase()
    assert len(hub.vistas) < 20


def test_al_repetir_la_celda_no_se_baja_otra_vez_lo_bajado(hub, capsys):
    _cortada(hub)
    frase()
    hub.averia = None
    hub.enviados.clear()
    capsys.readouterr()
    carpeta = pedir()
    medida = (hub.carpeta / PESOS).stat().st_size
    assert 0 < hub.enviados[PESOS] <= medida - 16_384
    assert "ya están bajados" in capsys.readouterr().out
    assert descargas.que_falta(Path(carpeta)) is None


def test_un_archivo_con_otro_contenido_se_borra(hub, tmp_path):
    bueno = (hub.carpeta / PESOS).read_bytes()

    def averia(peticion):
        if peticion.command == "GET" and peticion.path.endswith(PESOS):
            peticion.contestar(200, bueno[:-1] + b"\x99")
            return True

    hub.averia = averia
    assert f"{PESOS} llegó con otro contenido y se borró" in frase()
    assert not list(tmp_path.rglob("*.parcial"))


def test_sin_huella_lo_baja_el_hub_a_su_modo(hub, monkeypatch):
    monkeypatch.setattr("hub_de_mentira.huella", lambda r: r.name.encode().hex()[:40])
    assert descargas.que_falta(Path(pedir())) is None


def test_otro_cuaderno_bajando_lo_mismo(hub, tmp_path):
    from filelock import FileLock
    from hub_de_mentira import huella

    carpeta = tmp_path / "cache" / ".locks" / "models--casa--Diminuto"
    carpeta.mkdir(parents=True)
    with FileLock(carpeta / f"{huella(hub.carpeta / PESOS)}.lock"):
        assert "Otro cuaderno de este equipo está descargando" in frase()


# --- Lo que falla en este equipo ----------------------------------------------------


def test_sin_dns(hub, monkeypatch):
    def falla(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setenv("HF_ENDPOINT", "http://hub.localhost:9")
    monkeypatch.setattr(socket, "getaddrinfo", falla)
    assert "(DNS)" in frase()


def test_nadie_escucha(hub, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert "no hay conexión con el espejo http://127.0.0.1:9" in frase()


def test_red_prohibida(hub, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE prohíbe usar la red" in frase()


def test_no_cabe_se_dice_antes_de_bajar(hub, monkeypatch):
    vacio = type("Disco", (), {"free": 5})
    monkeypatch.setattr(descargas.shutil, "disk_usage", lambda _: vacio)
    assert "no cabe en el disco" in frase()
    assert hub.enviados[PESOS] == 0


@pytest.mark.parametrize(
    ("numero", "dice"),
    [(errno.ENOSPC, "se llenó el disco"), (errno.EACCES, "no se puede escribir en")],
)
def test_el_disco_falla_a_medias(hub, monkeypatch, numero, dice):
    def falla(*_, **__):
        raise OSError(numero, "x")

    monkeypatch.setattr("huggingface_hub.file_download.http_get", falla)
    assert dice in frase()


@pytest.mark.parametrize("clase", [AttributeError, MemoryError, RuntimeError])
def test_un_fallo_que_no_es_de_la_red_no_la_culpa(hub, monkeypatch, clase):
    def falla(*_, **__):
        raise clase("no hay _GLOBAL_CLIENT_FACTORY\ny más")

    monkeypatch.setattr("huggingface_hub.HfApi.model_info", falla)
    dicho = descargas.alcance(MODELO)
    causa = f"{clase.__name__}: no hay _GLOBAL_CLIENT_FACTORY"
    assert f"fallo inesperado ({causa})" in dicho and "no hay conexión" not in dicho
    assert f"huggingface_hub {version('huggingface_hub')}; Python 3" in dicho
    assert "\n" not in dicho


def test_sin_safetensors_no_se_baja_nada(hub, original, tmp_path):
    otra = shutil.copytree(original, tmp_path / "otra")
    (otra / PESOS).unlink()
    hub.carpeta = otra
    assert "no ofrece sus pesos en safetensors" in frase()
    assert not hub.enviados


# --- Desde el perfil ----------------------------------------------------------------


def _perfil(modelo=MODELO, nombre="t4"):
    return Perfil(nombre, modelo, modelo, "cpu", torch.float32, "prueba", "prueba")


def test_cargar_modelo_los_trae_y_genera(hub):
    modelo, tokenizador = taller.cargar_modelo(_perfil())
    assert isinstance(taller.generar(modelo, tokenizador, "Hola", max_tokens=2), str)


def test_mirar_el_perfil_no_descarga(hub):
    perfil = _perfil()
    assert MODELO in str(perfil) and MODELO in repr(perfil) and perfil == _perfil()
    assert hub.vistas == []
    assert perfil.modelo == perfil.modelo_principal


def test_cargar_modelo_dice_la_causa(hub):
    hub.averia = contestando(429, Retry_After=600)
    with pytest.raises(ErrorDelTaller, match=r"\(429\) y pide esperar 10 min"):
        taller.cargar_modelo(_perfil())


def test_una_carpeta_que_no_se_entiende(hub, tmp_path):
    otra = shutil.copytree(hub.carpeta, tmp_path / "otra")
    _cortar(otra)
    with pytest.raises(ErrorDelTaller, match="no se pueden leer"):
        taller.cargar_modelo(_perfil(str(otra)))


def test_con_semilla_no_se_busca_ni_se_dice_nada(hub, capsys, monkeypatch):
    monkeypatch.setattr(descargas, "pesos", None)
    perfil = _perfil(str(ruta_semilla()), "semilla")
    assert perfil.modelo == str(ruta_semilla()) == perfil.modelo_principal
    taller.cargar_modelo(perfil)
    assert capsys.readouterr().out == "" and hub.vistas == []


def test_alcance_es_none_si_se_puede(hub):
    assert descargas.alcance(MODELO) is None
    assert len(hub.vistas) == 1


def test_estan_los_nombres_internos_del_hub_que_se_usan():
    """Si una versión nueva los cambia, falla esta prueba y no la primera descarga."""
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import _http

    assert callable(_http._GLOBAL_CLIENT_FACTORY)
    usados = {"resume_size", "headers", "expected_size", "displayed_filename"}
    assert usados <= signature(http_get).parameters.keys()


def test_el_hub_queda_como_estaba(hub):
    from huggingface_hub.utils import _http

    antes = _http._GLOBAL_CLIENT_FACTORY
    hub.averia = contestando(404)
    frase()
    assert _http._GLOBAL_CLIENT_FACTORY is antes
